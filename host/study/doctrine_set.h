/* The doctrines that a user states: for each parameter one value or several, which together make an axis. */
#ifndef ZEM_DOCTRINE_SET_H
#define ZEM_DOCTRINE_SET_H

#include "base/error.h"
#include "study/doctrine.h"

enum zem_doctrine_key {
    ZEM_DOCTRINE_FIRE,
    ZEM_DOCTRINE_RAID,
    ZEM_DOCTRINE_INVENTORY,
    ZEM_DOCTRINE_KILL_SEEN,
    ZEM_DOCTRINE_SURVIVOR_SEEN,
    ZEM_DOCTRINE_INTERCEPTOR,
    ZEM_DOCTRINE_LAUNCH,
    ZEM_DOCTRINE_TRACK,
    ZEM_DOCTRINE_COMMON,
    ZEM_DOCTRINE_KEYS
};

#define ZEM_DOCTRINE_VALUES_MAX 16 /* largest number of values of a parameter */

/* One row for each parameter: the option, its argument and help, the name in files, what it means, and its range. */
struct zem_doctrine_row {
    const char *option, *argument, *help, *name, *long_name;
    bool whole;
    double low, high;
    const char *absent; /* the value without the option; NULL: none */
};

extern const struct zem_doctrine_row zem_doctrine_table[ZEM_DOCTRINE_KEYS];

/* Volleys as the user wrote them, "2+1": volleys of two salvos and one, with a look between. */
struct zem_doctrine_fire {
    size_t volleys;
    unsigned salvos[ZEM_VOLLEYS_MAX];
    char text[ZEM_VOLLEYS_MAX * 3];
};

struct zem_doctrine_set {
    size_t count[ZEM_DOCTRINE_KEYS]; /* 0 only if no inventory was given, which is then unlimited */
    double value[ZEM_DOCTRINE_KEYS][ZEM_DOCTRINE_VALUES_MAX]; /* of ZEM_DOCTRINE_FIRE unused */
    struct zem_doctrine_fire fire[ZEM_DOCTRINE_VALUES_MAX];
};

/* Reads the values of all parameters, each a list with commas or NULL where the option is absent. ZEM_USAGE if a text
 * is no value of its parameter, if a list has more than ZEM_DOCTRINE_VALUES_MAX values or one twice, or if an
 * assessment is worse than chance: kill_seen + survivor_seen < 1. */
int zem_doctrine_set_read(struct zem_doctrine_set *set, const char *const text[ZEM_DOCTRINE_KEYS],
                          struct zem_error *error);

/* The number of doctrines, and the indices of the values of one of them; the last parameter varies fastest. */
size_t zem_doctrine_set_size(const struct zem_doctrine_set *set);
void zem_doctrine_set_indices(const struct zem_doctrine_set *set, size_t which, size_t index[ZEM_DOCTRINE_KEYS]);

/* The value of a parameter in one doctrine. */
double zem_doctrine_set_value(const struct zem_doctrine_set *set, size_t which, enum zem_doctrine_key key);

/* Writes the value as text: "2+1", "0.9", or "any" for an inventory without an end. Returns text. */
const char *zem_doctrine_set_text(const struct zem_doctrine_set *set, size_t which, enum zem_doctrine_key key,
                                  char *text, size_t size);

/* One doctrine, where a salvo has `shots` interceptors. */
struct zem_doctrine zem_doctrine_set_doctrine(const struct zem_doctrine_set *set, size_t which, size_t shots);

#endif
