/* Functions that read a scenario without mistakes, for tests of other parts than the reader. A scenario that is refused
 * fails the running test with its message. */
#ifndef ZEM_GOOD_SCENARIO_H
#define ZEM_GOOD_SCENARIO_H

#include "cell/cell.h"
#include "scenario/scenario.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Reads a scenario with `count` overrides, written as for --set. The caller releases it with zem_scenario_free. */
static inline void good_scenario_overridden(struct zem_scenario *scenario, const char *name, const char *text,
                                            const char *const *overrides, size_t count)
{
    struct zem_diagnostics diagnostics;
    struct zem_error error = {0};
    zem_diagnostics_init(&diagnostics, name);
    const int status =
        zem_scenario_read_text(scenario, name, text, strlen(text), overrides, count, &diagnostics, &error);
    for (size_t k = 0; k < diagnostics.count; k++) {
        char line[1200];
        zem_diagnostics_format(&diagnostics, k, line, sizeof line);
        printf("%s\n", line);
    }
    zem_diagnostics_free(&diagnostics);
    if (status != 0)
        fail_msg("%s cannot be read: %s", name, error.message);
}

static inline void good_scenario(struct zem_scenario *scenario, const char *name, const char *text)
{
    good_scenario_overridden(scenario, name, text, NULL, 0);
}

/* Reads a scenario and derives its first cell. The caller releases the scenario with zem_scenario_free. */
static inline void good_cell(struct zem_scenario *scenario, const char *text, struct cell_parameters *cell)
{
    struct zem_error error = {0};
    good_scenario(scenario, "made_up.yaml", text);
    if (zem_cell_derive(scenario, 0, cell, &error) != 0)
        fail_msg("%s", error.message);
}

#endif
