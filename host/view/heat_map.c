/* Draws a view with characters. The width of the terminal decides how many points are left out, and then the width of a
 * cell. */
#include "view/heat_map.h"

#include "view/color_map.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_MAX 40    /* largest number of rows of a map, or of lines of a table */
#define ROWS_LEAST 4   /* smallest number of rows to which a map is reduced for the terminal */
#define AROUND 6       /* lines of a map that are no row: title, names of the axes, labels, scale, what is left out */
#define NUMBER_WIDTH 6 /* narrowest cell that shows its value as a number */

/* The layout of a view on the screen. */
struct canvas {
    const struct zem_view *view;
    FILE *out;
    enum zem_color color;
    double low, high;               /* values at the ends of the colour scale */
    size_t every_column, every_row; /* one of so many points is shown */
    size_t columns, rows;           /* number of points shown */
    int label;                      /* characters before the first cell */
    int width;                      /* characters of a cell */
    bool halves;                    /* a line has two rows, one above the other */
};

/* Chooses the colour scale. For a fraction it goes from 0 to 1, so that maps can be compared; otherwise from the
 * smallest to the largest finite value. */
static void choose_scale(struct canvas *canvas)
{
    const struct zem_view *view = canvas->view;
    canvas->low = 0;
    canvas->high = 1;
    if (zem_view_is_fraction(view))
        return;
    canvas->low = (double)INFINITY;
    canvas->high = (double)-INFINITY;
    for (size_t i = 0; i < view->columns * view->rows; i++)
        if (isfinite(view->value[i])) {
            canvas->low = fmin(canvas->low, view->value[i]);
            canvas->high = fmax(canvas->high, view->value[i]);
        }
    if (!(canvas->low <= canvas->high))
        canvas->low = canvas->high = 0;
}

static double fraction_of(const struct canvas *canvas, double value)
{
    return canvas->high > canvas->low ? (value - canvas->low) / (canvas->high - canvas->low) : 0.5;
}

static uint32_t color_of(const struct canvas *canvas, double value)
{
    return zem_color_at(zem_color_viridis, fraction_of(canvas, value));
}

/* Sets the colour of the characters that follow, or of the ground behind them. */
static void set_color(const struct canvas *canvas, bool ground, uint32_t color)
{
    if (canvas->color == ZEM_COLOR_TRUE)
        fprintf(canvas->out, "\033[%d;2;%u;%u;%um", ground ? 48 : 38, color >> 16, color >> 8 & 0xFF, color & 0xFF);
    else
        fprintf(canvas->out, "\033[%d;5;%um", ground ? 48 : 38, zem_color_256(color));
}

/* Prints one cell. Without colours a narrow cell is a digit, the tenth of the scale in which the value lies. NaN is
 * printed as "?". */
static void print_cell(const struct canvas *canvas, double value)
{
    char text[16] = "";
    bool number = canvas->width >= NUMBER_WIDTH;
    double tenth = floor(10 * fraction_of(canvas, value));
    if (!isfinite(value))
        snprintf(text, sizeof text, isnan(value) ? "?" : "inf");
    else if (number && zem_view_is_fraction(canvas->view))
        snprintf(text, sizeof text, "%.3f", value);
    else if (number)
        snprintf(text, sizeof text, "%.3g", value);
    else if (canvas->color == ZEM_COLOR_NONE)
        snprintf(text, sizeof text, "%d", (int)fmax(0, fmin(9, tenth)));
    int width = canvas->width, right = number && width > 1 ? 1 : 0;
    if ((int)strlen(text) + right > width && strlen(text) > 1)
        snprintf(text, sizeof text, "#"); /* the number does not fit into its cell */
    if (isfinite(value) && canvas->color != ZEM_COLOR_NONE) {
        const uint32_t color = color_of(canvas, value);
        set_color(canvas, true, color);
        set_color(canvas, false, zem_color_ink(color));
        fprintf(canvas->out, "%*s%*s\033[0m", width - right, text, right, "");
    } else
        fprintf(canvas->out, "%*s%*s", width - right, text, right, "");
}

/* Prints two cells, one above the other, of which the lower one may be missing: half blocks in the colours of the
 * letters and of the ground. What is undefined stays empty. */
static void print_halves(const struct canvas *canvas, double above, const double *below)
{
    const bool upper = isfinite(above), lower = below != NULL && isfinite(*below);
    if (upper && lower)
        set_color(canvas, true, color_of(canvas, *below));
    if (upper || lower)
        set_color(canvas, false, color_of(canvas, upper ? above : *below));
    for (int i = 0; i < canvas->width; i++)
        fputs(upper ? "\xe2\x96\x80" : lower ? "\xe2\x96\x84" : " ", canvas->out);
    fputs("\033[0m", canvas->out);
}

static double axis_value(const struct zem_view *view, int which, size_t point)
{
    return zem_view_point(view, which, point);
}

/* Prints values of the axis below the map, each under its column, as many as fit with two blanks between them. */
static void print_column_labels(const struct canvas *canvas)
{
    char text[32];
    int at = 0, free_from = 0;
    fprintf(canvas->out, "%*s", canvas->label + 1, "");
    for (size_t i = 0; i < canvas->columns; i++) {
        int place = (int)i * canvas->width;
        snprintf(text, sizeof text, "%.4g", axis_value(canvas->view, 0, i * canvas->every_column));
        int length = (int)strlen(text), start = place + (canvas->width > length ? (canvas->width - length) / 2 : 0);
        if (start < free_from)
            continue;
        fprintf(canvas->out, "%*s%s", start - at, "", text);
        at = start + length;
        free_from = at + 2;
    }
    fprintf(canvas->out, "\n");
}

static void print_legend(const struct canvas *canvas)
{
    const struct zem_view *view = canvas->view;
    const char *unit = strcmp(view->variable->unit, "1") ? view->variable->unit : "";
    fprintf(canvas->out, "%*s", canvas->label + 1, "");
    if (canvas->color != ZEM_COLOR_NONE) {
        struct canvas bar = *canvas;
        bar.width = 1;
        fprintf(canvas->out, "%.4g ", canvas->low);
        for (int i = 0; i < 30; i++)
            print_cell(&bar, canvas->low + (canvas->high - canvas->low) * i / 29);
        fprintf(canvas->out, " %.4g %s\n", canvas->high, unit);
    } else if (canvas->width < NUMBER_WIDTH)
        fprintf(canvas->out, "0 to 9: tenths of the way from %.4g to %.4g%s%s; ?: undefined\n", canvas->low,
                canvas->high, unit[0] != '\0' ? " " : "", unit);
    else
        fprintf(canvas->out, "%s%s\n",
                unit[0] != '\0'              ? "values in "
                : zem_view_is_fraction(view) ? "values from 0 to 1"
                                             : "values without unit",
                unit);
    if (canvas->every_column > 1 && canvas->every_row > 1)
        fprintf(canvas->out, "%*sshown: one of %zu points across, and one of %zu upward\n", canvas->label + 1, "",
                canvas->every_column, canvas->every_row);
    else if (canvas->every_column > 1 || canvas->every_row > 1)
        fprintf(canvas->out, "%*sshown: one of %zu points %s\n", canvas->label + 1, "",
                canvas->every_column * canvas->every_row, canvas->every_column > 1 ? "across" : "upward");
}

static void print_title(const struct zem_view *view, FILE *out)
{
    char text[400];
    zem_view_title(view, text, sizeof text);
    fprintf(out, "%s", text);
    zem_view_held_text(view, text, sizeof text);
    fprintf(out, "%s%s\n", text[0] != '\0' ? "; held: " : "", text);
}

/* Chooses the size of a cell and what is left out, for so many columns and lines of rows; 0 lines for no limit. */
static void lay_out(struct canvas *canvas, const struct zem_screen *screen, size_t lines)
{
    const struct zem_view *view = canvas->view;
    char text[32];
    for (size_t row = 0; row < view->rows; row++) {
        int length = snprintf(text, sizeof text, "%.4g", axis_value(view, 1, row));
        canvas->label = length > canvas->label ? length : canvas->label;
    }
    canvas->label += 2;
    size_t room = screen->columns > (unsigned)canvas->label + 11 ? screen->columns - (size_t)canvas->label - 1 : 10;
    size_t most = lines > 0 && lines < ROWS_MAX ? lines : ROWS_MAX;
    canvas->every_column = (view->columns + room - 1) / room;
    canvas->columns = (view->columns + canvas->every_column - 1) / canvas->every_column;
    size_t width = room / canvas->columns;
    canvas->width = width > 8 ? 8 : (int)width;
    canvas->halves = screen->half_blocks && view->rows > most;
    most *= canvas->halves ? 2 : 1;
    if ((canvas->width < NUMBER_WIDTH || canvas->halves) && canvas->width > 2)
        canvas->width = 2; /* without numbers a cell is about square, as a character is twice as high as wide */
    canvas->every_row = (view->rows + most - 1) / most;
    canvas->rows = (view->rows + canvas->every_row - 1) / canvas->every_row;
}

/* Prints a line of the map. Row `row` is its upper row, and with half blocks the next lower row is below it. */
static void print_row(const struct canvas *canvas, size_t row)
{
    const struct zem_view *view = canvas->view;
    const double *above = view->value + row * canvas->every_row * view->columns,
                 *below = row > 0 ? above - canvas->every_row * view->columns : NULL;
    fprintf(canvas->out, "%*.4g ", canvas->label, axis_value(view, 1, row * canvas->every_row));
    for (size_t column = 0; column < canvas->columns; column++) {
        const size_t at = column * canvas->every_column;
        if (canvas->halves)
            print_halves(canvas, above[at], below != NULL ? below + at : NULL);
        else
            print_cell(canvas, above[at]);
    }
    fprintf(canvas->out, "\n");
}

static void print_map(struct canvas *canvas, const struct zem_screen *screen, size_t lines)
{
    const struct zem_view *view = canvas->view;
    char text[128];
    lay_out(canvas, screen, lines);
    const size_t step = canvas->halves ? 2 : 1;
    print_title(view, canvas->out);
    zem_view_axis_label(view, view->axis[1], text, sizeof text);
    fprintf(canvas->out, "  %s, upward%s\n", text, canvas->halves ? "; a line has two points" : "");
    for (size_t row = canvas->rows; row > 0; row -= row < step ? row : step)
        print_row(canvas, row - 1);
    print_column_labels(canvas);
    zem_view_axis_label(view, view->axis[0], text, sizeof text);
    fprintf(canvas->out, "%*s%s\n", canvas->label + 1, "", text);
    print_legend(canvas);
}

/* Prints a view of one axis: a line for each point, with the value, the interval and a bar. */
static void print_table(struct canvas *canvas, unsigned columns)
{
    const struct zem_view *view = canvas->view;
    char text[128];
    size_t every = (view->columns + ROWS_MAX - 1) / ROWS_MAX;
    int bar = columns > 64 ? (int)columns - 54 < 40 ? (int)columns - 54 : 40 : 10;
    canvas->width = 1;
    print_title(view, canvas->out);
    zem_view_axis_label(view, view->axis[0], text, sizeof text);
    fprintf(canvas->out, "  %s\n", text);
    for (size_t i = 0; i < view->columns; i += every) {
        double value = view->value[i];
        fprintf(canvas->out, "%12.5g  %10.5g", axis_value(view, 0, i), value);
        text[0] = '\0';
        if (view->low != NULL)
            snprintf(text, sizeof text, "[%.5g, %.5g]", view->low[i], view->high[i]);
        fprintf(canvas->out, view->low != NULL ? "  %-24s  " : "  ", text);
        int length = isfinite(value) ? (int)(bar * fraction_of(canvas, value) + 0.5) : 0;
        for (int k = 0; k < length; k++)
            if (canvas->color == ZEM_COLOR_NONE)
                fputc('#', canvas->out);
            else
                print_cell(canvas, value);
        fprintf(canvas->out, "\n");
    }
    if (every > 1)
        fprintf(canvas->out, "  shown: one of %zu points\n", every);
}

/* Prints the only value of a view whose axes are all held. */
static void print_point(const struct canvas *canvas)
{
    const struct zem_view *view = canvas->view;
    print_title(view, canvas->out);
    fprintf(canvas->out, "  %.5g", view->value[0]);
    if (view->low != NULL)
        fprintf(canvas->out, "  [%.5g, %.5g]", view->low[0], view->high[0]);
    fputc('\n', canvas->out);
}

void zem_heat_map_print(const struct zem_view *view, const struct zem_screen *screen, unsigned reserved, FILE *out)
{
    struct canvas canvas = {.view = view, .out = out, .color = screen->color};
    const unsigned taken = reserved + AROUND;
    size_t lines = screen->lines > taken + ROWS_LEAST ? screen->lines - taken : ROWS_LEAST;
    choose_scale(&canvas);
    if (view->axis_count == 2)
        print_map(&canvas, screen, screen->lines > 0 ? lines : 0);
    else if (view->axis_count == 1)
        print_table(&canvas, screen->columns);
    else
        print_point(&canvas);
}
