/* How a picture looks: its size, its letters, its title and its colours, from the words of the command line. A picture
 * is laid out in points, of which an inch has 72, and everything in it grows with the size of the letters. */
#ifndef ZEM_FIGURE_H
#define ZEM_FIGURE_H

#include "base/error.h"
#include "scenario/scenario.h"
#include "view/color_map.h"
#include "view/contours.h"
#include "view/gnuplot.h"

#include <stdarg.h>
#include <stdbool.h>

/* What a picture is for. The words stand in the same order. */
enum zem_figure_format {
    ZEM_FIGURE_SCREEN, /* 96 pixels an inch, letters of 12 points, or down to 7 in a small picture, a title, what is
                          drawn in words */
    ZEM_FIGURE_PRINT   /* 600 pixels an inch, letters of 8 points, no title: the words go into a caption */
};
#define ZEM_FIGURE_FORMATS "screen print"

/* The maps of a picture. The words stand in the same order, after that of the default. */
enum zem_figure_panel { ZEM_PANEL_USUAL, ZEM_PANEL_MAP, ZEM_PANEL_HALF_WIDTH, ZEM_PANEL_BOTH };
#define ZEM_FIGURE_PANELS "map half-width both"

/* What was asked for. All zero is a picture for the screen of the usual size. */
struct zem_figure_options {
    enum zem_figure_format format;
    enum zem_figure_panel panel;
    size_t colors;         /* 0 for the usual ones, else 1 + the index of a row of zem_color_maps */
    const char *size;      /* "80mm", "80mmx60mm", "3.2in", "640px", "1200x900"; NULL for the usual one */
    const char *font_size; /* points; NULL for the usual one */
    const char *title;     /* "none" for none; NULL for the title of the scenario, or none in print */
    const char *levels;    /* of contours: "0.5,0.9", or a whole number, the most there may be; NULL for the usual */
};

struct zem_figure {
    enum zem_picture picture;
    bool print;
    double width, height;               /* points; 0 to be chosen by what is drawn */
    double font;                        /* points */
    double pixels;                      /* of a point, in a PNG */
    bool superscripts;                  /* whether a font has raised digits */
    const char *title;                  /* NULL for the title of the scenario, "" for none */
    const struct zem_color_map *colors; /* NULL for the usual ones of each map */
    enum zem_figure_panel panel;
    struct zem_contours_wish levels;
    size_t *missing; /* counts characters that no font has and that are drawn as question marks; NULL if not counted */
    char name[500];  /* what the file calls itself, also where no title is drawn */
    char caption[2000];  /* what the picture does not say itself, in sentences */
    char warnings[2000]; /* for the user, one a line */
};

/* Reads what was asked for. ZEM_USAGE with the option, its value and what is possible. */
int zem_figure_init(struct zem_figure *figure, const struct zem_figure_options *options, enum zem_picture picture,
                    struct zem_error *error);

/* Sets width and height if no width was given. Height 0 leaves it to zem_layout_fit, which derives it from the
 * width. */
void zem_figure_usual_size(struct zem_figure *figure, double width, double height);

/* The title that is drawn: the figure's own, or that of the scenario or its name; "" for none. The picture gets its
 * name by it, which is the scenario's where no title is drawn. */
const char *zem_figure_title(struct zem_figure *figure, const struct zem_scenario *scenario);

/* Adds a line to the warnings, unless it is there already. */
void zem_figure_warn(struct zem_figure *figure, const char *form, ...) __attribute__((format(printf, 2, 3)));

/* Adds a sentence to the caption, with a full stop if it has none, unless it is there already. */
void zem_figure_say(struct zem_figure *figure, const char *form, ...) __attribute__((format(printf, 2, 3)));

#endif
