/* Parts of gnuplot scripts that several pictures have in common: texts, numbers, axes, cells and colours. Every number
 * is computed here and written as data, and gnuplot only draws. */
#ifndef ZEM_PLOT_PARTS_H
#define ZEM_PLOT_PARTS_H

#include "view/color_map.h"
#include "view/figure.h"
#include "view/plot_layout.h"
#include "view/text_fit.h"
#include "view/tics.h"
#include "view/view.h"

#include <stdio.h>

/* Writes a blank and a number as data; NaN if it is not finite. */
void zem_plot_number(FILE *script, double value);

/* Writes a text of the program, such as the label of a tic, in gnuplot's single quotes. */
void zem_plot_quoted(FILE *script, const char *text);

/* Writes a text of the user, such as a title, in gnuplot's single quotes. In PNG and PDF a character that no font has
 * would fill the picture; it becomes a question mark and is counted in figure->missing. */
void zem_plot_words(FILE *script, const struct zem_figure *figure, const char *text);

/* Returns the width, in points, of a line of gnuplot's linewidth 1. */
double zem_plot_line_width(const struct zem_figure *figure);

/* Writes the terminal and the settings that all pictures share. The size of the figure must be set. */
void zem_plot_start(FILE *script, const struct zem_figure *figure);

/* ---- texts ---- */

enum zem_plot_align { ZEM_ALIGN_LEFT, ZEM_ALIGN_CENTER, ZEM_ALIGN_RIGHT };

/* Where a text stands, and how. */
struct zem_plot_place {
    double x, y; /* points from the lower left corner; y is the middle of the line of text */
    enum zem_plot_align align;
    bool upward;  /* drawn upward, turned by 90 degrees to the left */
    double scale; /* size of the letters, relative to figure->font */
};

/* Writes a text at its place. Characters that no font has become question marks in PNG and PDF. */
void zem_plot_text(FILE *script, const struct zem_figure *figure, const struct zem_layout *layout,
                   const struct zem_plot_place *place, const char *text);

/* Writes a name centred at (x, y): `text`, or `brief` if `text` is too long for the room about this place, in smaller
 * letters if both are too long. What does not fit even then is cut, with a warning. */
void zem_plot_label(FILE *script, struct zem_figure *figure, const struct zem_layout *layout, double x, double y,
                    bool upward, const char *text, const char *brief);

/* Writes lines below each other, centred at x, from the height `top` downward. `scale` is the size of their letters
 * relative to figure->font. */
void zem_plot_lines(FILE *script, const struct zem_figure *figure, const struct zem_layout *layout, double x,
                    double top, double scale, const struct zem_text_lines *lines);

/* Returns the height, in points, that zem_plot_lines needs for the lines at this scale. */
double zem_plot_lines_height(const struct zem_figure *figure, const struct zem_text_lines *lines, double scale);

/* Breaks the head of a picture into lines: its title, then the held axes of the view. In print the held axes go into
 * the caption instead. */
void zem_plot_head(struct zem_figure *figure, const struct zem_view *view, struct zem_text_lines *lines);
#define ZEM_HEAD_SCALE 1.15 /* size of the letters of the head, relative to figure->font */

/* Replaces the underscores in `text`, the name of an axis or a variable, by blanks if figure->print is true. Returns
 * text. */
const char *zem_plot_name(const struct zem_figure *figure, char *text);

/* ---- colours and axes ---- */

/* Sets the colours of the maps that follow, and their range from low to high. */
void zem_plot_palette(FILE *script, const uint32_t stops[ZEM_COLOR_STOPS], double low, double high);

/* Sets place, tics and label of the colour bar of a map. `bar` is the box of the map; the colour bar stands to the
 * right of it. `label` and `brief` are as for zem_plot_label. */
void zem_plot_color_bar(FILE *script, struct zem_figure *figure, const struct zem_layout *layout,
                        const struct zem_box *bar, double low, double high, const char *label, const char *brief);

/* Returns the width that a colour bar of this height takes with its gap, tics and label, points. */
double zem_plot_color_bar_room(const struct zem_figure *figure, double low, double high, double height);

/* Finds the range of value[count]. If all values are equal or none is finite, it makes up a range. */
void zem_plot_range(const double *value, size_t count, double *low, double *high);

/* Returns whether an axis is drawn on a logarithmic scale. */
bool zem_plot_is_logarithmic(const struct zem_axis *axis);

/* Sets the range, scale and tics of an axis, whose `letter` is 'x' or 'y'. The tics have labels if `labelled`. */
void zem_plot_axis(FILE *script, const struct zem_tic_axis *axis, char letter, bool labelled);

/* Returns axis `which` (0 across, 1 upward) of a view, from the edge of the first cell to that of the last one.
 * `length` is its length in points. */
struct zem_tic_axis zem_plot_view_axis(const struct zem_figure *figure, const struct zem_view *view, int which,
                                       double length);

/* Returns the width of the widest label of an axis, points. */
double zem_plot_widest(const struct zem_figure *figure, const struct zem_tic_axis *axis);

/* Sets gnuplot's margins so that the next plot fills a box of the layout. */
void zem_plot_margins(FILE *script, const struct zem_layout *layout, const struct zem_box *box);

/* Writes the data block $name with a line for each cell: x y xlow xhigh ylow yhigh value. A box reaches a little into
 * the next boxes, which are drawn over it, because otherwise the background shows as a thin line between two boxes. */
void zem_plot_cells(FILE *script, const struct zem_view *view, const char *name, const double *value);

/* Writes which points of a thinned view are shown, "one of 2 x 2 points shown"; nothing if all are shown. Returns
 * text. */
const char *zem_plot_thinned_note(const struct zem_view *view, char *text, size_t size);

#endif
