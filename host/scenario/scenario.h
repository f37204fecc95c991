/* The scenario as the user wrote it, in SI units: the head of the flow of data. Produced by scenario_reader.c from YAML
 * and overrides, checked by scenario_check.c, expanded by grid.h. Knows nothing of cells, devices or results. */
#ifndef ZEM_SCENARIO_H
#define ZEM_SCENARIO_H

#include "base/diagnostics.h"
#include "base/error.h"
#include "scenario/choices.h"
#include "scenario/scenario_keys.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum zem_key_kind { ZEM_QUANTITY, ZEM_NUMBER, ZEM_INTEGER, ZEM_CHOICE };
enum zem_key_flags { ZEM_VARIES = 1, ZEM_SWEEPS = 2, ZEM_LINEAR_ONLY = 4, ZEM_POINT_MASS_ONLY = 8, ZEM_NOISE = 16 };
enum zem_rule_kind { ZEM_RULE_ANY, ZEM_RULE_POSITIVE, ZEM_RULE_NONNEGATIVE, ZEM_RULE_FRACTION, ZEM_RULE_RANGE };

/* One line of the table of keys. */
struct zem_key_info {
    const char *section, *name;
    enum zem_key_kind kind;
    const char *unit;         /* UDUNITS-2 spelling of the unit in which the value is kept */
    const char *default_text; /* NULL: required; "": may be absent */
    enum zem_rule_kind rule;
    uint64_t low, high;              /* for ZEM_RULE_RANGE */
    unsigned flags;                  /* enum zem_key_flags */
    const struct zem_choice *choice; /* for ZEM_CHOICE, else NULL */
    const char *description;
};

/* The table, indexed by enum zem_key. */
extern const struct zem_key_info zem_key_table[ZEM_KEY_COUNT];

/* How a value varies from trial to trial. */
enum zem_distribution { ZEM_CONSTANT, ZEM_NORMAL, ZEM_UNIFORM };

struct zem_value {
    bool given;   /* written in the file or by an override, not a default */
    bool present; /* false for an optional key without default that is absent */
    int line, column;
    enum zem_distribution distribution;
    double first;  /* constant; mean of a normal; lower end of a uniform. SI. For a choice its index, for an integer its
                      value */
    double second; /* sigma of a normal; upper end of a uniform */
    uint64_t integer; /* ZEM_INTEGER only: the exact value */
    char unit[32];    /* unit that the user wrote, "1" if none: for printing */
};

enum zem_part { ZEM_PART_VALUE, ZEM_PART_MEAN, ZEM_PART_SIGMA, ZEM_PART_FROM, ZEM_PART_TO };

#define ZEM_AXES_MAX 6
#define ZEM_RADII_MAX 32

/* One sweep axis. Value i of the axis replaces `part` of the value of `key` in a cell. */
struct zem_axis {
    char *name;      /* dimension name: last part of the path, made unique ("acceleration", "acceleration_2") */
    char *parameter; /* dotted path as written, "target.acceleration" */
    char *unit;      /* unit of the display values as the scenario wrote it, UDUNITS-2 spelling, "1" for pure numbers */
    enum zem_key key;
    enum zem_part part;
    bool logarithmic; /* spacing: log */
    size_t points;
    double *values;  /* points values, SI */
    double *display; /* points values, in `unit` */
    int line, column;
};

struct zem_scenario {
    char *name;       /* file name as given by the user */
    char *text;       /* the bytes of the file, NUL-terminated */
    char **overrides; /* "key=value" of --set and of the options that stand for it, in order */
    size_t override_count;
    char *title, *description; /* never NULL, may be empty */
    char **references;
    size_t reference_count;
    struct zem_value value[ZEM_KEY_COUNT];
    size_t radius_count;
    double radius[ZEM_RADII_MAX]; /* hit radii, m, strictly increasing */
    char radius_unit[32];         /* unit that the user wrote for the first */
    size_t axis_count;
    struct zem_axis axis[ZEM_AXES_MAX];
};

/* Reads and checks a scenario. `overrides` are "dotted.path=value" texts, applied after the file, value as in YAML.
 * Every mistake is added to `diagnostics` (already initialised). Returns 0; ZEM_BAD_INPUT with at least one mistake in
 * `diagnostics`; ZEM_NO_INPUT, ZEM_INPUT_OUTPUT with `error` filled. Release with zem_scenario_free in every case. */
int zem_scenario_read_file(struct zem_scenario *scenario, const char *path, const char *const *overrides,
                           size_t override_count, struct zem_diagnostics *diagnostics, struct zem_error *error);

/* The same from text in memory, `length` bytes; `name` stands in messages. */
int zem_scenario_read_text(struct zem_scenario *scenario, const char *name, const char *text, size_t length,
                           const char *const *overrides, size_t override_count, struct zem_diagnostics *diagnostics,
                           struct zem_error *error);

void zem_scenario_free(struct zem_scenario *scenario);

/* Index of the key with this dotted path ("target.speed"), or ZEM_KEY_COUNT. */
enum zem_key zem_key_find(const char *path, size_t length);

/* What the values say of a choice: an enumerator of choices.h, such as ZEM_MANEUVER_WEAVE, and its row. */
unsigned zem_choice_index(const struct zem_value value[ZEM_KEY_COUNT], enum zem_key key);
const struct zem_choice_row *zem_choice_row(const struct zem_value value[ZEM_KEY_COUNT], enum zem_key key);

/* Keys that have no effect with the word that one choice has, and with those that all choices have. */
zem_key_set zem_keys_idle_by(const struct zem_value value[ZEM_KEY_COUNT], enum zem_key choice);
zem_key_set zem_keys_idle(const struct zem_value value[ZEM_KEY_COUNT]);

static inline bool zem_key_in(zem_key_set set, enum zem_key key) { return (set >> key & 1) != 0; }

/* Whether a key given in the file has no effect in this scenario (wrong kinematics, maneuver, law, ...); check lists
 * them. */
bool zem_scenario_key_unused(const struct zem_scenario *scenario, enum zem_key key);

#endif
