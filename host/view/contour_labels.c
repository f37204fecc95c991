/* Divides the panel into small squares, and marks for each square which contours pass through it. A label takes the
 * place on its contour that has the most room around it. Lengths are in letters: the size of the letters of the
 * picture. */
#include "view/contour_labels.h"

#include "view/text_fit.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <stdio.h>

#define SQUARES 4.0         /* number of squares on the length of a letter */
#define SQUARES_MOST 1200.0 /* largest number of squares on a side */
#define MARGIN 0.2          /* margin of the white box about a label, in sizes of a letter */
#define REPEAT 24.0         /* least distance of two labels of one contour, in sizes of a letter */
#define LABEL_BIT (1u << ZEM_CONTOURS_MOST)

/* Free room about a label, in sizes of a letter. The first of these values for which some place has the room is
 * taken. */
static const double clearances[] = {1.5, 0.7, 0.15};

struct map {
    const struct zem_view *view;
    const struct zem_contours *contours;
    const struct zem_contour_panel *panel;
    size_t columns, rows;
    /* square[rows x columns] of the panel. Bit k is set if contour k passes through the square, and LABEL_BIT if a
     * label covers it. */
    uint32_t *square;
};

const char *zem_contour_label(double level, char text[32])
{
    snprintf(text, 32, "%g", level);
    return text;
}

/* A point of a contour, in sizes of a letter from the lower left corner of the panel. */
struct point {
    double x, y;
};

/* Finds where a contour crosses the edges of the square of four neighbouring points whose lower left one is (column,
 * row). Returns the number of crossings. gnuplot draws the contour through the same points. */
static int find_crossings(const struct map *map, size_t level, size_t column, size_t row, struct point crossing[4])
{
    static const size_t corners[5][2] = {{0, 0}, {1, 0}, {1, 1}, {0, 1}, {0, 0}};
    const double *value = map->contours->surface + level * map->contours->points, wanted = map->contours->level[level];
    int count = 0;
    for (int i = 0; i < 4; i++) {
        const size_t c0 = column + corners[i][0], r0 = row + corners[i][1], c1 = column + corners[i + 1][0],
                     r1 = row + corners[i + 1][1];
        const double a = value[r0 * map->view->columns + c0], b = value[r1 * map->view->columns + c1];
        if (!((a <= wanted && wanted < b) || (b <= wanted && wanted < a)))
            continue;
        const double part = (wanted - a) / (b - a);
        crossing[count].x = ((1.0 - part) * map->panel->x[c0] + part * map->panel->x[c1]) * map->panel->width;
        crossing[count].y = ((1.0 - part) * map->panel->y[r0] + part * map->panel->y[r1]) * map->panel->height;
        count++;
    }
    return count;
}

static size_t index_of(double place, size_t count)
{
    const double at = place * SQUARES;
    return at <= 0.0 ? 0 : at >= (double)count ? count - 1 : (size_t)at;
}

static void mark_line(struct map *map, const struct point *a, const struct point *b, uint32_t bit)
{
    const size_t steps = (size_t)ceil(hypot(b->x - a->x, b->y - a->y) * SQUARES * 2.0) + 1;
    for (size_t i = 0; i <= steps; i++) {
        const double part = (double)i / (double)steps;
        map->square[index_of(a->y + part * (b->y - a->y), map->rows) * map->columns
                    + index_of(a->x + part * (b->x - a->x), map->columns)] |= bit;
    }
}

static void mark_contours(struct map *map)
{
    struct point crossing[4];
    for (size_t level = 0; level < map->contours->count; level++)
        for (size_t row = 0; row + 1 < map->view->rows; row++)
            for (size_t column = 0; column + 1 < map->view->columns; column++) {
                const int count = find_crossings(map, level, column, row, crossing);
                for (int i = 1; i < count; i++)
                    for (int k = 0; k < i; k++)
                        mark_line(map, &crossing[k], &crossing[i], 1u << level);
            }
}

/* Returns the bits of the contours and labels in a box about a place; all bits if the box leaves the panel. */
static uint32_t look(const struct map *map, const struct point *middle, double half_width, double half_height)
{
    uint32_t found = 0;
    if (middle->x < half_width || middle->y < half_height || middle->x + half_width > map->panel->width
        || middle->y + half_height > map->panel->height)
        return UINT32_MAX;
    for (size_t k = index_of(middle->y - half_height, map->rows); k <= index_of(middle->y + half_height, map->rows);
         k++)
        for (size_t i = index_of(middle->x - half_width, map->columns);
             i <= index_of(middle->x + half_width, map->columns); i++)
            found |= map->square[k * map->columns + i];
    return found;
}

static void mark_label(struct map *map, const struct point *middle, double half_width, double half_height)
{
    for (size_t k = index_of(middle->y - half_height, map->rows); k <= index_of(middle->y + half_height, map->rows);
         k++)
        for (size_t i = index_of(middle->x - half_width, map->columns);
             i <= index_of(middle->x + half_width, map->columns); i++)
            map->square[k * map->columns + i] |= LABEL_BIT;
}

static bool is_far(const struct map *map, const struct zem_contour_labels *labels, const struct point *place)
{
    for (size_t i = 0; i < labels->count; i++)
        if (hypot(labels->x[i] * map->panel->width - place->x, labels->y[i] * map->panel->height - place->y) < REPEAT)
            return false;
    return true;
}

/* Finds the place of the next label of a contour: of the crossings with the most room, the one nearest to the middle of
 * the panel. Of very many squares only an evenly spread part is searched. Returns false if there is no place. */
static bool find_place(const struct map *map, size_t level, const struct zem_contour_labels *labels, double half_width,
                       double half_height, struct point *best)
{
    const size_t cells = (map->view->rows - 1) * (map->view->columns - 1), stride = 1 + cells / 20000;
    double nearest = (double)INFINITY;
    for (size_t n = 0; n < sizeof clearances / sizeof *clearances && !isfinite(nearest); n++)
        for (size_t cell = 0; cell < cells; cell += stride) {
            struct point crossing[4];
            const int count =
                find_crossings(map, level, cell % (map->view->columns - 1), cell / (map->view->columns - 1), crossing);
            for (int i = 0; i < count; i++) {
                const double away =
                    hypot(crossing[i].x - 0.5 * map->panel->width, crossing[i].y - 0.5 * map->panel->height);
                if (away < nearest && is_far(map, labels, &crossing[i])
                    && (look(map, &crossing[i], half_width + clearances[n], half_height + clearances[n])
                        & ~(1u << level))
                           == 0) {
                    nearest = away;
                    *best = crossing[i];
                }
            }
        }
    return isfinite(nearest);
}

int zem_contour_labels_place(const struct zem_view *view, const struct zem_contours *contours,
                             const struct zem_contour_panel *panel, struct zem_contour_labels *labels,
                             struct zem_error *error)
{
    struct map map = {view,
                      contours,
                      panel,
                      (size_t)(fmin(panel->width * SQUARES, SQUARES_MOST) + 1.0),
                      (size_t)(fmin(panel->height * SQUARES, SQUARES_MOST) + 1.0),
                      NULL};
    map.square = calloc(map.columns * map.rows, sizeof *map.square);
    if (map.square == NULL)
        return zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for the labels of contours");
    mark_contours(&map);
    for (size_t level = 0; level < contours->count; level++) {
        char text[32];
        struct point place = {0.0, 0.0};
        const double width = zem_text_width(zem_contour_label(contours->level[level], text)),
                     half_width = 0.5 * ZEM_CONTOUR_LETTERS * width + MARGIN,
                     half_height = 0.5 * ZEM_CONTOUR_LETTERS + MARGIN;
        labels[level].half_width = half_width;
        labels[level].half_height = half_height;
        labels[level].count = 0;
        while (labels[level].count < ZEM_CONTOUR_LABELS_MOST
               && find_place(&map, level, &labels[level], half_width, half_height, &place)) {
            labels[level].x[labels[level].count] = place.x / panel->width;
            labels[level].y[labels[level].count++] = place.y / panel->height;
            mark_label(&map, &place, half_width, half_height);
        }
    }
    free(map.square);
    return ZEM_OK;
}
