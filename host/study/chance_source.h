/* The sources of chance of a cell: the quantities that are drawn anew in every trial, such as the phase of a weave or
 * one kind of seeker noise. Each source has draws of its own. */
#ifndef ZEM_CHANCE_SOURCE_H
#define ZEM_CHANCE_SOURCE_H

#include "base/kernel_types.h"
#include "scenario/scenario.h"

#include <stddef.h>

/* The number of a source. Numbers below ZEM_SOURCE_COUNT are those of enum zem_source; the kernels make the draws of
 * these sources. A dispersed key that the host draws, before the trial is flown, has the number ZEM_SOURCE_COUNT + key.
 * Correlated keys are one source together, with the number of the first of these keys. ZEM_CHANCE_LIMIT is above every
 * number. */
#define ZEM_CHANCE_LIMIT (ZEM_SOURCE_COUNT + ZEM_KEY_SET_BITS)

/* The names of a source. Its word is the name of its key, or "section.name" for a key that the host draws and whose
 * name two sections have. Two sources have words of their own: "reversals" (of a telegraph maneuver),
 * whose key is target.switching_rate, and "lethality", whose key is a choice and not a number. */
struct zem_chance_source {
    const char *word;    /* "acceleration", "glint", "reversals": one word, without blanks */
    const char *meaning; /* a noun phrase that says what the source is */
    enum zem_key key;    /* the key by which a scenario sets the source */
};

/* Returns the description of the source with the number `source`, below ZEM_CHANCE_LIMIT. Its texts are constants. */
struct zem_chance_source zem_chance_source(unsigned source);

/* Writes the path of the source's key, such as "target.acceleration", into text[size]. Returns text. */
const char *zem_chance_source_path(unsigned source, char *text, size_t size);

/* Returns the set of enum zem_source that vary in a cell, bit k for source k. `value` has the values of the keys in the
 * cell, and `cell` has been derived from them. Keys that the host draws are not in the set; zem_chance_keys returns
 * them. */
uint32_t zem_chance_sources(const struct zem_value value[ZEM_KEY_COUNT], const struct cell_parameters *cell);

/* zem_chance_keys returns the keys that the host draws for every trial and that have an effect; of correlated keys it
 * returns only the first. zem_chance_group returns the keys that one source of the host consists of: a key, with all
 * keys that are correlated with it. For a source below ZEM_SOURCE_COUNT it returns the empty set. */
zem_key_set zem_chance_keys(const struct zem_scenario *scenario);
zem_key_set zem_chance_group(const struct zem_scenario *scenario, unsigned source);

/* Returns the set of the quantities of enum zem_varied that have an effect in the cell, whether they vary from trial to
 * trial or not: bit k for quantity k. */
uint32_t zem_chance_quantities(const struct zem_value value[ZEM_KEY_COUNT]);

#endif
