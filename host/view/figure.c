/* Turns the words of --size, --font-size, --title and --levels into numbers. */
#include "view/figure.h"

#include "base/number.h"
#include "base/printable.h"
#include "view/font_coverage.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define SIDE_LEAST 36.0  /* points: half an inch */
#define SIDE_MOST 5760.0 /* points: 2032 mm */
/* A picture for the screen whose width is less than so many times the size of its letters gets smaller letters, but not
 * below 7 points. */
#define WIDTH_IN_LETTERS 32.0
#define PIXELS_MOST 12000 /* largest number of pixels on a side of a PNG */

static const struct {
    const char *name;
    double points; /* points in one unit; 0 for the pixel, whose size depends on the resolution */
} units[] = {{"mm", 72.0 / 25.4}, {"cm", 72.0 / 2.54}, {"in", 72.0}, {"pt", 1.0}, {"px", 0.0}};

/* Reads a positive number at the start of a text and moves the text behind it. Returns 0 if there is none. */
static double take_number(const char **text)
{
    const size_t length = strspn(*text, "0123456789.");
    char number[32];
    size_t used = 0;
    if (length == 0 || length >= sizeof number)
        return 0.0;
    memcpy(number, *text, length);
    number[length] = '\0';
    if (zem_number_scan(number, length, &used) != ZEM_NUMBER_DECIMAL || used != length)
        return 0.0;
    *text += length;
    return zem_number_value(number, length, 0);
}

/* Reads a unit at the start of a text and moves the text behind it. Returns the points in one unit, -1 if there is
 * none. `pixel` is the size of a pixel in points. */
static double take_unit(const char **text, double pixel)
{
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strncmp(*text, units[i].name, 2) == 0) {
            *text += 2;
            return units[i].points > 0.0 ? units[i].points : pixel;
        }
    return -1.0;
}

static int read_size(struct zem_figure *figure, const char *size, struct zem_error *error)
{
    const char *at = size;
    const double pixel = figure->picture == ZEM_PICTURE_PNG ? 1.0 / figure->pixels : 72.0 / 96.0;
    double side[2] = {take_number(&at), 0.0}, unit[2] = {take_unit(&at, pixel), -1.0};
    const bool two = *at == 'x';
    if (two) {
        at++;
        side[1] = take_number(&at);
        unit[1] = take_unit(&at, pixel);
        unit[0] = unit[0] < 0.0 ? unit[1] : unit[0];
    }
    if (!two && side[0] > 0.0 && unit[0] < 0.0 && *at == '\0')
        return zem_error_set(error, ZEM_USAGE,
                             "plot: --size %s: a unit is missing: %smm, %sin (inches) or %spx (pixels)", size, size,
                             size, size);
    if (!(side[0] > 0.0) || (two && !(side[1] > 0.0)) || *at != '\0')
        return zem_error_set(error, ZEM_USAGE,
                             "plot: --size %s: a width or a width and a height are needed, such as 80mm, 80mmx60mm, "
                             "3.2in, 640px or 1200x900 (pixels)",
                             size);
    for (int i = 0; i < 2; i++) {
        side[i] *= unit[i] < 0.0 ? pixel : unit[i];
        const double most = figure->picture == ZEM_PICTURE_PNG ? PIXELS_MOST / figure->pixels : SIDE_MOST;
        if (side[i] != 0.0 && (side[i] < SIDE_LEAST || side[i] > fmin(most, SIDE_MOST) * (1.0 + 1e-9)))
            return zem_error_set(error, ZEM_USAGE, "plot: --size %s: a side of this picture may have %.0f to %.0f mm",
                                 size, ceil(SIDE_LEAST / 72.0 * 25.4),
                                 floor(fmin(most, SIDE_MOST) / 72.0 * 25.4 + 1e-9));
    }
    figure->width = side[0];
    figure->height = side[1];
    return ZEM_OK;
}

static int read_font_size(struct zem_figure *figure, const char *text, struct zem_error *error)
{
    const char *at = text;
    figure->font = take_number(&at);
    at += strncmp(at, "pt", 2) == 0 ? 2 : 0;
    if (*at != '\0' || !(figure->font >= 5.0 && figure->font <= 72.0))
        return zem_error_set(error, ZEM_USAGE,
                             "plot: --font-size %s: a number of points from 5, the least that can be read, to 72 is "
                             "needed",
                             text);
    return ZEM_OK;
}

static int read_levels(struct zem_contours_wish *wish, const char *levels, struct zem_error *error)
{
    uint64_t most = 0;
    wish->is_given = true;
    if (zem_number_whole(levels, 0, ZEM_CONTOURS_MOST, &most)) {
        wish->most = (size_t)most;
        return ZEM_OK;
    }
    const bool is_number = levels[strspn(levels, "0123456789")] == '\0'; /* a number of contours, but too large */
    for (const char *at = levels; !is_number && wish->count < ZEM_CONTOURS_MOST;) {
        char number[32];
        size_t used = 0;
        const size_t length = strcspn(at, ",");
        snprintf(number, sizeof number, "%.*s", (int)(length < sizeof number ? length : 0), at);
        if (zem_number_scan(number, length, &used) != ZEM_NUMBER_DECIMAL || used != length)
            break;
        const double level = zem_number_value(number, used, 0);
        if (wish->count > 0 && level <= wish->level[wish->count - 1])
            break;
        wish->level[wish->count++] = level;
        if (at[length] == '\0')
            return ZEM_OK;
        at += length + 1;
    }
    return zem_error_set(error, ZEM_USAGE,
                         "plot: --levels %s: levels in increasing order are needed, such as 0.5,0.9 (at most %d), or a "
                         "whole number up to %d, the most contours that there may be",
                         levels, ZEM_CONTOURS_MOST, ZEM_CONTOURS_MOST);
}

/* Returns ZEM_USAGE for a title with bytes that cannot be drawn as characters, else 0. */
static int check_title(const char *title, struct zem_error *error)
{
    for (const char *at = title; *at != '\0';) {
        const size_t length = zem_printable_length(at);
        if (length == 0 && (unsigned char)*at >= 0x80)
            return zem_error_set(error, ZEM_USAGE,
                                 "plot: --title: byte %zu, 0x%02x, begins no character of UTF-8 that can be drawn; "
                                 "write the title in UTF-8",
                                 (size_t)(at - title) + 1, (unsigned char)*at);
        at += length > 0 ? length : 1;
    }
    return ZEM_OK;
}

int zem_figure_init(struct zem_figure *figure, const struct zem_figure_options *options, enum zem_picture picture,
                    struct zem_error *error)
{
    const bool print = options->format == ZEM_FIGURE_PRINT;
    *figure = (struct zem_figure){
        .picture = picture,
        .print = print,
        .font = print ? 8.0 : 12.0,
        .pixels = (print ? 600.0 : 96.0) / 72.0,
        .superscripts = picture == ZEM_PICTURE_SVG || zem_font_has("\xc3\x97\xe2\x81\xbb\xe2\x81\xb0\xe2\x81\xb4"),
        .title = options->title != NULL && strcmp(options->title, "none") != 0 ? options->title
                 : options->title != NULL || print                             ? ""
                                                                               : NULL,
        .colors = options->colors > 0 ? &zem_color_maps[options->colors - 1] : NULL,
        .panel = options->panel,
    };
    int status = options->title != NULL ? check_title(options->title, error) : ZEM_OK;
    if (status == ZEM_OK && options->size != NULL)
        status = read_size(figure, options->size, error);
    if (!print && figure->width > 0.0)
        figure->font = fmin(fmax(figure->width / WIDTH_IN_LETTERS, 7.0), figure->font);
    if (status == ZEM_OK && options->font_size != NULL)
        status = read_font_size(figure, options->font_size, error);
    if (status == ZEM_OK && options->levels != NULL)
        status = read_levels(&figure->levels, options->levels, error);
    return status;
}

void zem_figure_usual_size(struct zem_figure *figure, double width, double height)
{
    if (figure->width > 0.0)
        return;
    figure->width = width;
    figure->height = height;
}

const char *zem_figure_title(struct zem_figure *figure, const struct zem_scenario *scenario)
{
    const char *own = scenario->title[0] != '\0' ? scenario->title : scenario->name,
               *title = figure->title != NULL ? figure->title : own;
    snprintf(figure->name, sizeof figure->name, "%s", title[0] != '\0' ? title : own);
    return title;
}

void zem_figure_warn(struct zem_figure *figure, const char *form, ...)
{
    char text[600];
    va_list arguments;
    va_start(arguments, form);
    vsnprintf(text, sizeof text, form, arguments);
    va_end(arguments);
    const size_t used = strlen(figure->warnings);
    if (strstr(figure->warnings, text) == NULL)
        snprintf(figure->warnings + used, sizeof figure->warnings - used, "zem: %s\n", text);
}

void zem_figure_say(struct zem_figure *figure, const char *form, ...)
{
    char text[600];
    va_list arguments;
    va_start(arguments, form);
    vsnprintf(text, sizeof text, form, arguments);
    va_end(arguments);
    text[0] = (char)toupper((unsigned char)text[0]);
    const size_t used = strlen(figure->caption), length = strlen(text);
    if (text[0] != '\0' && strstr(figure->caption, text) == NULL)
        snprintf(figure->caption + used, sizeof figure->caption - used, "%s%s%s", used > 0 ? " " : "", text,
                 text[length - 1] == '.' ? "" : ".");
}
