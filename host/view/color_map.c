/* The colour maps. Between two stops red, green and blue are interpolated linearly. Terminals get the nearest of their
 * 256 colours. */
#include "view/color_map.h"

#include <math.h>

const uint32_t zem_color_viridis[ZEM_COLOR_STOPS] = {0x440154, 0x472d7b, 0x3b528b, 0x2c728e, 0x21918c,
                                                     0x28ae80, 0x5ec962, 0xaddc30, 0xfde725};
const uint32_t zem_color_magma[ZEM_COLOR_STOPS] = {0x000004, 0x1d1147, 0x51127c, 0x832681, 0xb73779,
                                                   0xe75263, 0xfc8961, 0xfec488, 0xfcfdbf};
static const uint32_t cividis[ZEM_COLOR_STOPS] = {0x00224e, 0x1a386f, 0x434e6c, 0x61656f, 0x7d7c78,
                                                  0x9b9476, 0xbcae6c, 0xdec958, 0xfee838};
static const uint32_t grey[ZEM_COLOR_STOPS] = {0x101010, 0x2c2c2c, 0x484848, 0x646464, 0x808080,
                                               0x9c9c9c, 0xb8b8b8, 0xd4d4d4, 0xf0f0f0};

const struct zem_color_map zem_color_maps[ZEM_COLOR_MAPS] = {
    {"viridis", zem_color_viridis}, {"cividis", cividis}, {"magma", zem_color_magma}, {"grey", grey}};

static double channel(uint32_t color, int shift) { return (double)(color >> shift & 0xFF); }

const uint32_t zem_color_diverging[ZEM_COLOR_STOPS] = {0x2166AC, 0x4393C3, 0x92C5DE, 0xD1E5F0, 0xF7F7F7,
                                                       0xFDDBC7, 0xF4A582, 0xD6604D, 0xB2182B};

uint32_t zem_color_at(const uint32_t stops[ZEM_COLOR_STOPS], double fraction)
{
    double place = (fraction > 0 ? fraction < 1 ? fraction : 1 : 0) * (ZEM_COLOR_STOPS - 1);
    int stop = (int)fmin(place, ZEM_COLOR_STOPS - 2);
    uint32_t color = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
        double low = channel(stops[stop], shift), high = channel(stops[stop + 1], shift);
        color |= (uint32_t)(low + (high - low) * (place - stop) + 0.5) << shift;
    }
    return color;
}

unsigned zem_color_256(uint32_t color)
{
    unsigned index = 16;
    static const unsigned weight[] = {36, 6, 1};
    for (int i = 0; i < 3; i++) { /* the levels of a channel are 0, 95, 135, 175, 215 and 255 */
        double value = channel(color, 16 - 8 * i);
        unsigned level = value < 48 ? 0 : value < 115 ? 1 : (unsigned)((value - 35) / 40);
        index += weight[i] * level;
    }
    return index;
}

uint32_t zem_color_ink(uint32_t color)
{
    double luma = 0.299 * channel(color, 16) + 0.587 * channel(color, 8) + 0.114 * channel(color, 0);
    return luma > 140 ? 0x000000 : 0xFFFFFF;
}
