/* Parts of gnuplot scripts that several pictures have in common: texts, numbers, axes, cells and colours. Every number
 * is computed here and written as data, so that gnuplot only draws. */
#ifndef ZEM_PLOT_PARTS_H
#define ZEM_PLOT_PARTS_H

#include "view/color_map.h"
#include "view/gnuplot.h"
#include "view/view.h"

#include <stdio.h>

/* Writes a text in single quotes, and a number as data. */
void zem_plot_quoted(FILE *script, const char *text);
void zem_plot_number(FILE *script, double value);

/* Writes the terminal and the settings of all pictures. A wide picture has room for two maps. */
void zem_plot_start(FILE *script, enum zem_picture picture, bool wide);

/* Sets the colours of the maps that follow, and their range with its label. Without a range of values it is made up. */
void zem_plot_palette(FILE *script, const uint32_t stops[ZEM_COLOR_STOPS]);
void zem_plot_color_axis(FILE *script, const char *label, const double *value, size_t count, bool from_zero,
                         bool to_one);

/* Whether an axis is drawn on a logarithmic scale. */
bool zem_plot_is_logarithmic(const struct zem_axis *axis);

/* Sets label, range and tics of the axis x or y (`letter`), which shows axis `which` (0 or 1) of the view. */
void zem_plot_axis(FILE *script, const struct zem_view *view, int which, char letter);

/* Writes the data block $name with a line for each cell: x y xlow xhigh ylow yhigh value. Boxes reach into the
 * next ones, which are drawn over them, because otherwise the background shows as a thin line between two boxes. */
void zem_plot_cells(FILE *script, const struct zem_view *view, const char *name, const double *value);

/* Writes the title of the picture as a gnuplot expression: the title of the scenario, and a second line with the axes
 * held. */
void zem_plot_title(FILE *script, const struct zem_view *view);

/* Continues a title with how many points are left out, if any are. */
void zem_plot_thinned_note(FILE *script, const struct zem_view *view);

/* Writes "set multiplot" for one map, or for two with the second one on the right. */
void zem_plot_maps(FILE *script, const struct zem_view *view, bool two);

#endif
