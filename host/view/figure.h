/* How a picture looks: its size, its letters, its title and its colours, as the options of the command line say. A
 * picture is laid out in points, 72 to an inch, and all lengths in it grow with the size of the letters. */
#ifndef ZEM_FIGURE_H
#define ZEM_FIGURE_H

#include "base/error.h"
#include "scenario/scenario.h"
#include "view/color_map.h"
#include "view/contours.h"
#include "view/gnuplot.h"

#include <stdarg.h>
#include <stdbool.h>

/* What a picture is for. The words of ZEM_FIGURE_FORMATS have the same order. */
enum zem_figure_format {
    /* 96 pixels an inch; letters of 12 points, down to 7 in a small picture; a title, and words that say what is
     * drawn. */
    ZEM_FIGURE_SCREEN,
    /* 600 pixels an inch; letters of 8 points; no title, because the words go into a caption. */
    ZEM_FIGURE_PRINT
};
#define ZEM_FIGURE_FORMATS "screen print"

/* Which maps a picture has: of the values, of the half-width of the interval, or both. The words of ZEM_FIGURE_PANELS
 * have the same order and begin at ZEM_PANEL_MAP. */
enum zem_figure_panel { ZEM_PANEL_USUAL, ZEM_PANEL_MAP, ZEM_PANEL_HALF_WIDTH, ZEM_PANEL_BOTH };
#define ZEM_FIGURE_PANELS "map half-width both"

/* What the user asked for. All zero is a picture for the screen of the usual size. */
struct zem_figure_options {
    enum zem_figure_format format;
    enum zem_figure_panel panel;
    size_t colors;         /* 0 for the usual colours, else 1 + the index of a row of zem_color_maps */
    const char *size;      /* "80mm", "80mmx60mm", "3.2in", "640px", "1200x900"; NULL for the usual size */
    const char *font_size; /* size in points; NULL for the usual size */
    const char *title;     /* "none" for none; NULL for the title of the scenario, or none in print */
    const char *levels;    /* contours: levels as "0.5,0.9", or their largest number; NULL: usual choice */
};

struct zem_figure {
    enum zem_picture picture;
    bool print;
    double width, height;               /* points; 0 until it is chosen to suit what is drawn */
    double font;                        /* size of the letters, points */
    double pixels;                      /* pixels of a point, in a PNG */
    bool superscripts;                  /* whether the fonts have raised digits */
    const char *title;                  /* NULL for the title of the scenario, "" for none */
    const struct zem_color_map *colors; /* NULL for the usual colours of each map */
    enum zem_figure_panel panel;
    struct zem_contours_wish levels;
    size_t *missing;     /* counts characters that no font has, drawn as question marks; NULL: no counting */
    char name[500];      /* title that the file carries, also if none is drawn */
    char caption[2000];  /* sentences for what the picture does not say itself */
    char warnings[2000]; /* warnings for the user, one a line */
};

/* Fills a figure from the options. Returns 0, or ZEM_USAGE with the option, its value and what is possible. */
int zem_figure_init(struct zem_figure *figure, const struct zem_figure_options *options, enum zem_picture picture,
                    struct zem_error *error);

/* Sets width and height, in points, if the user gave no width. If the height is 0, zem_layout_fit derives it from the
 * width. */
void zem_figure_usual_size(struct zem_figure *figure, double width, double height);

/* Returns the title that is drawn: that of the user, else the title or the name of the scenario; "" for none. Also sets
 * figure->name, to the scenario's title or name if no title is drawn. */
const char *zem_figure_title(struct zem_figure *figure, const struct zem_scenario *scenario);

/* Adds a line to the warnings, unless it is there already. */
void zem_figure_warn(struct zem_figure *figure, const char *form, ...) __attribute__((format(printf, 2, 3)));

/* Adds a sentence to the caption, with a full stop if it has none, unless it is there already. */
void zem_figure_say(struct zem_figure *figure, const char *form, ...) __attribute__((format(printf, 2, 3)));

#endif
