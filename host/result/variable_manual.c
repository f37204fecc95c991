/* Writes zem-result(5) from zem_variable_table: a variable is an entry with its dimensions, long name and unit. */
#include "result/variable_manual.h"

#include "base/roff_text.h"
#include "result/result_variables.h"
#include "scenario/distribution.h"

#include <string.h>

/* When a file has the variable. */
static const char *condition_text(enum zem_condition condition)
{
    switch (condition) {
    case ZEM_ALWAYS:
        return "";
    case ZEM_SALVO:
        return "; with several shots";
    case ZEM_STEP_CHECKED:
        return "; without zem run --no-step-check";
    case ZEM_SAMPLES:
        return "; with single trials (zem run --samples)";
    case ZEM_SAMPLES_CARLETON:
        return "; with single trials (zem run --samples) and Carleton's lethality";
    default:
        return "; with single trials (zem run --samples), if the key varies";
    }
}

/* Whether no file has the variable, because it holds the draws of a key that cannot be drawn. */
static bool is_never_drawn(const struct zem_variable *variable)
{
    return variable->condition >= ZEM_SAMPLES_DRAWN
           && !zem_key_disperses(&zem_key_table[variable->condition - ZEM_SAMPLES_DRAWN]);
}

static void write_variable(FILE *stream, const struct zem_variable *variable)
{
    char dimensions[128] = "(axes", text[512];
    size_t used = strlen(dimensions);
    for (size_t i = 0; i < 2 && variable->dimension[i] != ZEM_DIMENSION_NONE; i++)
        used += (size_t)snprintf(dimensions + used, sizeof dimensions - used, ", %s",
                                 zem_dimension_name(variable->dimension[i]));
    snprintf(dimensions + used, sizeof dimensions - used, ")");
    snprintf(text, sizeof text, "%s%s%s%s", variable->long_name, strcmp(variable->unit, "1") == 0 ? "" : ", ",
             strcmp(variable->unit, "1") == 0 ? "" : variable->unit, condition_text(variable->condition));
    zem_roff_entry(stream, variable->name, dimensions, text);
}

void zem_variable_manual(FILE *stream)
{
    zem_roff_title(stream, "zem-result", 5);
    zem_roff_section(stream, "NAME");
    fputs("zem\\-result \\- result file of zem\n", stream);
    zem_roff_section(stream, "DESCRIPTION");
    zem_roff_text(stream,
                  "A result is one HDF5 file, which readers of netCDF-4 open as it is. Each sweep axis is a dimension "
                  "with a coordinate of the same name, in the unit of the scenario. The variables have the dimensions "
                  "of the axes, and further ones as stated. Attributes of the file hold the text of the scenario, "
                  "seed, versions, interval method and digest. The group run holds what differs between two runs, and "
                  "the group tally holds integer counts and sums. All variables except stop_reason, the single trials "
                  "and the step check "
                  "are computed from these and from miss_counts.\n");
    zem_roff_section(stream, "VARIABLES");
    zem_roff_entry(stream, "stop_reason", "(axes)", "why the cell got no more trials");
    for (size_t i = 0; i < zem_variable_count; i++)
        if (!is_never_drawn(&zem_variable_table[i]))
            write_variable(stream, &zem_variable_table[i]);
    zem_roff_section(stream, "SEE ALSO");
    fputs(".BR zem\\-run (1),\n.BR zem\\-show (1),\n.BR zem\\-export (1),\n.BR zem\\-scenario (5)\n", stream);
}
