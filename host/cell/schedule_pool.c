/* A pool of schedules: an array of steps that only grows, and hash tables by which a cell finds its schedule in the
 * array. When the array is full, a new one is begun. The old array lives as long as a batch uses it. */
#include "cell/schedule_pool.h"

#include "base/parallel.h"
#include "cell/schedule_table.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define NONE UINT32_MAX
#define KEYS_GRAIN 256 /* keys that a thread makes at a time */
#define TWINS_GRAIN 8  /* copies of schedules that a thread makes at a time */

/* A schedule in the array of steps. */
struct entry {
    struct cell_parameters key; /* the cell, with 0 in parameters on which no schedule depends */
    uint64_t hash, alike;       /* hash of the key, and of the key without its period */
    uint32_t twin;              /* an earlier entry whose steps differ only in the turns of weave or spiral, or NONE */
    uint32_t first;             /* its first step in the array */
};

/* A hash table of entries with open addressing. Its size is a power of two, at least twice the number of entries. */
struct table {
    uint32_t *slot; /* index of an entry + 1, or 0 if the slot is free */
    size_t size;
};

struct zem_schedule_array {
    struct schedule_step *steps;
    size_t count, room;
    unsigned batches; /* number of batches that use the array */
    bool current;     /* the pool appends to it */
    struct entry *entry;
    uint32_t entries, entries_room;
    struct table by_key, by_alike; /* finds every entry by its key; finds an entry without a twin by `alike` */
    uint64_t number;               /* different for every array of the pool, from 1 on */
};

struct zem_schedule_pool {
    struct zem_schedule_array *array; /* the array to which batches append, or NULL */
    uint64_t number;                  /* number of the newest array */
};

/* ---- keys ---- */

/* Copies a cell to `key` and sets parameters to 0 on which no schedule depends. A parameter that is not named here
 * stays, and so counts as one on which schedules depend. */
static void key_make(const struct cell_parameters *cell, struct cell_parameters *key)
{
    *key = *cell;
    memset(key->varied, 0, sizeof key->varied);
    memset(key->radius, 0, sizeof key->radius);
    key->varied[ZEM_VARIED_PERIOD].base = cell->varied[ZEM_VARIED_PERIOD].base;
    key->cell_word = key->seed_low = key->seed_high = key->schedule_first = key->radius_count = key->shots =
        key->trial_offset = 0u;
    key->divert_limit = key->spacing = key->switching_rate = key->acceleration_limit = key->rate_limit =
        key->interceptor_speed = 0.0f;
    if ((cell->features & ZEM_FEATURE_KALMAN) == 0u) { /* no trial reads the tabulated gains */
        key->process_noise = 0.0f;
        memset(key->initial_variance, 0, sizeof key->initial_variance);
    }
}

/* Whether the schedules of two keys are equal apart from the tabulated turns of a weave or spiral (cosines and sines of
 * the angles by which it turns). */
static bool alike(const struct cell_parameters *a, const struct cell_parameters *b)
{
    const size_t before = offsetof(struct cell_parameters, varied), after = before + sizeof a->varied;
    return memcmp(a, b, before) == 0
           && memcmp((const char *)a + after, (const char *)b + after, sizeof *a - after) == 0;
}

static bool same(const struct cell_parameters *a, const struct cell_parameters *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

bool zem_schedule_agrees(const struct cell_parameters *a, const struct cell_parameters *b)
{
    struct cell_parameters first, second;
    key_make(a, &first);
    key_make(b, &second);
    return same(&first, &second);
}

static uint64_t mix(uint64_t state, uint32_t word)
{
    state = (state ^ word) * UINT64_C(0x9E3779B97F4A7C15);
    return state ^ state >> 29;
}

static void key_hash(struct entry *entry)
{
    uint32_t words[sizeof entry->key / 4];
    const size_t period = (offsetof(struct cell_parameters, varied) + ZEM_VARIED_PERIOD * sizeof(struct quantity)) / 4;
    memcpy(words, &entry->key, sizeof words);
    const uint32_t period_bits = words[period];
    words[period] = 0u;
    entry->alike = 0u;
    for (size_t k = 0; k < sizeof words / sizeof *words; k++)
        entry->alike = mix(entry->alike, words[k]);
    entry->hash = mix(entry->alike, period_bits);
}

/* ---- tables ---- */

static uint64_t entry_hash(const struct entry *entry, bool by_alike) { return by_alike ? entry->alike : entry->hash; }

/* Returns the index of the entry of the table that is the same as `wanted` (or alike, if `by_alike` is set), or NONE if
 * there is none. In the latter case `*place` gets the free slot in which `wanted` belongs. */
static uint32_t table_find(const struct zem_schedule_array *array, const struct table *table,
                           const struct entry *wanted, bool by_alike, size_t *place)
{
    const uint64_t hash = entry_hash(wanted, by_alike);
    size_t k = (size_t)(hash & (table->size - 1));
    for (; table->slot[k] != 0u; k = (k + 1) & (table->size - 1)) {
        const struct entry *found = &array->entry[table->slot[k] - 1u];
        if (entry_hash(found, by_alike) == hash && (by_alike ? alike : same)(&found->key, &wanted->key))
            return table->slot[k] - 1u;
    }
    *place = k;
    return NONE;
}

static int table_grow(struct zem_schedule_array *array, struct table *table, bool by_alike)
{
    const size_t size = table->size == 0 ? 256 : 2 * table->size;
    uint32_t *slot = calloc(size, sizeof *slot);
    if (slot == NULL)
        return -1;
    free(table->slot);
    *table = (struct table){slot, size};
    for (uint32_t k = 0; k < array->entries; k++) {
        size_t place = (size_t)(entry_hash(&array->entry[k], by_alike) & (size - 1));
        if (by_alike && array->entry[k].twin != NONE)
            continue;
        while (slot[place] != 0u)
            place = (place + 1) & (size - 1);
        slot[place] = k + 1u;
    }
    return 0;
}

/* Makes room for one more entry in the array and in its tables. Returns 0, or -1 without memory. */
static int entries_fit(struct zem_schedule_array *array)
{
    if (array->entries == array->entries_room) {
        const uint32_t room = array->entries_room == 0u ? 64u : 2u * array->entries_room;
        struct entry *entry = realloc(array->entry, room * sizeof *entry);
        if (entry == NULL)
            return -1;
        array->entry = entry;
        array->entries_room = room;
    }
    if (2 * ((size_t)array->entries + 1) <= array->by_key.size)
        return 0;
    return table_grow(array, &array->by_key, false) == 0 ? table_grow(array, &array->by_alike, true) : -1;
}

/* ---- arrays ---- */

static void array_free(struct zem_schedule_array *array)
{
    if (array == NULL)
        return;
    free(array->steps);
    free(array->entry);
    free(array->by_key.slot);
    free(array->by_alike.slot);
    free(array);
}

static void array_empty(struct zem_schedule_array *array)
{
    array->count = 0;
    array->entries = 0u;
    if (array->by_key.size > 0) {
        memset(array->by_key.slot, 0, array->by_key.size * sizeof *array->by_key.slot);
        memset(array->by_alike.slot, 0, array->by_alike.size * sizeof *array->by_alike.slot);
    }
}

/* Takes the current array out of the pool. The array is freed now if no batch uses it, otherwise when the last batch
 * releases it. */
static void array_forget(struct zem_schedule_pool *pool)
{
    if (pool->array != NULL && pool->array->batches == 0)
        array_free(pool->array);
    else if (pool->array != NULL)
        pool->array->current = false;
    pool->array = NULL;
}

/* Replaces the current array of the pool by an empty one with room for `steps`. An array that no batch uses is emptied
 * and used again. Returns 0, or -1 without memory. */
static int array_begin(struct zem_schedule_pool *pool, size_t steps)
{
    struct zem_schedule_array *array = pool->array;
    const size_t room = steps > ZEM_SCHEDULE_ARRAY_STEPS ? steps : ZEM_SCHEDULE_ARRAY_STEPS;
    if (array == NULL || array->batches > 0 || array->room < room) {
        array_forget(pool);
        array = calloc(1, sizeof *array);
        if (array == NULL || (array->steps = malloc(room * sizeof *array->steps)) == NULL) {
            array_free(array);
            return -1;
        }
        array->room = room;
        array->current = true;
        pool->array = array;
    }
    array_empty(array);
    array->number = ++pool->number;
    return 0;
}

/* ---- placing ---- */

/* The cells of a batch, their keys, and the array in which their schedules are placed. */
struct placing {
    struct zem_schedule_array *array;
    struct cell_parameters *cells;
    struct entry *wanted; /* one for each cell */
    uint32_t first_new;   /* the first entry that the batch adds */
};

static void make_keys(void *context, size_t first, size_t last)
{
    const struct placing *placing = context;
    for (size_t k = first; k < last; k++)
        if (placing->cells[k].schedule_steps > 0u) {
            key_make(&placing->cells[k], &placing->wanted[k].key);
            key_hash(&placing->wanted[k]);
        }
}

/* Searches the array for the schedule of each of `count` cells. If the array lacks the schedule, the function appends
 * an entry for it. The function then sets schedule_first of the cell. Returns 0, -1 without memory, or 1 if the array
 * is full. */
static int find_places(const struct placing *placing, size_t count)
{
    struct zem_schedule_array *array = placing->array;
    for (size_t k = 0; k < count; k++) {
        struct entry *wanted = &placing->wanted[k];
        struct cell_parameters *cell = &placing->cells[k];
        size_t place, alike_place;
        if (cell->schedule_steps == 0u)
            continue;
        if (entries_fit(array) != 0)
            return -1;
        const uint32_t found = table_find(array, &array->by_key, wanted, false, &place);
        if (found != NONE) {
            cell->schedule_first = array->entry[found].first;
            continue;
        }
        if (array->room - array->count < cell->schedule_steps)
            return 1;
        wanted->twin = table_find(array, &array->by_alike, wanted, true, &alike_place);
        wanted->first = cell->schedule_first = (u32)array->count;
        array->by_key.slot[place] = array->entries + 1u;
        if (wanted->twin == NONE)
            array->by_alike.slot[alike_place] = array->entries + 1u;
        array->entry[array->entries++] = *wanted;
        array->count += cell->schedule_steps;
    }
    return 0;
}

/* Tabulates the steps of new entries that have no twin. zem_schedule_fill gets the key in place of the cell, which
 * gives the same steps. */
static void fill_steps(void *context, size_t first, size_t last)
{
    const struct placing *placing = context;
    for (size_t k = placing->first_new + first; k < placing->first_new + last; k++) {
        const struct entry *entry = &placing->array->entry[k];
        if (entry->twin == NONE)
            zem_schedule_fill(&entry->key, placing->array->steps + entry->first);
    }
}

/* Fills the steps of new entries that have a twin, which is an earlier entry whose steps differ only in the turns of
 * weave or spiral: copies the steps of the twin and sets the turns. */
static void fill_twins(void *context, size_t first, size_t last)
{
    const struct placing *placing = context;
    struct schedule_step *steps = placing->array->steps;
    for (size_t k = placing->first_new + first; k < placing->first_new + last; k++) {
        const struct entry *entry = &placing->array->entry[k];
        if (entry->twin == NONE)
            continue;
        memcpy(steps + entry->first, steps + placing->array->entry[entry->twin].first,
               entry->key.schedule_steps * sizeof *steps);
        zem_schedule_turn(&entry->key, steps + entry->first);
    }
}

/* Places the cells in the current array, or in a new array if they do not fit. Returns 0 or the status of
 * find_places. */
static int place_all(struct zem_schedule_pool *pool, struct placing *placing, size_t count)
{
    size_t steps = 0;
    int status = 1;
    if (pool->array != NULL) {
        placing->array = pool->array;
        placing->first_new = pool->array->entries;
        status = find_places(placing, count);
    }
    if (status != 1)
        return status;
    for (size_t k = 0; k < count; k++)
        steps += placing->cells[k].schedule_steps;
    if (array_begin(pool, steps) != 0)
        return -1;
    placing->array = pool->array;
    placing->first_new = 0u;
    return find_places(placing, count);
}

int zem_schedule_pool_place(struct zem_schedule_pool *pool, struct cell_parameters *cells, size_t count,
                            unsigned threads, struct zem_schedules *schedules)
{
    bool any = false;
    *schedules = (struct zem_schedules){0};
    for (size_t k = 0; k < count; k++) {
        cells[k].schedule_first = 0u;
        any = any || cells[k].schedule_steps > 0u;
    }
    if (!any)
        return 0;
    struct placing placing = {.cells = cells, .wanted = malloc(count * sizeof *placing.wanted)};
    if (placing.wanted == NULL)
        return -1;
    zem_parallel_for(count, KEYS_GRAIN, threads, make_keys, &placing);
    const int status = place_all(pool, &placing, count);
    free(placing.wanted);
    if (status != 0) {
        array_forget(pool);
        return -1;
    }
    struct zem_schedule_array *array = placing.array;
    const size_t fresh = array->entries - placing.first_new;
    zem_parallel_for(fresh, 1, threads, fill_steps, &placing);
    zem_parallel_for(fresh, TWINS_GRAIN, threads, fill_twins, &placing);
    array->batches++;
    *schedules = (struct zem_schedules){.steps = array->steps,
                                        .count = array->count,
                                        .number = array->number,
                                        .added = fresh == 0 ? 0 : array->count - array->entry[placing.first_new].first,
                                        .array = array};
    return 0;
}

/* ---- creating, releasing and freeing ---- */

struct zem_schedule_pool *zem_schedule_pool_create(void) { return calloc(1, sizeof(struct zem_schedule_pool)); }

void zem_schedule_pool_release(struct zem_schedules *schedules)
{
    struct zem_schedule_array *array = schedules->array;
    if (array != NULL && --array->batches == 0 && !array->current)
        array_free(array);
    *schedules = (struct zem_schedules){0};
}

void zem_schedule_pool_free(struct zem_schedule_pool *pool)
{
    if (pool != NULL)
        array_forget(pool);
    free(pool);
}
