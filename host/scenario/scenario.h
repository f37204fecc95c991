/* A scenario as the user wrote it, in SI units. scenario_reader.c makes it from YAML and overrides, scenario_check.c
 * checks it, and grid.h expands it into cells. It knows nothing of devices or results. */
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
enum zem_key_flags {
    ZEM_VARIES = 1,
    ZEM_SWEEPS = 2,
    ZEM_LINEAR_ONLY = 4,
    ZEM_POINT_MASS_ONLY = 8,
    ZEM_NOISE = 16,
    ZEM_LATER = 32
};
enum zem_rule_kind { ZEM_RULE_ANY, ZEM_RULE_POSITIVE, ZEM_RULE_NONNEGATIVE, ZEM_RULE_FRACTION, ZEM_RULE_RANGE };

/* One line of the table of keys; scenario_keys.h explains the columns and flags. */
struct zem_key_info {
    const char *section, *name;
    enum zem_key_kind kind;
    const char *unit;         /* unit in which the value is stored, UDUNITS-2 spelling */
    const char *default_text; /* NULL: the key is required; "": the key may be absent */
    enum zem_rule_kind rule;
    uint64_t low, high;              /* bounds of ZEM_RULE_RANGE */
    unsigned flags;                  /* enum zem_key_flags */
    const struct zem_choice *choice; /* table of words of a ZEM_CHOICE, else NULL */
    const char *description;
};

/* The table of keys, indexed by enum zem_key. */
extern const struct zem_key_info zem_key_table[ZEM_KEY_COUNT];

/* How a value varies from trial to trial. distribution.c lists the parameters of each distribution. The numbers of the
 * enumerators enter the digest of a scenario, so a new one is appended and none is moved. */
enum zem_distribution {
    ZEM_CONSTANT,
    ZEM_NORMAL,
    ZEM_UNIFORM,
    ZEM_TRUNCATED_NORMAL,
    ZEM_LOGNORMAL,
    ZEM_TRIANGULAR,
    ZEM_LIST,
    ZEM_DISTRIBUTIONS
};

/* A list of values, one of which is drawn for each trial. */
struct zem_value_list {
    size_t count;
    double *value;      /* values in SI units */
    double *weight;     /* as written in the file */
    double *cumulative; /* probability that a draw is this value or one before it; the last is 1 */
};

/* The value of one key: a constant, or a distribution from which each trial draws. */
struct zem_value {
    bool given;   /* set by the file or an override, not by a default */
    bool present; /* false if the key is optional, has no default and is absent */
    int line, column;
    enum zem_distribution distribution;
    double first; /* SI value of a constant, or the first part of a distribution: mean of a normal, lower end of a
                     uniform; the enumerator of a choice; or an integer */
    double second, third, fourth;      /* further parts: standard deviation of a normal, upper end of a uniform */
    const struct zem_value_list *list; /* ZEM_LIST: the list, which the scenario owns; else NULL */
    uint64_t integer;                  /* exact value of a ZEM_INTEGER */
    char unit[32];                     /* unit that the user wrote, for printing; "1" if none */
};

/* The parts of a value: the value itself, and the parameters of its distribution. The numbers of the enumerators enter
 * the digest of a scenario, so a new one is appended and none is moved. */
enum zem_part {
    ZEM_PART_VALUE,
    ZEM_PART_MEAN,
    ZEM_PART_SIGMA,
    ZEM_PART_FROM,
    ZEM_PART_TO,
    ZEM_PART_MEDIAN,
    ZEM_PART_GEOMETRIC_SIGMA,
    ZEM_PART_MODE,
    ZEM_PARTS
};

/* A value, or a part of a distribution, that an expression computes from other keys (formula.h). */
struct zem_formula {
    enum zem_key key;
    enum zem_part part;
    int line, column;
    char *text; /* as written, with its equals sign */
    size_t step_count;
    struct zem_formula_step *step; /* step[step_count] in the order of evaluation */
};

/* A group of keys that are drawn with correlation (correlation.h). */
struct zem_correlation {
    int line, column;
    size_t count;
    enum zem_key *key;
    double *matrix; /* count x count */
    double *factor; /* count x count, lower triangular: matrix = factor times its transpose */
};

/* The order in which values are computed and drawn, and which values vary from trial to trial (resolution.h). */
struct zem_resolution {
    size_t count;
    enum zem_key order[ZEM_KEY_COUNT]; /* computed or drawn keys, each after those it depends on */
    bool drawn[ZEM_KEY_COUNT];         /* the host draws the value for each trial */
    bool varying[ZEM_KEY_COUNT];       /* drawn, or computed from a key that varies from trial to trial */
    bool by_trial;                     /* a key that has an effect varies, so each trial has parameters of its own */
};

#define ZEM_AXES_MAX 6
#define ZEM_SAMPLES_OF_FLIGHT_MAX 5000.0 /* the most measurements of a sampled seeker in a flight */
#define ZEM_REVERSALS_OF_FLIGHT_MAX 1e4  /* the largest mean number of reversals of a telegraph maneuver in a flight */
#define ZEM_RADII_MAX 32

/* One axis of a sweep. In the cells at point i of the axis, values[i] replaces `part` of the value of `key`, such as
 * its sigma. */
struct zem_axis {
    char *name;      /* dimension name: last part of the path, made unique ("acceleration", "acceleration_2") */
    char *parameter; /* dotted path as written, "target.acceleration" */
    char *unit;      /* unit of `display` as the user wrote it, UDUNITS-2 spelling; "1" for pure numbers */
    enum zem_key key;
    enum zem_part part;
    bool logarithmic; /* spacing is "log" */
    size_t points;
    double *values;  /* values[points], SI */
    double *display; /* display[points], in `unit` */
    int line, column;
};

struct zem_scenario {
    char *name;       /* name of the file as the user gave it */
    char *text;       /* contents of the file, NUL-terminated */
    char **overrides; /* "key=value" texts of --set and of equivalent options, in order */
    size_t override_count;
    char *title, *description; /* may be empty, never NULL */
    char **references;
    size_t reference_count;
    struct zem_value value[ZEM_KEY_COUNT];
    size_t radius_count;
    double radius[ZEM_RADII_MAX]; /* hit radii in strictly increasing order, m */
    char radius_unit[32];         /* unit that the user wrote for the first radius */
    size_t axis_count;
    struct zem_axis axis[ZEM_AXES_MAX];
    size_t formula_count, correlation_count, list_count;
    struct zem_formula *formula;
    struct zem_correlation *correlation;
    struct zem_value_list **list; /* list[list_count]: the lists of all keys */
    struct zem_resolution resolution;
};

/* Reads and checks a scenario. `overrides` are "dotted.path=value" texts, whose values are YAML; they are applied after
 * the file. Every mistake is added to `diagnostics`, which the caller has initialised. Returns 0; ZEM_BAD_INPUT with at
 * least one mistake in `diagnostics`; or ZEM_NO_INPUT, ZEM_INPUT_OUTPUT or ZEM_INTERNAL with `error` filled. Release
 * with zem_scenario_free in every case. */
int zem_scenario_read_file(struct zem_scenario *scenario, const char *path, const char *const *overrides,
                           size_t override_count, struct zem_diagnostics *diagnostics, struct zem_error *error);

/* Reads and checks a scenario like zem_scenario_read_file, from `length` bytes of text in memory. Messages use `name`
 * as the name of the file. */
int zem_scenario_read_text(struct zem_scenario *scenario, const char *name, const char *text, size_t length,
                           const char *const *overrides, size_t override_count, struct zem_diagnostics *diagnostics,
                           struct zem_error *error);

void zem_scenario_free(struct zem_scenario *scenario);

/* Returns the key with this dotted path ("target.speed"), or ZEM_KEY_COUNT. */
enum zem_key zem_key_find(const char *path, size_t length);

/* For a key that is a choice, return the enumerator of its word, such as ZEM_MANEUVER_WEAVE (choices.h), and the row of
 * the word. */
unsigned zem_choice_index(const struct zem_value value[ZEM_KEY_COUNT], enum zem_key key);
const struct zem_choice_row *zem_choice_row(const struct zem_value value[ZEM_KEY_COUNT], enum zem_key key);

/* The SI value of a key, or 0 if it is absent. */
static inline double zem_number_or_zero(const struct zem_value value[ZEM_KEY_COUNT], enum zem_key key)
{
    return value[key].present ? value[key].first : 0.0;
}

/* zem_keys_idle_by returns the keys that have no effect with the present word of one choice, such as the maneuver.
 * zem_keys_idle returns the keys that have no effect with the words of all choices together. */
zem_key_set zem_keys_idle_by(const struct zem_value value[ZEM_KEY_COUNT], enum zem_key choice);
zem_key_set zem_keys_idle(const struct zem_value value[ZEM_KEY_COUNT]);

static inline bool zem_key_in(zem_key_set set, enum zem_key key)
{
    return key < ZEM_KEY_SET_BITS && (set & ZEM_KEY_SET_OF(key)) != 0;
}

/* Whether a key that the user gave has no effect in this scenario, for instance because of the kinematics, the maneuver
 * or the guidance law. `zem check` lists these keys. */
bool zem_scenario_key_unused(const struct zem_scenario *scenario, enum zem_key key);

#endif
