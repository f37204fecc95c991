/* The sources of chance of a cell: what differs from trial to trial, each by draws of its own (enum zem_source). */
#ifndef ZEM_CHANCE_SOURCE_H
#define ZEM_CHANCE_SOURCE_H

#include "base/kernel_types.h"
#include "scenario/scenario.h"

#include <stddef.h>

/* Sources are numbered: enum zem_source, then one for every key that the host draws, ZEM_SOURCE_COUNT + key. Of keys
 * that are correlated, one stands for all. */
#define ZEM_CHANCE_LIMIT (ZEM_SOURCE_COUNT + ZEM_KEY_SET_BITS)

/* A source is named after its key. Two have a word of their own: "reversals", whose key is a rate, and "lethality",
 * whose key is a choice. */
struct zem_chance_source {
    const char *word;    /* "acceleration", "glint", "reversals": one word, without blanks */
    const char *meaning; /* for people: a noun phrase */
    enum zem_key key;    /* the key that sets it */
};

/* Returns the source number `source`, below ZEM_CHANCE_LIMIT. */
struct zem_chance_source zem_chance_source(unsigned source);

/* Writes the path of its key, "target.acceleration", into text[size]. Returns text. */
const char *zem_chance_source_path(unsigned source, char *text, size_t size);

/* The set of sources that vary in a cell with these values. `cell` has been derived from them. */
uint32_t zem_chance_sources(const struct zem_value value[ZEM_KEY_COUNT], const struct cell_parameters *cell);

/* zem_chance_keys: the keys that the host draws for every trial and that act; of a correlated group only the first.
 * zem_chance_group: all keys that share the draws of a source; none for a source below ZEM_SOURCE_COUNT. */
zem_key_set zem_chance_keys(const struct zem_scenario *scenario);
zem_key_set zem_chance_group(const struct zem_scenario *scenario, unsigned source);

/* Of the quantities of enum zem_varied, those that act in the cell, whether they vary or not. */
uint32_t zem_chance_quantities(const struct zem_value value[ZEM_KEY_COUNT]);

#endif
