/* Defines the tables that choices.h declares, and finds words in them. It is the only file of this folder that knows
 * ZEM_FEATURE_..., whose names the rows contain. */
#include "scenario/choices.h"

#include "base/kernel_types.h"
#include "scenario/scenario.h"

#include <stdio.h>
#include <string.h>

#define CHOICE_ROW(choice, identifier, word, meaning, features, keys, properties) \
    [ZEM_##choice##_##identifier] = {word, meaning, features, keys, properties},
#define CHOICE_KEYS(choice, identifier, word, meaning, features, keys, properties) | (keys)
#define CHOICE_DEFINE(choice, name) \
    static const struct zem_choice_row name##_row[ZEM_##choice##_COUNT] = {ZEM_##choice##_ROWS(CHOICE_ROW)}; \
    const struct zem_choice zem_##name##_choice = {name##_row, ZEM_##choice##_COUNT, \
                                                   0 ZEM_##choice##_ROWS(CHOICE_KEYS)};
ZEM_CHOICES(CHOICE_DEFINE)

/* These assertions fail if the kernels fly a guidance law or a maneuver that has no row, or if a row names one that
 * they do not fly. */
#define CHOICE_FEATURES(choice, identifier, word, meaning, features, keys, properties) | (features)
_Static_assert((0 ZEM_GUIDANCE_ROWS(CHOICE_FEATURES)) == (ZEM_FEATURE_GUIDANCE | ZEM_FEATURES_OF_LAWS), "a row a law");
_Static_assert((0 ZEM_MANEUVER_ROWS(CHOICE_FEATURES)) == ZEM_FEATURES_OF_MANEUVERS, "a row for every maneuver");

unsigned zem_choice_find(const struct zem_choice *choice, const char *word)
{
    unsigned index = 0;
    while (index < choice->count && strcmp(choice->row[index].word, word) != 0)
        index++;
    return index;
}

const char *zem_choice_words(const struct zem_choice *choice, const char *between, char *text, size_t size)
{
    size_t length = 0;
    text[0] = '\0';
    for (unsigned i = 0; i < choice->count && length < size; i++)
        length += (size_t)snprintf(text + length, size - length, "%s%s", i > 0 ? between : "", choice->row[i].word);
    return text;
}
