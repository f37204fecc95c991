/* The table of keys of scenario_keys.h as an array, and the search for a key by its path. All code that handles
 * scenario keys loops over this table, so that no other file has a list of keys. */
#include "base/kernel_types.h"
#include "scenario/scenario.h"

#include <stdio.h>
#include <string.h>

/* The column `rule` of the table expands to the members rule, low and high of struct zem_key_info. */
#define ZEM_ANY ZEM_RULE_ANY, 0, 0
#define ZEM_POSITIVE ZEM_RULE_POSITIVE, 0, 0
#define ZEM_NONNEGATIVE ZEM_RULE_NONNEGATIVE, 0, 0
#define ZEM_FRACTION ZEM_RULE_FRACTION, 0, 0
#define ZEM_RANGE(low, high) ZEM_RULE_RANGE, low, high

#define ZEM_KEY_LINE(identifier, section, name, kind, unit, default_text, rule, flags, choice, description) \
    {section, name, kind, unit, default_text, rule, flags, choice, description},

const struct zem_key_info zem_key_table[ZEM_KEY_COUNT] = {ZEM_SCENARIO_KEYS(ZEM_KEY_LINE)};

enum zem_key zem_key_find(const char *path, size_t length)
{
    for (int key = 0; key < ZEM_KEY_COUNT; key++) {
        const struct zem_key_info *info = &zem_key_table[key];
        size_t section = strlen(info->section), name = strlen(info->name);
        if (length == section + 1 + name && memcmp(path, info->section, section) == 0 && path[section] == '.'
            && memcmp(path + section + 1, info->name, name) == 0)
            return (enum zem_key)key;
    }
    return ZEM_KEY_COUNT;
}

unsigned zem_choice_index(const struct zem_value value[ZEM_KEY_COUNT], enum zem_key key)
{
    return (unsigned)value[key].first;
}

const struct zem_choice_row *zem_choice_row(const struct zem_value value[ZEM_KEY_COUNT], enum zem_key key)
{
    return &zem_key_table[key].choice->row[zem_choice_index(value, key)];
}

zem_key_set zem_keys_idle_by(const struct zem_value value[ZEM_KEY_COUNT], enum zem_key choice)
{
    return zem_key_table[choice].choice->keys & ~zem_choice_row(value, choice)->keys;
}

zem_key_set zem_keys_idle(const struct zem_value value[ZEM_KEY_COUNT])
{
    zem_key_set idle = 0;
    for (zem_key_set choices = ZEM_CHOICE_KEYS; choices != 0; choices &= choices - 1)
        idle |= zem_keys_idle_by(value, zem_key_first(choices));
    return idle;
}
