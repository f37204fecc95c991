/* A program of libFuzzer (`make fuzz`). A scenario and an override of any bytes are read, checked and derived, or
 * refused with at least one mistake that has a place, without a crash, a leak or undefined behaviour. The bytes after a
 * NUL are the override. */
#include "fuzz.h"

#include "cell/dispersion.h"
#include "scenario/grid.h"
#include "run/run.h"
#include "scenario/scenario.h"

/* The first and the last cell are derived, or refused with a reason. */
static void derive(const struct zem_scenario *scenario)
{
    const uint64_t cells = zem_grid_cells(scenario);
    require(cells > 0, "a scenario without cells was accepted");
    for (int last = 0; last < 2; last++) {
        struct cell_parameters cell;
        struct zem_error error = {0};
        const int status = zem_cell_derive(scenario, last ? cells - 1 : 0, &cell, &error);
        require(status == ZEM_OK || (status == ZEM_BAD_INPUT && error.message[0] != '\0'),
                "a cell was neither derived nor refused with a reason");
        const int drawn = zem_cell_derive_trial(scenario, last ? cells - 1 : 0, 5, &cell, &error);
        require(drawn == ZEM_OK || (drawn == ZEM_BAD_INPUT && error.message[0] != '\0'),
                "a trial was neither derived nor refused with a reason");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *end = size > 0 ? memchr(data, 0, size) : NULL;
    const size_t length = end != NULL ? (size_t)(end - data) : size;
    char override[200] = "";
    const size_t rest = end != NULL ? size - length - 1 : 0;
    if (rest > 0)
        memcpy(override, end + 1, rest < sizeof override - 1 ? rest : sizeof override - 1);
    const char *const overrides[1] = {override};
    struct zem_scenario scenario = {0};
    struct zem_diagnostics diagnostics;
    struct zem_error error = {0};
    zem_diagnostics_init(&diagnostics, "fuzz.yaml");
    int status = zem_scenario_read_text(&scenario, "fuzz.yaml", (const char *)data, length, overrides, rest > 0,
                                        &diagnostics, &error);
    require(status == ZEM_OK || (status == ZEM_BAD_INPUT && diagnostics.mistakes > 0),
            "a scenario was neither read nor refused with a mistake");
    if (status == ZEM_OK) {
        const int checked = zem_run_check(&scenario, &diagnostics);
        require(checked == ZEM_OK || (checked == ZEM_BAD_INPUT && diagnostics.mistakes > 0),
                "a scenario was neither checked nor refused with a mistake");
        derive(&scenario);
    }
    zem_scenario_free(&scenario);
    zem_diagnostics_free(&diagnostics);
    return 0;
}
