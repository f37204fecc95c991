/* Perceptually uniform colour maps, for the terminal and for pictures. A map is stored as a few colours (stops); the
 * colours between two stops are interpolated. */
#ifndef ZEM_COLOR_MAP_H
#define ZEM_COLOR_MAP_H

#include <stdint.h>

#define ZEM_COLOR_STOPS 9

/* Colours 0xRRGGBB at equal distances from 0 to 1: viridis for values, magma for half-widths of intervals. Source: S.
 * van der Walt and N. Smith 2015, the colour maps of matplotlib, CC0. */
extern const uint32_t zem_color_viridis[ZEM_COLOR_STOPS];
extern const uint32_t zem_color_magma[ZEM_COLOR_STOPS];

/* The maps that a user can choose by name. All grow brighter from the first stop to the last, so that they can be read
 * in grey and by people with colour blindness. cividis is the map of J. Nunez, C. Anderton and R. Renslow 2018, PLOS
 * ONE 13, e0199239. grey ends before white, because a white area would have no edge against the paper. */
struct zem_color_map {
    const char *name;
    const uint32_t *stops; /* stops[ZEM_COLOR_STOPS] */
};
#define ZEM_COLOR_MAPS 4
#define ZEM_COLOR_MAP_NAMES "viridis cividis magma grey"
extern const struct zem_color_map zem_color_maps[ZEM_COLOR_MAPS];

/* Blue below and red above a white middle, for differences. Source: C. Brewer 2003, ColorBrewer, RdBu, Apache 2.0. */
extern const uint32_t zem_color_diverging[ZEM_COLOR_STOPS];

/* Returns the colour at `fraction`, which is limited to [0, 1]. */
uint32_t zem_color_at(const uint32_t stops[ZEM_COLOR_STOPS], double fraction);

/* Returns the index of the nearest colour in the 6 x 6 x 6 colour cube of terminals with 256 colours. */
unsigned zem_color_256(uint32_t color);

/* Returns black on bright colours (luma above 140 of 255) and white on others. */
uint32_t zem_color_ink(uint32_t color);

#endif
