/* Searches the table of examples, which is made from the files of models/ at build time. */
#include "scenario/example.h"

#include "base/suggestion.h"

#include <string.h>

const struct zem_example *zem_example_find(const char *name)
{
    for (const struct zem_example *example = zem_examples; example->name; example++)
        if (strcmp(example->name, name) == 0)
            return example;
    return NULL;
}

const char *zem_example_nearest(const char *name)
{
    const char *nearest = NULL;
    size_t least = zem_suggestion_limit(strlen(name)) + 1;
    for (const struct zem_example *example = zem_examples; example->name; example++) {
        const size_t distance = zem_suggestion_distance(name, strlen(name), example->name, strlen(example->name));
        if (distance < least) {
            least = distance;
            nearest = example->name;
        }
    }
    return nearest;
}
