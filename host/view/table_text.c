/* Writes the rows and columns of a table as CSV. */
#include "view/table_text.h"

#include "base/number.h"
#include "base/printable.h"
#include "view/export.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Returns whether the first dimensions of the variable are those of the rows. */
static bool has_rows(const struct zem_table_variable *variable, size_t row_rank)
{
    if (variable->rank < row_rank)
        return false;
    for (size_t i = 0; i < row_rank; i++)
        if (variable->dimension[i] != i)
            return false;
    return true;
}

static size_t row_count(const struct zem_table *table, size_t row_rank)
{
    size_t rows = 1;
    for (size_t i = 0; i < row_rank; i++)
        rows *= table->dimension[i].length;
    return rows;
}

/* Returns one coordinate of a dimension: its word, or its number written into text[size]. */
static const char *coordinate(const struct zem_table_dimension *dimension, size_t index, char *text, size_t size)
{
    if (dimension->words != NULL)
        return dimension->words[index];
    return zem_number_format(dimension->values[index], text, size);
}

/* Writes the heading of column `column` of a variable. A variable has a column for each combination of its further
 * dimensions. */
static void write_heading(const struct zem_table *table, const struct zem_table_variable *variable, size_t row_rank,
                          size_t column, FILE *out)
{
    char heading[300], number[32];
    size_t length = (size_t)snprintf(heading, sizeof heading, "%s", variable->name), span = 1;
    for (size_t i = row_rank; i < variable->rank; i++)
        span *= table->dimension[variable->dimension[i]].length;
    for (size_t i = row_rank; i < variable->rank; i++) {
        const struct zem_table_dimension *dimension = &table->dimension[variable->dimension[i]];
        span /= dimension->length;
        const bool pure = strcmp(dimension->unit, "1") == 0;
        length += (size_t)snprintf(heading + length, sizeof heading - length, "[%s%s%s]",
                                   coordinate(dimension, column / span % dimension->length, number, sizeof number),
                                   pure ? "" : " ", pure ? "" : dimension->unit);
    }
    if (strcmp(variable->unit, "1") != 0)
        snprintf(heading + length, sizeof heading - length, " (%s)", variable->unit);
    zem_export_field(out, heading);
}

static void write_header(const struct zem_table *table, size_t row_rank, size_t rows, FILE *out)
{
    char heading[160];
    const char *separator = "";
    for (size_t i = 0; i < row_rank; i++) {
        const struct zem_table_dimension *dimension = &table->dimension[i];
        snprintf(heading, sizeof heading, strcmp(dimension->unit, "1") == 0 ? "%s" : "%s (%s)", dimension->name,
                 dimension->unit);
        fputs(separator, out);
        zem_export_field(out, heading);
        separator = ",";
    }
    for (size_t k = 0; k < table->variable_count; k++) {
        const struct zem_table_variable *variable = &table->variable[k];
        const size_t columns = has_rows(variable, row_rank) ? zem_table_elements(table, variable) / rows : 0;
        for (size_t column = 0; column < columns; column++) {
            fputs(separator, out);
            write_heading(table, variable, row_rank, column, out);
            separator = ",";
        }
    }
    fputc('\n', out);
}

static void write_row(const struct zem_table *table, size_t row_rank, size_t rows, size_t row, FILE *out)
{
    char number[32];
    const char *separator = "";
    size_t span = rows;
    for (size_t i = 0; i < row_rank; i++) {
        const struct zem_table_dimension *dimension = &table->dimension[i];
        span /= dimension->length;
        fprintf(out, "%s%s", separator, coordinate(dimension, row / span % dimension->length, number, sizeof number));
        separator = ",";
    }
    for (size_t k = 0; k < table->variable_count; k++) {
        const struct zem_table_variable *variable = &table->variable[k];
        const size_t columns = has_rows(variable, row_rank) ? zem_table_elements(table, variable) / rows : 0;
        for (size_t at = row * columns; at < (row + 1) * columns; at++) {
            fputs(separator, out);
            separator = ",";
            if (variable->counts != NULL)
                fprintf(out, "%" PRIu64, variable->counts[at]);
            else
                fputs(zem_export_number(variable->numbers[at], number, sizeof number), out);
        }
    }
    fputc('\n', out);
}

/* Writes a text on one line: a line feed becomes a blank. Without memory it writes nothing. */
static void write_line(const char *text, FILE *out)
{
    char *line = strdup(text);
    size_t length = line != NULL ? strlen(line) : 0;
    while (length > 0 && line[length - 1] == '\n')
        line[--length] = '\0';
    for (size_t i = 0; i < length; i++)
        line[i] = line[i] == '\n' ? ' ' : line[i];
    if (line != NULL)
        zem_printable_write(line, false, out);
    free(line);
}

/* Writes the attributes, which say where the table comes from, as a comment line for each. The text of the scenario,
 * which has several lines, is left out. */
static void write_comments(const struct zem_table *table, FILE *out)
{
    char number[32];
    for (size_t i = 0; i < table->attribute_count; i++) {
        const struct zem_table_attribute *attribute = &table->attribute[i];
        if (strcmp(attribute->name, "scenario") == 0)
            continue;
        fprintf(out, "# %s: ", attribute->name);
        if (attribute->text != NULL)
            write_line(attribute->text, out);
        for (size_t k = 0; attribute->texts != NULL && k < attribute->count; k++) {
            fputs(k > 0 ? ", " : "", out);
            write_line(attribute->texts[k], out);
        }
        if (attribute->whole != NULL)
            fprintf(out, "%" PRIu64, *attribute->whole);
        if (attribute->number != NULL)
            fputs(zem_export_number(*attribute->number, number, sizeof number), out);
        fputc('\n', out);
    }
}

int zem_table_csv(const struct zem_table *table, size_t row_rank, FILE *out, struct zem_error *error)
{
    const size_t rows = row_count(table, row_rank);
    write_comments(table, out);
    write_header(table, row_rank, rows, out);
    for (size_t row = 0; row < rows && !ferror(out); row++)
        write_row(table, row_rank, rows, row, out);
    return fflush(out) != 0 || ferror(out) ? zem_error_set(error, ZEM_INPUT_OUTPUT, "the table cannot be written")
                                           : ZEM_OK;
}
