/* A small scenario, and functions that read a scenario and keep everything that the reader says about it. */
#ifndef ZEM_SCENARIO_READING_H
#define ZEM_SCENARIO_READING_H

#include "scenario/scenario.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char minimal[] = "zem: 1\n"
                              "engagement: {kinematics: linear, flight_time: 5 s, closing_speed: 4 km/s}\n"
                              "interceptor: {speed: 2 km/s}\n"
                              "scoring: {hit_radius: 1 m}\n"
                              "run: {trials: 100}\n";

struct reading {
    struct zem_scenario scenario;
    struct zem_diagnostics diagnostics;
    struct zem_error error;
    int status;
};

static inline void reading_begin(struct reading *reading, const char *text, size_t length, const char *const *overrides,
                                 size_t count)
{
    memset(reading, 0, sizeof *reading);
    zem_diagnostics_init(&reading->diagnostics, "test.yaml");
    reading->status = zem_scenario_read_text(&reading->scenario, "test.yaml", text, length, overrides, count,
                                             &reading->diagnostics, &reading->error);
}

/* Reads a scenario that must be good, with the overrides before the first NULL, at most `most`. A scenario that is
 * refused fails the running test with its messages. */
static inline void reading_begin_good(struct reading *reading, const char *text, size_t length,
                                      const char *const *overrides, size_t most)
{
    size_t count = 0;
    char why[1024] = "";
    while (count < most && overrides[count] != NULL)
        count++;
    reading_begin(reading, text, length, overrides, count);
    if (reading->status == 0)
        return;
    zem_diagnostics_format(&reading->diagnostics, 0, why, sizeof why);
    fail_msg("%s", why);
}

static inline void reading_end(struct reading *reading)
{
    zem_scenario_free(&reading->scenario);
    zem_diagnostics_free(&reading->diagnostics);
}

#endif
