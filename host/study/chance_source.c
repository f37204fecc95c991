/* The table of the sources of chance. The sources that are keys of a scenario take their names from the table of
 * keys. */
#include "study/chance_source.h"

#include "cell/cell.h"

#include <stdio.h>
#include <string.h>

/* The sources of enum zem_source that are not quantities of enum zem_varied. The index is the number of the source
 * minus ZEM_VARIED_COUNT. In place of a word or meaning that is NULL, zem_chance_source returns the name or the
 * description of the key. */
static const struct zem_chance_source others[ZEM_SOURCE_COUNT - ZEM_VARIED_COUNT] = {
    [ZEM_SOURCE_REVERSALS - ZEM_VARIED_COUNT] = {"reversals",
                                                 "instants at which a telegraph maneuver reverses, and its "
                                                 "sign at the start",
                                                 ZEM_KEY_SWITCHING_RATE},
    [ZEM_SOURCE_NOISE - ZEM_VARIED_COUNT] = {NULL, NULL, ZEM_KEY_GLINT},
    [ZEM_SOURCE_NOISE + 1 - ZEM_VARIED_COUNT] = {NULL, NULL, ZEM_KEY_ANGLE_NOISE},
    [ZEM_SOURCE_NOISE + 2 - ZEM_VARIED_COUNT] = {NULL, NULL, ZEM_KEY_SEMIACTIVE_NOISE},
    [ZEM_SOURCE_NOISE + 3 - ZEM_VARIED_COUNT] = {NULL, NULL, ZEM_KEY_ACTIVE_NOISE},
    [ZEM_SOURCE_LETHALITY -
        ZEM_VARIED_COUNT] = {"lethality", "the draw that scores a hit by Carleton's formula", ZEM_KEY_LETHALITY},
};

/* Returns the word of a source that is a key drawn by the host (chance_source.h): the name of the key, or
 * "section.name" if another section has a key of the same name. */
static const char *word_of(enum zem_key key)
{
#define PATH(identifier, section, name, ...) [ZEM_KEY_##identifier] = section "." name,
    static const char *const path[ZEM_KEY_COUNT] = {ZEM_SCENARIO_KEYS(PATH)};
    for (int other = 0; other < ZEM_KEY_COUNT; other++)
        if (other != (int)key && strcmp(zem_key_table[other].name, zem_key_table[key].name) == 0)
            return path[key];
    return zem_key_table[key].name;
}

zem_key_set zem_chance_group(const struct zem_scenario *scenario, unsigned source)
{
    if (source < ZEM_SOURCE_COUNT)
        return 0;
    const unsigned key = source - ZEM_SOURCE_COUNT;
    zem_key_set set = ZEM_KEY_SET_OF(key);
    for (size_t g = 0; g < scenario->correlation_count; g++) {
        zem_key_set group = 0;
        for (size_t k = 0; k < scenario->correlation[g].count; k++)
            group |= ZEM_KEY_SET_OF(scenario->correlation[g].key[k]);
        set |= group & set ? group : 0;
    }
    return set;
}

zem_key_set zem_chance_keys(const struct zem_scenario *scenario)
{
    const zem_key_set idle = zem_keys_idle(scenario->value);
    zem_key_set set = 0;
    for (unsigned key = 0; key < ZEM_KEY_SHOTS; key++)
        if (scenario->resolution.drawn[key] && !zem_key_in(idle, (enum zem_key)key)
            && !(zem_chance_group(scenario, ZEM_SOURCE_COUNT + key) & set))
            set |= ZEM_KEY_SET_OF(key);
    return set;
}

struct zem_chance_source zem_chance_source(unsigned source)
{
    if (source >= ZEM_SOURCE_COUNT) {
        const enum zem_key key = (enum zem_key)(source - ZEM_SOURCE_COUNT);
        return (struct zem_chance_source){word_of(key), zem_key_table[key].description, key};
    }
    struct zem_chance_source row = source < ZEM_VARIED_COUNT
                                       ? (struct zem_chance_source){.key = zem_cell_varied_key(source)}
                                       : others[source - ZEM_VARIED_COUNT];
    if (row.word == NULL)
        row.word = zem_key_table[row.key].name;
    if (row.meaning == NULL)
        row.meaning = zem_key_table[row.key].description;
    return row;
}

const char *zem_chance_source_path(unsigned source, char *text, size_t size)
{
    const struct zem_key_info *key = &zem_key_table[zem_chance_source(source).key];
    snprintf(text, size, "%s.%s", key->section, key->name);
    return text;
}

uint32_t zem_chance_quantities(const struct zem_value value[ZEM_KEY_COUNT])
{
    const zem_key_set idle = zem_keys_idle(value);
    uint32_t set = 0;
    for (unsigned k = 0; k < ZEM_VARIED_COUNT; k++)
        set |= zem_key_in(idle, zem_cell_varied_key(k)) ? 0u : 1u << k;
    return set;
}

uint32_t zem_chance_sources(const struct zem_value value[ZEM_KEY_COUNT], const struct cell_parameters *cell)
{
    const float density[ZEM_NOISE_KINDS] = {cell->glint, cell->angle_noise, cell->semiactive_noise, cell->active_noise};
    uint32_t set = 0;
    for (unsigned k = 0; k < ZEM_VARIED_COUNT; k++)
        set |= cell->varied[k].kind != ZEM_QUANTITY_CONSTANT ? 1u << k : 0u;
    set &= zem_chance_quantities(value);
    for (unsigned k = 0; (cell->features & ZEM_FEATURE_NOISE) && k < ZEM_NOISE_KINDS; k++)
        set |= density[k] > 0.0f ? 1u << (ZEM_SOURCE_NOISE + k) : 0u;
    if (cell->features & ZEM_FEATURE_TELEGRAPH)
        set |= 1u << ZEM_SOURCE_REVERSALS;
    if (cell->features & ZEM_FEATURE_CARLETON)
        set |= 1u << ZEM_SOURCE_LETHALITY;
    return set;
}
