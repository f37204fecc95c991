/* Names cells for the user, reads the names that the user gives, and chooses a sample of cells. A cell is named by its
 * axis indices, with commas between them. */
#include "scenario/cell_choice.h"

#include "base/number.h"
#include "scenario/grid.h"

#include <stdio.h>
#include <string.h>

/* Writes the axis indices of a cell to text[size], such as "3,5". Returns the length of the text. */
static size_t write_indices(const struct zem_scenario *scenario, uint64_t cell, char *text, size_t size)
{
    size_t index[ZEM_AXES_MAX], length = 0;
    zem_grid_indices(scenario, cell, index);
    for (size_t i = 0; i < scenario->axis_count && length < size; i++)
        length += (size_t)snprintf(text + length, size - length, "%s%zu", i > 0 ? "," : "", index[i]);
    return length;
}

const char *zem_cell_name(const struct zem_scenario *scenario, uint64_t cell, char *text, size_t size)
{
    size_t index[ZEM_AXES_MAX], length;
    if (scenario->axis_count == 0) {
        snprintf(text, size, "the only cell");
        return text;
    }
    zem_grid_indices(scenario, cell, index);
    length = (size_t)snprintf(text, size, "cell ");
    length += length < size ? write_indices(scenario, cell, text + length, size - length) : 0;
    for (size_t i = 0; i < scenario->axis_count && length < size; i++) {
        const struct zem_axis *axis = &scenario->axis[i];
        const bool pure = strcmp(axis->unit, "1") == 0;
        length += (size_t)snprintf(text + length, size - length, "%s%s = %.6g%s%s%s", i > 0 ? ", " : " (", axis->name,
                                   axis->display[index[i]], pure ? "" : " ", pure ? "" : axis->unit,
                                   i + 1 == scenario->axis_count ? ")" : "");
    }
    return text;
}

/* Sets the error for a name with too few or too many indices. A single number may be the number of a cell in a table;
 * the message then also gives the indices of that cell. */
static int refuse_count(const struct zem_scenario *scenario, const char *text, struct zem_error *error)
{
    char indices[200] = "";
    uint64_t cell;
    if (zem_number_whole(text, 0, zem_grid_cells(scenario) - 1, &cell))
        write_indices(scenario, cell, indices, sizeof indices);
    return zem_error_set(error, ZEM_USAGE,
                         "--cell %s: one index for each of the %zu sweep axes is needed, with commas between them%s%s",
                         text, scenario->axis_count,
                         indices[0] != '\0' ? "; the cell that tables give this number is --cell " : "", indices);
}

int zem_cell_read(const struct zem_scenario *scenario, const char *text, uint64_t *cell, struct zem_error *error)
{
    size_t index[ZEM_AXES_MAX] = {0};
    const size_t axes = scenario->axis_count;
    const char *at = text;
    *cell = 0;
    if (text == NULL && axes > 0)
        return zem_error_set(error, ZEM_USAGE,
                             "--cell is needed: one index from 0 for each of the %zu sweep axes, such as --cell %s",
                             axes, axes == 1 ? "0" : "0,0");
    for (size_t i = 0; text != NULL && i < axes; i++) {
        char number[24];
        uint64_t value;
        const size_t length = strcspn(at, ",");
        const bool last = i + 1 == axes;
        if (length >= sizeof number || (at[length] == ',') == last)
            return refuse_count(scenario, text, error);
        memcpy(number, at, length);
        number[length] = '\0';
        if (!zem_number_whole(number, 0, scenario->axis[i].points - 1, &value))
            return zem_error_set(error, ZEM_USAGE,
                                 "--cell %s: \"%s\" is no index of axis %s, which counts from 0 to %zu", text, number,
                                 scenario->axis[i].name, scenario->axis[i].points - 1);
        index[i] = (size_t)value;
        at += last ? length : length + 1;
    }
    if (text != NULL && axes == 0 && strcmp(text, "0") != 0)
        return zem_error_set(error, ZEM_USAGE, "--cell %s: the scenario has no sweep and one cell, leave --cell out",
                             text);
    *cell = zem_grid_cell(scenario, index);
    return ZEM_OK;
}

/* ---- a part of a grid ---- */

/* 2^32 over the golden ratio. The fractional parts of its multiples over 2^32 spread evenly (Knuth, The Art of Computer
 * Programming 3, section 6.4). */
#define GOLDEN_RATIO UINT32_C(0x9E3779B9)

#define EXAMINED_MOST 4096u /* the most cells that checks examine */

uint64_t zem_cell_spread_count(uint64_t cells, uint64_t most) { return cells < most ? cells : most; }

/* The first cell of a section. */
static uint64_t section_begin(uint64_t index, uint64_t cells, uint64_t count) { return index * cells / count; }

uint64_t zem_cell_spread(uint64_t index, uint64_t cells, uint64_t most)
{
    const uint64_t count = zem_cell_spread_count(cells, most), begin = section_begin(index, cells, count),
                   length = section_begin(index + 1, cells, count) - begin;
    if (index + 1 == count && index > 0)
        return cells - 1;
    return begin + ((uint64_t)((uint32_t)index * GOLDEN_RATIO) * length >> 32);
}

bool zem_cell_is_spread(uint64_t cell, uint64_t cells, uint64_t most)
{
    const uint64_t count = zem_cell_spread_count(cells, most);
    uint64_t index = cell * count / cells;
    if (index + 1 < count && section_begin(index + 1, cells, count) <= cell)
        index++; /* the division has rounded down to the section before */
    return zem_cell_spread(index, cells, most) == cell;
}

uint64_t zem_cell_examined_count(const struct zem_scenario *scenario)
{
    return zem_cell_spread_count(zem_grid_cells(scenario), EXAMINED_MOST);
}

uint64_t zem_cell_examined(const struct zem_scenario *scenario, uint64_t index)
{
    return zem_cell_spread(index, zem_grid_cells(scenario), EXAMINED_MOST);
}

/* Adds a cell unless it is among the first `known` of the cells chosen. Returns the new number of cells. */
static size_t add(uint64_t *chosen, size_t count, size_t known, uint64_t cell)
{
    for (size_t i = 0; i < known; i++)
        if (chosen[i] == cell)
            return count;
    chosen[count] = cell;
    return count + 1;
}

/* Returns the cell at corner number `corner` of the grid. If bit i of the number is 1, axis i is at its last point;
 * otherwise it is at its first. */
static uint64_t corner_cell(const struct zem_scenario *scenario, size_t corner)
{
    size_t index[ZEM_AXES_MAX];
    for (size_t i = 0; i < scenario->axis_count; i++)
        index[i] = (corner >> i & 1u) != 0 ? scenario->axis[i].points - 1 : 0;
    return zem_grid_cell(scenario, index);
}

size_t zem_cell_sample(const struct zem_scenario *scenario, size_t wanted, uint64_t *chosen)
{
    const uint64_t cells = zem_grid_cells(scenario);
    const size_t corners = (size_t)1 << scenario->axis_count;
    size_t index[ZEM_AXES_MAX], count = 0;
    for (size_t i = 0; i < scenario->axis_count; i++)
        index[i] = scenario->axis[i].points / 2;
    if (wanted > 0)
        count = add(chosen, count, count, zem_grid_cell(scenario, index));
    /* The first corner and the one opposite to it, then further pairs of opposite corners. */
    for (size_t k = 0; k < corners && count < wanted; k++)
        count = add(chosen, count, count, corner_cell(scenario, k % 2 == 0 ? k / 2 : corners - 1 - k / 2));
    const size_t known = count, room = wanted - count;
    for (uint64_t i = 0; room > 0 && i < zem_cell_spread_count(cells, room); i++)
        count = add(chosen, count, known, zem_cell_spread(i, cells, room));
    /* A few of these were chosen before, so a few more are needed. */
    for (uint64_t i = 0; room > 0 && count < wanted && i < zem_cell_spread_count(cells, wanted); i++)
        count = add(chosen, count, count, zem_cell_spread(i, cells, wanted));
    return count;
}
