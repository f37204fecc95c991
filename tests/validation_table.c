/* The table of the validation suite. This file collects rows, prints those that fail, writes models/VALIDATION.md and
 * compares it with the rows. */
#include "validation.h"
#include "validation_table.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROWS_MAX = 512 };

static struct row rows[ROWS_MAX];
static char claims[ROWS_MAX][160];
static size_t row_count, rows_checked;
static bool full_form, ends_at_failure;

void form_set(bool full, bool until_failure)
{
    full_form = full;
    ends_at_failure = until_failure;
}

bool form_is_full(void) { return full_form; }

uint64_t trials_of(uint64_t full)
{
    const char *divisor = getenv("ZEM_VALIDATION_DIVISOR"); /* tests/mutation.sh asks for fewer still */
    const long parts = divisor != NULL ? strtol(divisor, NULL, 10) : 10;
    return full_form || parts < 1 ? full : full / (uint64_t)parts;
}

void row_add(struct row row)
{
    assert_true(row_count < ROWS_MAX);
    snprintf(claims[row_count], sizeof claims[row_count], "%s", row.claim);
    row.claim = claims[row_count];
    rows[row_count++] = row;
}

void named_row(const char *part, const char *name, const char *quantity, const char *formula, const char *source,
               const char *unit, double measured, double limit)
{
    char claim[160];
    snprintf(claim, sizeof claim, "%s%s", name, quantity);
    row_add((struct row){.part = part,
                         .claim = claim,
                         .formula = formula,
                         .source = source,
                         .unit = unit,
                         .measured = measured,
                         .limit = limit});
}

void mean_square_row(const char *part, const char *claim, const char *formula, const char *source,
                     const struct flown *flown, double expected, uint64_t trials)
{
    row_add((struct row){.part = part,
                         .claim = claim,
                         .formula = formula,
                         .source = source,
                         .unit = "%",
                         .measured = 100.0 * fabs(pow(cell_miss_rms(flown, 0), 2) / expected - 1.0),
                         .limit = 0.3 + 100.0 * FALSE_ALARM_SIGMA / sqrt(40000.0),
                         .chance = 100.0 * FALSE_ALARM_SIGMA / sqrt((double)trials)});
}

void tail_row(const char *part, const char *claim, const char *formula, const char *source, double tail, double chance)
{
    row_add((struct row){.part = part,
                         .claim = claim,
                         .formula = formula,
                         .source = source,
                         .unit = "(tail probability)",
                         .measured = tail,
                         .limit = FALSE_ALARM,
                         .from_below = true,
                         .chance = chance});
}

static bool row_passes(const struct row *row)
{
    const double limit = row->limit + (!full_form && row->chance > 0.0 ? row->chance : 0.0);
    return row->from_below ? row->measured >= row->limit : row->measured <= limit;
}

void rows_check(void)
{
    int failed = 0;
    for (; rows_checked < row_count; rows_checked++) {
        const struct row *row = &rows[rows_checked];
        if (row_passes(row))
            continue;
        failed++;
        print_error("%s | %s: %.3g %s, limit %s%.3g\n", row->claim, row->formula, row->measured, row->unit,
                    row->from_below ? "at least " : "", row->limit);
    }
    if (failed > 0 && ends_at_failure)
        exit(1);
    assert_int_equal(failed, 0);
}

/* Copies a text with a backslash before every "|", which would end a cell of a Markdown table. Returns `escaped`. */
static const char *escape(const char *text, char *escaped, size_t size)
{
    size_t used = 0;
    for (; *text != '\0' && used + 3 < size; text++) {
        if (*text == '|')
            escaped[used++] = '\\';
        escaped[used++] = *text;
    }
    escaped[used] = '\0';
    return escaped;
}

/* Writes one line of the Markdown table, with its line break. Without `with_measured` the measured value is "*". */
static void row_format(const struct row *row, bool with_measured, char *text, size_t size)
{
    char measured[64] = "*", claim[256], formula[256];
    if (with_measured)
        snprintf(measured, sizeof measured, "%.2g", row->measured);
    snprintf(text, size, "| %s | %s | %s | %s | %s%.3g %s | %s |\n", escape(row->claim, claim, sizeof claim),
             escape(row->formula, formula, sizeof formula), row->source, measured, row->from_below ? "at least " : "",
             row->limit, row->unit, row_passes(row) ? "holds" : "FAILS");
}

static const char preamble[] =
    "# Validation\n"
    "\n"
    "This page compares the program with closed forms and with independent calculations. Each row of a table has\n"
    "a claim about the program, the formula that the claim states, its source, the measured value, the limit and\n"
    "the verdict. The measured value says how far the program is from the formula, in the unit that stands with\n"
    "the limit. The claim holds if the measured value is at most the limit, or, where the limit says \"at least\",\n"
    "if it is at least the limit.\n"
    "\n"
    "`make validation-table` writes this page, so do not edit it. `make validate` computes every value and\n"
    "compares it with the page. `make check` does so with fewer trials. Comments in `tests/validation_*.c`\n"
    "explain and derive the claims. `tests/validation_reference.c` computes the references in double precision.\n"
    "\n"
    "Symbols: x = tF/T, tF flight time, T total lag, N' effective navigation ratio, nT acceleration of the\n"
    "target, w its angular frequency, VM speed of the interceptor, HE heading error, y0 displacement. \"Peak\" is\n"
    "the largest miss of the curve of the miss over flight time. TSMG is the book *Tactical and Strategic Missile\n"
    "Guidance*, and JGCD the *Journal of Guidance, Control, and Dynamics*. A tail probability is the probability\n"
    "that counts drawn from the claimed distribution are at least as far off as those of the program. The claim\n"
    "fails if it is below 1e-6.\n";

void table_write(FILE *file)
{
    char line[2048];
    const char *part = "";
    fputs(preamble, file);
    for (size_t k = 0; k < row_count; k++) {
        if (strcmp(part, rows[k].part) != 0) {
            part = rows[k].part;
            fprintf(file,
                    "\n## %s\n\n| claim | formula | source | measured | limit | verdict |\n|---|---|---|---|---|---|\n",
                    part);
        }
        row_format(&rows[k], true, line, sizeof line);
        fputs(line, file);
    }
}

/* Replaces the measured value (the fourth cell) of a line of the table by "*". */
static void measured_hide(char *line)
{
    char *bar = line;
    for (int k = 0; k < 3 && bar != NULL; k++)
        bar = strstr(bar + 1, " | ");
    char *end = bar != NULL ? strstr(bar + 1, " | ") : NULL;
    if (end == NULL)
        return;
    memmove(bar + 4, end, strlen(end) + 1);
    bar[3] = '*';
}

size_t table_compare(FILE *file)
{
    char line[2048], expected[2048];
    size_t row = 0, differences = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, "| ", 2) != 0 || strncmp(line, "| claim |", 9) == 0)
            continue;
        if (row >= row_count) {
            print_error("the file has a row that the program has not: %s", line);
            differences++;
            continue;
        }
        const bool with_measured = full_form || rows[row].chance == 0.0;
        if (!with_measured)
            measured_hide(line);
        row_format(&rows[row++], with_measured, expected, sizeof expected);
        if (strcmp(line, expected) != 0) {
            print_error("the file has:  %sit should be: %s", line, expected);
            differences++;
        }
    }
    if (row < row_count) {
        print_error("the file lacks %zu rows\n", row_count - row);
        differences++;
    }
    return differences;
}
