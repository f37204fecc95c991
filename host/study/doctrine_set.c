/* The table of the doctrine parameters, and the reading of the lists that a user gives. */
#include "study/doctrine_set.h"

#include "base/kernel_types.h"
#include "base/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INVENTORY_MAX 1000000.0 /* largest inventory, interceptors */

#define PROBABILITY(option, name, help, long_name) \
    { \
        option, "LIST", help, name, long_name, false, 0, 1, "1" \
    }

/* clang-format off */
const struct zem_doctrine_row zem_doctrine_table[ZEM_DOCTRINE_KEYS] = {
    [ZEM_DOCTRINE_FIRE] =
        {"fire", "LIST",
         "salvos (shots, with --unit) at a target: 2+1 is two, a look, and one unless a kill is seen; 1 if absent",
         "fire", "salvos or shots of each volley, with a look after each plus", true, 1, ZEM_VOLLEY_SALVOS_MAX, "1"},
    [ZEM_DOCTRINE_RAID] =
        {"raid", "LIST", "targets that come together, 1 if absent",
         "raid", "targets that come together", true, 1, ZEM_RAID_MAX, "1"},
    [ZEM_DOCTRINE_INVENTORY] =
        {"inventory", "LIST", "interceptors that there are, as many as are needed if absent",
         "inventory", "interceptors that there are", true, 0, INVENTORY_MAX, NULL},
    [ZEM_DOCTRINE_KILL_SEEN] =
        PROBABILITY("kill-seen", "kill_seen", "probability that a look sees a kill, 1 if absent; 0 for no look",
                    "probability that a killed target is assessed as killed"),
    [ZEM_DOCTRINE_SURVIVOR_SEEN] =
        PROBABILITY("survivor-seen", "survivor_seen", "probability that a look sees a survivor, 1 if absent",
                    "probability that a target that is not killed is assessed as such"),
    [ZEM_DOCTRINE_INTERCEPTOR] =
        PROBABILITY("reliability", "interceptor_reliability",
                    "probability that an interceptor works, each by itself, 1 if absent",
                    "probability that an interceptor works, each by itself"),
    [ZEM_DOCTRINE_LAUNCH] =
        PROBABILITY("launch", "launch_reliability",
                    "probability that a salvo (a shot, with --unit) is launched, with all its shots, 1 if absent",
                    "probability that a salvo, with all its shots, or a single shot is launched"),
    [ZEM_DOCTRINE_TRACK] =
        PROBABILITY("track", "track", "probability that a target is tracked, once for all shots at it, 1 if absent",
                    "probability that a target is tracked, once for all shots at it"),
    [ZEM_DOCTRINE_COMMON] =
        PROBABILITY("common-reliability", "common_reliability",
                    "probability that the defence works, once for the whole raid, 1 if absent",
                    "probability that the defence works, once for the whole raid"),
};
/* clang-format on */

const char *const zem_doctrine_unit_words[ZEM_DOCTRINE_UNITS] = {
    [ZEM_DOCTRINE_UNIT_SALVO] = ZEM_DOCTRINE_UNIT_SALVO_WORD,
    [ZEM_DOCTRINE_UNIT_SHOT] = ZEM_DOCTRINE_UNIT_SHOT_WORD,
};

/* Writes the text of volleys from their numbers, so that the same volleys always have the same text. */
static void name_fire(struct zem_doctrine_fire *fire)
{
    size_t used = 0;
    for (size_t v = 0; v < fire->volleys; v++)
        used +=
            (size_t)snprintf(fire->text + used, sizeof fire->text - used, "%s%u", v > 0 ? "+" : "", fire->salvos[v]);
}

/* Reads volleys such as "2+1" from the first `length` bytes of a text. Returns false if the text is wrong. */
static bool read_fire(const char *text, size_t length, struct zem_doctrine_fire *fire)
{
    *fire = (struct zem_doctrine_fire){.volleys = 0};
    if (length == 0 || length >= sizeof fire->text)
        return false;
    memcpy(fire->text, text, length);
    for (const char *at = fire->text;; at++) {
        char part[8];
        uint64_t salvos;
        const size_t size = strcspn(at, "+");
        if (size >= sizeof part || fire->volleys == ZEM_VOLLEYS_MAX)
            return false;
        snprintf(part, sizeof part, "%.*s", (int)size, at);
        if (!zem_number_whole(part, 1, ZEM_VOLLEY_SALVOS_MAX, &salvos))
            return false;
        fire->salvos[fire->volleys++] = (unsigned)salvos;
        at += size;
        if (*at == '\0')
            break;
    }
    name_fire(fire);
    return true;
}

static bool read_number(const struct zem_doctrine_row *row, const char *text, size_t length, double *value)
{
    size_t used;
    if (zem_number_scan(text, length, &used) != ZEM_NUMBER_DECIMAL || used != length)
        return false;
    *value = zem_number_value(text, length, 0);
    return *value >= row->low && *value <= row->high && (!row->whole || *value == floor(*value));
}

static int refuse(const struct zem_doctrine_row *row, const char *text, size_t length, struct zem_error *error)
{
    if (row == &zem_doctrine_table[ZEM_DOCTRINE_FIRE])
        return zem_error_set(
            error, ZEM_USAGE,
            "--%s: \"%.*s\" is no sequence of volleys: up to %d numbers of salvos or shots from 1 to %d with a "
            "plus where targets are looked at, such as 2 or 2+1",
            row->option, (int)length, text, ZEM_VOLLEYS_MAX, ZEM_VOLLEY_SALVOS_MAX);
    return zem_error_set(error, ZEM_USAGE, "--%s: \"%.*s\": %s from %.7g to %.7g is needed, or several with commas",
                         row->option, (int)length, text, row->whole ? "a whole number" : "a number", row->low,
                         row->high);
}

/* Returns whether the last value of the list of a parameter stands there twice. */
static bool is_repeated(const struct zem_doctrine_set *set, enum zem_doctrine_key key)
{
    const size_t last = set->count[key] - 1;
    for (size_t i = 0; i < last; i++)
        if (key == ZEM_DOCTRINE_FIRE ? strcmp(set->fire[i].text, set->fire[last].text) == 0
                                     : set->value[key][i] == set->value[key][last])
            return true;
    return false;
}

static int read_list(struct zem_doctrine_set *set, enum zem_doctrine_key key, const char *text, struct zem_error *error)
{
    const struct zem_doctrine_row *row = &zem_doctrine_table[key];
    for (;; text++) {
        const size_t length = strcspn(text, ","), at = set->count[key];
        if (at == ZEM_DOCTRINE_VALUES_MAX)
            return zem_error_set(error, ZEM_USAGE, "--%s: at most %d values are possible", row->option,
                                 ZEM_DOCTRINE_VALUES_MAX);
        const bool good = key == ZEM_DOCTRINE_FIRE ? read_fire(text, length, &set->fire[at])
                                                   : read_number(row, text, length, &set->value[key][at]);
        if (!good)
            return refuse(row, text, length, error);
        set->count[key]++;
        if (is_repeated(set, key))
            return zem_error_set(error, ZEM_USAGE, "--%s: \"%.*s\" is given twice", row->option, (int)length, text);
        text += length;
        if (*text == '\0')
            return ZEM_OK;
    }
}

int zem_doctrine_set_read(struct zem_doctrine_set *set, const char *const text[ZEM_DOCTRINE_KEYS],
                          struct zem_error *error)
{
    double least[ZEM_DOCTRINE_KEYS] = {0};
    *set = (struct zem_doctrine_set){.count = {0}};
    for (int key = 0; key < ZEM_DOCTRINE_KEYS; key++) {
        const char *list = text[key] != NULL ? text[key] : zem_doctrine_table[key].absent;
        const int status = list == NULL ? ZEM_OK : read_list(set, (enum zem_doctrine_key)key, list, error);
        if (status != ZEM_OK)
            return status;
        for (size_t i = 0; i < set->count[key]; i++)
            least[key] = i == 0 ? set->value[key][i] : fmin(least[key], set->value[key][i]);
    }
    if (least[ZEM_DOCTRINE_KILL_SEEN] + least[ZEM_DOCTRINE_SURVIVOR_SEEN] < 1)
        return zem_error_set(
            error, ZEM_USAGE,
            "--%s %.7g with --%s %.7g: their sum must be at least 1, because below 1 a target that is not killed is "
            "more likely to be assessed as killed than a target that is",
            zem_doctrine_table[ZEM_DOCTRINE_KILL_SEEN].option, least[ZEM_DOCTRINE_KILL_SEEN],
            zem_doctrine_table[ZEM_DOCTRINE_SURVIVOR_SEEN].option, least[ZEM_DOCTRINE_SURVIVOR_SEEN]);
    return ZEM_OK;
}

int zem_doctrine_set_check_shots(const struct zem_doctrine_set *set, size_t shots, struct zem_error *error)
{
    for (size_t i = 0; set->unit == ZEM_DOCTRINE_UNIT_SHOT && i < set->count[ZEM_DOCTRINE_FIRE]; i++) {
        size_t fired = 0;
        for (size_t v = 0; v < set->fire[i].volleys; v++)
            fired += set->fire[i].salvos[v];
        if (fired > shots)
            return zem_error_set(error, ZEM_USAGE,
                                 "--%s: \"%s\" needs %zu shots at a target, and the salvos of this file have %zu: with "
                                 "single shots as the unit, all shots at a target are those of one salvo, so run the "
                                 "scenario with a larger salvo.shots (at most %d)",
                                 zem_doctrine_table[ZEM_DOCTRINE_FIRE].option, set->fire[i].text, fired, shots,
                                 ZEM_SHOTS_LIMIT);
    }
    return ZEM_OK;
}

static size_t length_of(const struct zem_doctrine_set *set, int key)
{
    return set->count[key] > 0 ? set->count[key] : 1;
}

size_t zem_doctrine_set_size(const struct zem_doctrine_set *set)
{
    size_t size = 1;
    for (int key = 0; key < ZEM_DOCTRINE_KEYS; key++)
        size *= length_of(set, key);
    return size;
}

void zem_doctrine_set_indices(const struct zem_doctrine_set *set, size_t which, size_t index[ZEM_DOCTRINE_KEYS])
{
    for (int key = ZEM_DOCTRINE_KEYS - 1; key >= 0; key--) {
        index[key] = which % length_of(set, key);
        which /= length_of(set, key);
    }
}

double zem_doctrine_set_value(const struct zem_doctrine_set *set, size_t which, enum zem_doctrine_key key)
{
    size_t index[ZEM_DOCTRINE_KEYS];
    zem_doctrine_set_indices(set, which, index);
    return set->count[key] > 0 ? set->value[key][index[key]] : (double)INFINITY;
}

const char *zem_doctrine_set_text(const struct zem_doctrine_set *set, size_t which, enum zem_doctrine_key key,
                                  char *text, size_t size)
{
    size_t index[ZEM_DOCTRINE_KEYS];
    zem_doctrine_set_indices(set, which, index);
    if (key == ZEM_DOCTRINE_FIRE)
        snprintf(text, size, "%s", set->fire[index[key]].text);
    else if (set->count[key] == 0)
        snprintf(text, size, "any");
    else
        zem_number_format(set->value[key][index[key]], text, size);
    return text;
}

struct zem_doctrine zem_doctrine_set_doctrine(const struct zem_doctrine_set *set, size_t which, size_t shots)
{
    size_t index[ZEM_DOCTRINE_KEYS];
    zem_doctrine_set_indices(set, which, index);
    const struct zem_doctrine_fire *fire = &set->fire[index[ZEM_DOCTRINE_FIRE]];
    struct zem_doctrine doctrine = {
        .volleys = fire->volleys,
        .raid = (unsigned)zem_doctrine_set_value(set, which, ZEM_DOCTRINE_RAID),
        .inventory = UINT64_MAX,
        .kill_seen = zem_doctrine_set_value(set, which, ZEM_DOCTRINE_KILL_SEEN),
        .survivor_seen = zem_doctrine_set_value(set, which, ZEM_DOCTRINE_SURVIVOR_SEEN),
        .track = zem_doctrine_set_value(set, which, ZEM_DOCTRINE_TRACK),
        .common = zem_doctrine_set_value(set, which, ZEM_DOCTRINE_COMMON),
    };
    memcpy(doctrine.salvos, fire->salvos, sizeof doctrine.salvos);
    if (set->count[ZEM_DOCTRINE_INVENTORY] > 0)
        doctrine.inventory = (uint64_t)zem_doctrine_set_value(set, which, ZEM_DOCTRINE_INVENTORY) / shots;
    return doctrine;
}
