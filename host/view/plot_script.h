/* The gnuplot script of a picture. Text in, text out: runs nothing, touches no file. */
#ifndef ZEM_PLOT_SCRIPT_H
#define ZEM_PLOT_SCRIPT_H

#include "view/view.h"

#include <stdio.h>

enum zem_picture { ZEM_PICTURE_PNG, ZEM_PICTURE_SVG, ZEM_PICTURE_PDF };

/* Writes the script that draws the view into the file `output` (a name that gnuplot reads). One or two axes; ZEM_USAGE
 * for none. */
int zem_plot_script_view(const struct zem_view *view, enum zem_picture picture, const char *output, FILE *script,
                         struct zem_error *error);

/* The same for the probability over the hit radius: a curve for each of a few points of the longest axis not held by a
 * slice. */
int zem_plot_script_radius(const struct zem_result *result, const struct zem_view_options *options,
                           enum zem_picture picture, const char *output, FILE *script, struct zem_error *error);

#endif
