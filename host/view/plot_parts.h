/* Parts of gnuplot scripts that several pictures have in common: texts, numbers, axes, cells and colours. Every number
 * is computed here and written as data, so that gnuplot only draws. */
#ifndef ZEM_PLOT_PARTS_H
#define ZEM_PLOT_PARTS_H

#include "view/color_map.h"
#include "view/figure.h"
#include "view/plot_layout.h"
#include "view/text_fit.h"
#include "view/tics.h"
#include "view/view.h"

#include <stdio.h>

/* Writes a number as data. */
void zem_plot_number(FILE *script, double value);

/* Writes a text in single quotes. */
void zem_plot_quoted(FILE *script, const char *text);

/* The same for a text of the user. In PNG and PDF a character that no font has would fill the picture; it becomes a
 * question mark and is counted. */
void zem_plot_words(FILE *script, const struct zem_figure *figure, const char *text);

/* The width of a line of gnuplot's width 1 in points. */
double zem_plot_line_width(const struct zem_figure *figure);

/* Writes the terminal and the settings of all pictures; the size of the figure is known. */
void zem_plot_start(FILE *script, const struct zem_figure *figure);

/* ---- texts ---- */

enum zem_plot_align { ZEM_ALIGN_LEFT, ZEM_ALIGN_CENTER, ZEM_ALIGN_RIGHT };

/* Where a text stands, and how. */
struct zem_plot_place {
    double x, y; /* points; y is that of the middle line of the text */
    enum zem_plot_align align;
    bool upward;  /* drawn upward, turned by 90 degrees to the left */
    double scale; /* size of the letters in parts of the usual one */
};

/* Writes a text at its place. Characters that no font has become question marks in PNG and PDF. */
void zem_plot_text(FILE *script, const struct zem_figure *figure, const struct zem_layout *layout,
                   const struct zem_plot_place *place, const char *text);

/* Writes a centred text in the room that there is about its place: `text`, or `brief` if that is too long, in smaller
 * letters if both are. What does not even fit then is cut, with a warning. */
void zem_plot_label(FILE *script, struct zem_figure *figure, const struct zem_layout *layout, double x, double y,
                    bool upward, const char *text, const char *brief);

/* Writes lines one below the other, centred at x, the first one below the height `top`. */
void zem_plot_lines(FILE *script, const struct zem_figure *figure, const struct zem_layout *layout, double x,
                    double top, double scale, const struct zem_text_lines *lines);

/* The height of such lines in points. */
double zem_plot_lines_height(const struct zem_figure *figure, const struct zem_text_lines *lines, double scale);

/* Breaks the title of the picture into lines: that of the figure or the scenario, then what holds for all panels. In
 * print the latter goes into the caption. */
void zem_plot_head(struct zem_figure *figure, const struct zem_view *view, struct zem_text_lines *lines);
#define ZEM_HEAD_SCALE 1.15 /* size of its letters */

/* Writes the name of an axis or a variable for people into text: in print without underscores. Returns text. */
const char *zem_plot_name(const struct zem_figure *figure, char *text);

/* ---- colours and axes ---- */

/* Sets the colours of the maps that follow, and their range from low to high. */
void zem_plot_palette(FILE *script, const uint32_t stops[ZEM_COLOR_STOPS], double low, double high);

/* Sets place, tics and label of the bar of colours beside a map; zem_plot_label has the texts. */
void zem_plot_color_bar(FILE *script, struct zem_figure *figure, const struct zem_layout *layout,
                        const struct zem_box *bar, double low, double high, const char *label, const char *brief);

/* The room that such a bar takes with its gap, tics and label, in points. */
double zem_plot_color_bar_room(const struct zem_figure *figure, double low, double high, double height);

/* The range of some values, made up if all are equal or none is finite. */
void zem_plot_range(const double *value, size_t count, double *low, double *high);

/* Whether an axis is drawn on a logarithmic scale. */
bool zem_plot_is_logarithmic(const struct zem_axis *axis);

/* Sets the range, the scale and the tics of the axis x or y (`letter`), with labels if they are wanted. */
void zem_plot_axis(FILE *script, const struct zem_tic_axis *axis, char letter, bool labelled);

/* The axis of view `which` (0 or 1) from the edge of the first cell to that of the last one, `length` points long. */
struct zem_tic_axis zem_plot_view_axis(const struct zem_figure *figure, const struct zem_view *view, int which,
                                       double length);

/* The width of the widest label of an axis in points. */
double zem_plot_widest(const struct zem_figure *figure, const struct zem_tic_axis *axis);

/* Sets the margins to a box of the layout. */
void zem_plot_margins(FILE *script, const struct zem_layout *layout, const struct zem_box *box);

/* Writes the data block $name with a line for each cell: x y xlow xhigh ylow yhigh value. Boxes reach into the next
 * ones, which are drawn over them, because otherwise the background shows as a thin line between two boxes. */
void zem_plot_cells(FILE *script, const struct zem_view *view, const char *name, const double *value);

/* Writes how many points are left out, if any are: "one of 2 x 2 points shown", else nothing. Returns text. */
const char *zem_plot_thinned_note(const struct zem_view *view, char *text, size_t size);

#endif
