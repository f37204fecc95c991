/* Perceptually uniform colour maps, as a few stops between which colours are interpolated. */
#ifndef ZEM_COLOR_MAP_H
#define ZEM_COLOR_MAP_H

#include <stdint.h>

#define ZEM_COLOR_STOPS 9

/* Stops of equal distance from 0 to 1, 0xRRGGBB: viridis for values, magma for widths (S. van der Walt and N. Smith
 * 2015, the default colour maps of matplotlib, CC0). */
extern const uint32_t zem_color_viridis[ZEM_COLOR_STOPS];
extern const uint32_t zem_color_magma[ZEM_COLOR_STOPS];

/* Colour at `fraction`, cut to [0, 1]. */
uint32_t zem_color_at(const uint32_t stops[ZEM_COLOR_STOPS], double fraction);

/* Nearest colour of the 6 x 6 x 6 cube of terminals with 256 colours. */
unsigned zem_color_256(uint32_t color);

/* Black or white, whichever reads better on this colour. */
uint32_t zem_color_ink(uint32_t color);

#endif
