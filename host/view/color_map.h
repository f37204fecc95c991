/* Perceptually uniform colour maps, stored as a few stops between which colours are interpolated. For the terminal and
 * for plots. */
#ifndef ZEM_COLOR_MAP_H
#define ZEM_COLOR_MAP_H

#include <stdint.h>

#define ZEM_COLOR_STOPS 9

/* Colours 0xRRGGBB at equal distances from 0 to 1: viridis for values, magma for half-widths of intervals. Source: S.
 * van der Walt and N. Smith 2015, the colour maps of matplotlib, CC0. */
extern const uint32_t zem_color_viridis[ZEM_COLOR_STOPS];
extern const uint32_t zem_color_magma[ZEM_COLOR_STOPS];

/* The maps that can be asked for, by name. All grow brighter from end to end, so that they can be read in grey and by
 * people with colour blindness. cividis is that of J. Nunez, C. Anderton and R. Renslow 2018, PLOS ONE 13, e0199239;
 * grey stops short of white, against which a map would have no edge. */
struct zem_color_map {
    const char *name;
    const uint32_t *stops; /* ZEM_COLOR_STOPS of them */
};
#define ZEM_COLOR_MAPS 4
#define ZEM_COLOR_MAP_NAMES "viridis cividis magma grey"
extern const struct zem_color_map zem_color_maps[ZEM_COLOR_MAPS];

/* Blue below and red above a white middle, for differences. Source: C. Brewer 2003, ColorBrewer, RdBu, Apache 2.0. */
extern const uint32_t zem_color_diverging[ZEM_COLOR_STOPS];

/* The colour at `fraction`, which is limited to [0, 1]. */
uint32_t zem_color_at(const uint32_t stops[ZEM_COLOR_STOPS], double fraction);

/* The index of the nearest colour in the 6 x 6 x 6 cube of terminals with 256 colours. */
unsigned zem_color_256(uint32_t color);

/* Black or white, whichever has the better contrast on this colour. */
uint32_t zem_color_ink(uint32_t color);

#endif
