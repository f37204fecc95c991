/* The doctrines that a user states. Each parameter has one value or several; a doctrine is one combination of values,
 * and the set has all combinations. */
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

/* What is fired as one. */
enum zem_doctrine_unit {
    ZEM_DOCTRINE_UNIT_SALVO, /* a whole salvo of the result; different salvos are independent */
    ZEM_DOCTRINE_UNIT_SHOT,  /* a single shot; the shots at a target are those of one salvo */
    ZEM_DOCTRINE_UNITS
};

/* The words of the units, in the order of the enumeration. */
#define ZEM_DOCTRINE_UNIT_SALVO_WORD "salvo"
#define ZEM_DOCTRINE_UNIT_SHOT_WORD "shot"
#define ZEM_DOCTRINE_UNIT_WORDS ZEM_DOCTRINE_UNIT_SALVO_WORD " " ZEM_DOCTRINE_UNIT_SHOT_WORD
extern const char *const zem_doctrine_unit_words[ZEM_DOCTRINE_UNITS];

#define ZEM_DOCTRINE_VALUES_MAX 16 /* largest number of values of a parameter */

/* A parameter as an option of `zem doctrine` (its name without dashes, its argument, its help), as a variable in files
 * (name, long_name), and its range from `low` to `high`; `whole` if only whole numbers are allowed. */
struct zem_doctrine_row {
    const char *option, *argument, *help, *name, *long_name;
    bool whole;
    double low, high;
    const char *absent; /* the value, as text, if the option is absent; NULL: there is none */
};

extern const struct zem_doctrine_row zem_doctrine_table[ZEM_DOCTRINE_KEYS];

/* The volleys of a doctrine as the user wrote them: "2+1" is a volley of two units, a look, and a volley of one. */
struct zem_doctrine_fire {
    size_t volleys;
    unsigned salvos[ZEM_VOLLEYS_MAX];
    char text[ZEM_VOLLEYS_MAX * 3];
};

struct zem_doctrine_set {
    enum zem_doctrine_unit unit;     /* a "salvo" of a doctrine of the set is one unit */
    size_t count[ZEM_DOCTRINE_KEYS]; /* number of values; 0 only for an absent inventory, which is unlimited */
    double value[ZEM_DOCTRINE_KEYS][ZEM_DOCTRINE_VALUES_MAX]; /* not for ZEM_DOCTRINE_FIRE, which uses `fire` */
    struct zem_doctrine_fire fire[ZEM_DOCTRINE_VALUES_MAX];
};

/* Reads the values of all parameters, for salvos as the unit. Each text is a list with commas, or NULL where the option
 * is absent. Returns 0, or ZEM_USAGE if a text is no value of its parameter, if a list has more than
 * ZEM_DOCTRINE_VALUES_MAX values or the same value twice, or if an assessment is worse than chance (kill_seen +
 * survivor_seen < 1). */
int zem_doctrine_set_read(struct zem_doctrine_set *set, const char *const text[ZEM_DOCTRINE_KEYS],
                          struct zem_error *error);

/* zem_doctrine_set_size returns the number of doctrines. zem_doctrine_set_indices writes, for doctrine `which` (from
 * 0), the index of its value of every parameter; the last parameter varies fastest. */
size_t zem_doctrine_set_size(const struct zem_doctrine_set *set);
void zem_doctrine_set_indices(const struct zem_doctrine_set *set, size_t which, size_t index[ZEM_DOCTRINE_KEYS]);

/* Returns the value of a parameter in doctrine `which`: INFINITY for an unlimited inventory, and a number without
 * meaning for ZEM_DOCTRINE_FIRE. */
double zem_doctrine_set_value(const struct zem_doctrine_set *set, size_t which, enum zem_doctrine_key key);

/* Writes the value of a parameter in doctrine `which` into text[size]: "2+1", "0.9", or "any" for an unlimited
 * inventory. Returns text. */
const char *zem_doctrine_set_text(const struct zem_doctrine_set *set, size_t which, enum zem_doctrine_key key,
                                  char *text, size_t size);

/* Returns 0, or ZEM_USAGE if a doctrine of single shots fires more of them at a target than the `shots` shots that a
 * salvo of the result has. */
int zem_doctrine_set_check_shots(const struct zem_doctrine_set *set, size_t shots, struct zem_error *error);

/* Returns doctrine `which`. A unit has `shots` interceptors: the inventory of the set counts interceptors, that of the
 * doctrine whole units. */
struct zem_doctrine zem_doctrine_set_doctrine(const struct zem_doctrine_set *set, size_t which, size_t shots);

#endif
