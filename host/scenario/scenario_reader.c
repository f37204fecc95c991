/* Reads a scenario in three stages: bytes, a tree of YAML nodes with the overrides applied, and values. It continues
 * after a mistake, so that all mistakes are reported at once. Only text that is not YAML stops it early. */
#include "base/file_kind.h"
#include "base/suggestion.h"
#include "scenario/correlation.h"
#include "scenario/distribution_reader.h"
#include "scenario/formula.h"
#include "scenario/resolution.h"
#include "scenario/scenario.h"
#include "scenario/scenario_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_SIZE_MAX ((size_t)4 << 20)

/* The keys of the top level that are not sections of the table of keys. */
static const char *const top_keys[] = {"zem", "title", "description", "references", "correlations", "sweep"};

static char *bytes_copy(const char *bytes, size_t length)
{
    char *copy = malloc(length + 1);
    if (copy == NULL)
        return NULL;
    memcpy(copy, bytes, length);
    copy[length] = '\0';
    return copy;
}

/* Returns the length of the UTF-8 character at `text`, or 0 if there is none (Unicode 15, table 3-7). Control
 * characters other than tab and line ends do not count as text. */
static size_t character_length(const unsigned char *text, size_t left)
{
    unsigned char first = text[0];
    if (first < 0x80)
        return first >= 0x20 ? first != 0x7F : first == '\t' || first == '\n' || first == '\r';
    size_t length = first >= 0xC2 && first <= 0xDF   ? 2
                    : (first & 0xF0) == 0xE0         ? 3
                    : first >= 0xF0 && first <= 0xF4 ? 4
                                                     : 0;
    if (length == 0 || length > left)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((text[i] & 0xC0) != 0x80)
            return 0;
    bool overlong = (first == 0xE0 && text[1] < 0xA0) || (first == 0xF0 && text[1] < 0x90);
    bool beyond = (first == 0xED && text[1] >= 0xA0) || (first == 0xF4 && text[1] >= 0x90);
    return overlong || beyond ? 0 : length;
}

/* Whether a file with these first bytes may be a scenario. If not, adds a mistake that says what the file is. */
static bool kind_check(const void *bytes, size_t length, struct zem_diagnostics *diagnostics)
{
    const enum zem_file_kind kind = zem_file_kind(bytes, length);
    if (kind != ZEM_FILE_OTHER)
        zem_diagnostics_add(diagnostics, ZEM_MISTAKE, 0, 0, "", "is not a scenario: it is %s",
                            zem_file_kind_text(kind));
    return kind == ZEM_FILE_OTHER;
}

/* Whether the bytes are UTF-8 text. If not, adds a mistake. Bytes that are not text are never given to libfyaml. */
static bool text_check(const char *text, size_t length, struct zem_diagnostics *diagnostics)
{
    const unsigned char *bytes = (const unsigned char *)text;
    if (length >= 2 && ((bytes[0] == 0xFF && bytes[1] == 0xFE) || (bytes[0] == 0xFE && bytes[1] == 0xFF))) {
        zem_diagnostics_add(diagnostics, ZEM_MISTAKE, 1, 1, "", "the file is UTF-16; save it as UTF-8");
        return false;
    }
    int line = 1, column = 1;
    for (size_t at = 0; at < length;) {
        size_t step = character_length(bytes + at, length - at);
        if (step == 0) {
            zem_diagnostics_add(
                diagnostics, ZEM_MISTAKE, line, column, "",
                "the byte 0x%02X is not UTF-8 text, which a scenario is; save the file as UTF-8, or give another file",
                bytes[at]);
            return false;
        }
        bool line_end = bytes[at] == '\n';
        line += line_end ? 1 : 0;
        column = line_end ? 1 : column + 1;
        at += step;
    }
    return true;
}

/* Returns the key or section of the top level that is nearest to a misspelt key, or NULL if none is near. `distance`
 * gets their edit distance. */
static const char *top_suggestion(const char *key_text, size_t *distance)
{
    const char *words[16];
    size_t count = sizeof top_keys / sizeof top_keys[0];
    memcpy(words, top_keys, sizeof top_keys);
    for (int key = 0; key < ZEM_KEY_COUNT && count < 16; key++)
        if (key == 0 || strcmp(zem_key_table[key].section, zem_key_table[key - 1].section) != 0)
            words[count++] = zem_key_table[key].section;
    const char *word = zem_suggestion_nearest(key_text, words, count);
    *distance = word != NULL ? zem_suggestion_distance(key_text, strlen(key_text), word, strlen(word)) : SIZE_MAX;
    return word;
}

static void unknown_key_report(struct zem_reading *reading, const char *section, const struct zem_yaml_node *node)
{
    char path[128], near[96];
    if (strcmp(node->key, "<<") == 0)
        return; /* the parser has reported it */
    snprintf(path, sizeof path, "%s%s%.60s", section, section[0] != '\0' ? "." : "", node->key);
    const char *suggestion = zem_key_suggestion(section, node->key, near, sizeof near);
    if (section[0] == '\0') {
        size_t top_distance;
        const char *top = top_suggestion(node->key, &top_distance), *name = strchr(near, '.');
        if (top != NULL
            && (name == NULL
                || top_distance <= zem_suggestion_distance(node->key, strlen(node->key), name + 1, strlen(name + 1))))
            suggestion = top;
    }
    zem_diagnostics_add(reading->diagnostics, ZEM_MISTAKE, node->key_line, node->key_column, path, "unknown key%s%s%s",
                        suggestion[0] != '\0' ? "; did you mean \"" : "", suggestion,
                        suggestion[0] != '\0' ? "\"?" : "; `zem reference` lists the keys");
    /* The key that the user probably meant is marked, so that it is not also reported as missing. */
    enum zem_key meant = zem_key_find(near, strlen(near));
    if (meant != ZEM_KEY_COUNT && strcmp(zem_key_table[meant].section, section) == 0
        && !reading->scenario->value[meant].given)
        reading->bad[meant] = true;
}

static void version_read(struct zem_reading *reading, const struct zem_yaml_node *root)
{
    const struct zem_yaml_node *node = zem_yaml_child(root, "zem");
    if (node == NULL)
        zem_diagnostics_add(reading->diagnostics, ZEM_MISTAKE, 0, 0, "zem",
                            "missing; a scenario begins with the version of its format, \"zem: 1\"");
    else if (node->kind != ZEM_YAML_SCALAR || strcmp(node->text, "1") != 0)
        zem_reading_mistake(reading, node, "zem", "the version of the format must be 1");
}

/* Replaces `*text` by a copy of the text of a scalar node. A node that is absent or null leaves it unchanged. */
static void text_read(struct zem_reading *reading, const struct zem_yaml_node *node, const char *path, char **text)
{
    if (node == NULL || node->null)
        return;
    if (node->kind != ZEM_YAML_SCALAR) {
        zem_reading_mistake(reading, node, path, "text is needed; put it into quotes if it has a colon or brackets");
        return;
    }
    char *copy = bytes_copy(node->text, node->length);
    reading->out_of_memory |= copy == NULL;
    free(*text);
    *text = copy;
}

static void references_read(struct zem_reading *reading, const struct zem_yaml_node *node)
{
    struct zem_scenario *scenario = reading->scenario;
    if (node == NULL || node->null)
        return;
    if (node->kind == ZEM_YAML_MAPPING || (node->kind == ZEM_YAML_SEQUENCE && node->count == 0)) {
        if (node->kind == ZEM_YAML_MAPPING)
            zem_reading_mistake(reading, node, "references",
                                "a list of texts is needed; put a text into quotes if it has a colon");
        return;
    }
    const struct zem_yaml_node *item = node->kind == ZEM_YAML_SEQUENCE ? node->first : node;
    size_t count = node->kind == ZEM_YAML_SEQUENCE ? node->count : 1;
    scenario->references = calloc(count, sizeof scenario->references[0]);
    reading->out_of_memory |= scenario->references == NULL;
    for (; item != NULL && scenario->references != NULL; item = node->kind == ZEM_YAML_SEQUENCE ? item->next : NULL) {
        char *text = NULL;
        text_read(reading, item, "references", &text);
        if (text != NULL)
            scenario->references[scenario->reference_count++] = text;
    }
}

static void radius_insert(struct zem_reading *reading, const struct zem_yaml_node *node, double radius)
{
    struct zem_scenario *scenario = reading->scenario;
    size_t at = scenario->radius_count;
    for (size_t i = 0; i < scenario->radius_count; i++)
        if (scenario->radius[i] == radius) {
            zem_reading_mistake(reading, node, "scoring.hit_radius", "listed twice; keep one");
            return;
        }
    for (; at > 0 && scenario->radius[at - 1] > radius; at--)
        scenario->radius[at] = scenario->radius[at - 1];
    scenario->radius[at] = radius;
    scenario->radius_count++;
}

static void radii_read(struct zem_reading *reading, const struct zem_yaml_node *node)
{
    struct zem_scenario *scenario = reading->scenario;
    if (node == NULL) {
        zem_diagnostics_add(reading->diagnostics, ZEM_MISTAKE, 0, 0, "scoring.hit_radius",
                            "missing; a length or a list of lengths is needed, such as [0.5 m, 1 m]");
        return;
    }
    bool list = node->kind == ZEM_YAML_SEQUENCE;
    if (list && (node->count == 0 || node->count > ZEM_RADII_MAX)) {
        zem_reading_mistake(reading, node, "scoring.hit_radius", "%zu radii; there can be from 1 to %d", node->count,
                            ZEM_RADII_MAX);
        return;
    }
    bool first = true;
    for (const struct zem_yaml_node *item = list ? node->first : node; item != NULL; item = list ? item->next : NULL) {
        struct zem_measure measure;
        if (!zem_measure_read(reading, &zem_hit_radius_info, ZEM_PART_VALUE, "scoring.hit_radius", item, &measure))
            continue;
        if (first)
            memcpy(scenario->radius_unit, measure.unit_text, sizeof scenario->radius_unit);
        first = false;
        radius_insert(reading, item, measure.si);
    }
}

static void section_read(struct zem_reading *reading, const struct zem_yaml_node *section)
{
    struct zem_scenario *scenario = reading->scenario;
    if (section->null)
        return;
    if (section->kind != ZEM_YAML_MAPPING) {
        zem_reading_mistake(reading, section, section->key,
                            "a section of keys is needed, each on its own line below it");
        for (int key = 0; key < ZEM_KEY_COUNT; key++)
            reading->bad[key] |= strcmp(zem_key_table[key].section, section->key) == 0;
        return;
    }
    for (const struct zem_yaml_node *node = section->first; node != NULL; node = node->next) {
        char path[128];
        int length = snprintf(path, sizeof path, "%s.%.80s", section->key, node->key);
        if (strcmp(path, "scoring.hit_radius") == 0)
            continue;
        enum zem_key key = zem_key_find(path, (size_t)length);
        if (key == ZEM_KEY_COUNT)
            unknown_key_report(reading, section->key, node);
        else
            reading->bad[key] = !zem_value_read(reading, key, node, &scenario->value[key]);
    }
}

static bool section_exists(const char *name)
{
    for (int key = 0; key < ZEM_KEY_COUNT; key++)
        if (strcmp(zem_key_table[key].section, name) == 0)
            return true;
    return false;
}

static bool top_key_exists(const char *name)
{
    for (size_t i = 0; i < sizeof top_keys / sizeof top_keys[0]; i++)
        if (strcmp(top_keys[i], name) == 0)
            return true;
    return false;
}

/* Reads the defaults with the functions that read the user's values. A default that cannot be read is a defect of the
 * table. */
static int defaults_read(struct zem_reading *reading, struct zem_error *error)
{
    for (int key = 0; key < ZEM_KEY_COUNT; key++) {
        const struct zem_key_info *info = &zem_key_table[key];
        struct zem_value *value = &reading->scenario->value[key];
        *value = (struct zem_value){.unit = "1"};
        if (info->default_text == NULL || info->default_text[0] == '\0')
            continue;
        struct zem_yaml_node node = {
            .kind = ZEM_YAML_SCALAR, .text = info->default_text, .length = strlen(info->default_text)};
        bool good = zem_value_read(reading, (enum zem_key)key, &node, value);
        if (zem_units_failure(reading->units) != NULL)
            return zem_error_set(error, ZEM_INTERNAL, "Units cannot be read: %s.", zem_units_failure(reading->units));
        if (!good)
            return zem_error_set(error, ZEM_INTERNAL, "The default of %s.%s cannot be read.", info->section,
                                 info->name);
        value->given = false;
    }
    return 0;
}

static void tree_read(struct zem_reading *reading, const struct zem_yaml_node *root)
{
    struct zem_scenario *scenario = reading->scenario;
    for (const struct zem_yaml_node *node = root->first; node != NULL; node = node->next) {
        if (section_exists(node->key))
            section_read(reading, node);
        else if (!top_key_exists(node->key))
            unknown_key_report(reading, "", node);
    }
    version_read(reading, root);
    text_read(reading, zem_yaml_child(root, "title"), "title", &scenario->title);
    text_read(reading, zem_yaml_child(root, "description"), "description", &scenario->description);
    references_read(reading, zem_yaml_child(root, "references"));
    const struct zem_yaml_node *scoring = zem_yaml_child(root, "scoring");
    if (scoring == NULL || scoring->null || scoring->kind == ZEM_YAML_MAPPING)
        radii_read(reading, zem_yaml_child(scoring, "hit_radius"));
    zem_sweep_read(reading, zem_yaml_child(root, "sweep"));
    zem_correlations_read(reading, zem_yaml_child(root, "correlations"));
    if (reading->diagnostics->mistakes == 0 && !reading->out_of_memory)
        zem_resolution_make(reading);
    for (size_t i = 0; reading->diagnostics->mistakes > 0 && i < scenario->formula_count; i++)
        reading->bad[scenario->formula[i].key] = true; /* the value of its key is not known */
    if (!reading->out_of_memory)
        zem_scenario_check(scenario, reading->bad, reading->diagnostics);
}

/* Reads the scenario from bytes that are known to be text, and applies the overrides. */
static int document_read(struct zem_reading *reading, const char *text, size_t length, struct zem_error *error)
{
    struct zem_scenario *scenario = reading->scenario;
    struct zem_yaml_node *root = NULL;
    int status = zem_yaml_parse(reading->arena, text, length, 0, &root, reading->diagnostics, error);
    if (status != 0)
        return status;
    if (root == NULL || root->null) {
        zem_diagnostics_add(reading->diagnostics, ZEM_MISTAKE, 0, 0, "",
                            "the file is empty; `zem new` writes a scenario to begin with");
        return ZEM_BAD_INPUT;
    }
    if (root->kind != ZEM_YAML_MAPPING) {
        zem_reading_mistake(reading, root, "",
                            "this is no scenario: it has no keys; `zem new` writes a scenario to begin with");
        return ZEM_BAD_INPUT;
    }
    for (size_t i = 0; i < scenario->override_count; i++)
        zem_override_apply(reading, root, scenario->overrides[i], (int)i + 1, error);
    tree_read(reading, root);
    /* The function reads all axes. It is called only if there is no mistake, because an axis with a mistake may be
     * incomplete. */
    if (reading->diagnostics->mistakes == 0)
        zem_override_warn_swept(reading);
    return 0;
}

/* Stores copies of the input that the scenario keeps. */
static int input_keep(struct zem_scenario *scenario, const char *name, const char *text, size_t length,
                      const char *const *overrides, size_t override_count, struct zem_error *error)
{
    scenario->name = bytes_copy(name, strlen(name));
    scenario->text = bytes_copy(text, length);
    scenario->title = bytes_copy("", 0);
    scenario->description = bytes_copy("", 0);
    scenario->overrides = calloc(override_count + 1, sizeof scenario->overrides[0]);
    bool kept = scenario->name != NULL && scenario->text != NULL && scenario->title != NULL
                && scenario->description != NULL && scenario->overrides != NULL;
    for (size_t i = 0; i < override_count && kept; i++) {
        scenario->overrides[i] = bytes_copy(overrides[i], strlen(overrides[i]));
        scenario->override_count += scenario->overrides[i] != NULL ? 1 : 0;
        kept = scenario->overrides[i] != NULL;
    }
    return kept ? 0 : zem_error_set(error, ZEM_INTERNAL, "There is not enough memory to read the scenario.");
}

int zem_scenario_read_text(struct zem_scenario *scenario, const char *name, const char *text, size_t length,
                           const char *const *overrides, size_t override_count, struct zem_diagnostics *diagnostics,
                           struct zem_error *error)
{
    *scenario = (struct zem_scenario){0};
    if (kind_check(text, length, diagnostics) && length > FILE_SIZE_MAX) {
        zem_diagnostics_add(diagnostics, ZEM_MISTAKE, 0, 0, "",
                            "the file has %.1f MB, and a scenario has at most 4.2 MB; is it the right file?",
                            (double)length / 1e6);
    }
    if (diagnostics->mistakes > 0)
        length = 0;
    int status = input_keep(scenario, name, text, length, overrides, override_count, error);
    if (status != 0 || diagnostics->mistakes > 0)
        return status != 0 ? status : ZEM_BAD_INPUT;
    struct zem_yaml_arena arena = {0};
    struct zem_reading reading = {
        .scenario = scenario, .diagnostics = diagnostics, .arena = &arena, .units = zem_units_create()};
    struct zem_error own_error = {0};
    errno = 0;
    if (reading.units == NULL)
        reading.out_of_memory = true;
    else if (text_check(text, length, diagnostics)) {
        status = defaults_read(&reading, &own_error);
        if (status == 0)
            status = document_read(&reading, scenario->text, length, &own_error);
    }
    /* A library that gets no memory reports a mistake in the text. errno tells whether memory has run out. */
    const int reason = own_error.status != 0 || diagnostics->mistakes > 0 ? errno : 0;
    zem_units_free(reading.units);
    zem_yaml_arena_free(&arena);
    zem_diagnostics_sort(diagnostics);
    if (reading.out_of_memory || reason == ENOMEM || own_error.status != 0)
        zem_diagnostics_clear(diagnostics);
    if (reading.out_of_memory || reason == ENOMEM)
        return zem_error_set(error, ZEM_INTERNAL, "There is not enough memory to read the scenario.");
    if (own_error.status != 0)
        return zem_error_set(error, reason == EIO ? ZEM_INPUT_OUTPUT : own_error.status, "%s", own_error.message);
    return diagnostics->mistakes > 0 ? ZEM_BAD_INPUT : status;
}

/* Reads the bytes of a file, a pipe or a device into allocated memory, which the caller frees. It stops when more than
 * the allowed length has been read, so that endless input is refused. */
static int bytes_read(int descriptor, const char *path, char **bytes, size_t *length, struct zem_error *error)
{
    size_t capacity = 65536;
    *length = 0;
    *bytes = malloc(capacity);
    while (*bytes != NULL && *length <= FILE_SIZE_MAX) {
        if (*length == capacity) {
            capacity *= 2;
            char *more = realloc(*bytes, capacity);
            if (more == NULL)
                break;
            *bytes = more;
        }
        ssize_t got = read(descriptor, *bytes + *length, capacity - *length);
        if (got == 0)
            return 0;
        if (got < 0 && errno != EINTR)
            return zem_error_set(error, ZEM_INPUT_OUTPUT, "%s: reading failed: %s.", path, strerror(errno));
        *length += got > 0 ? (size_t)got : 0;
    }
    if (*length > FILE_SIZE_MAX)
        return 0;
    return zem_error_set(error, ZEM_INTERNAL, "There is not enough memory to read the scenario.");
}

int zem_scenario_read_file(struct zem_scenario *scenario, const char *path, const char *const *overrides,
                           size_t override_count, struct zem_diagnostics *diagnostics, struct zem_error *error)
{
    *scenario = (struct zem_scenario){0};
    struct stat about;
    char *bytes = NULL;
    size_t length = 0;
    int status = 0;
    int descriptor = open(path, O_RDONLY);
    if (descriptor < 0)
        return zem_error_set(error, ZEM_NO_INPUT, "%s: the scenario cannot be opened: %s.", path, strerror(errno));
    if (fstat(descriptor, &about) != 0)
        status = zem_error_set(error, ZEM_INPUT_OUTPUT, "%s: reading failed: %s.", path, strerror(errno));
    else if (S_ISDIR(about.st_mode))
        status = zem_error_set(error, ZEM_NO_INPUT, "%s: this is a folder, not a scenario.", path);
    else if (S_ISREG(about.st_mode) && (size_t)about.st_size > FILE_SIZE_MAX) {
        char first[ZEM_FILE_SIGNATURE_MAX] = "";
        const ssize_t count = pread(descriptor, first, sizeof first, 0);
        if (kind_check(first, count > 0 ? (size_t)count : 0, diagnostics))
            zem_diagnostics_add(diagnostics, ZEM_MISTAKE, 0, 0, "",
                                "the file has %.1f MB, and a scenario has at most 4.2 MB; is it the right file?",
                                (double)about.st_size / 1e6);
        status = ZEM_BAD_INPUT;
    } else
        status = bytes_read(descriptor, path, &bytes, &length, error);
    close(descriptor);
    if (status == 0)
        status = zem_scenario_read_text(scenario, path, bytes, length, overrides, override_count, diagnostics, error);
    free(bytes);
    return status;
}

void zem_scenario_free(struct zem_scenario *scenario)
{
    for (size_t i = 0; i < scenario->axis_count; i++) {
        free(scenario->axis[i].name);
        free(scenario->axis[i].parameter);
        free(scenario->axis[i].unit);
        free(scenario->axis[i].values);
        free(scenario->axis[i].display);
    }
    for (size_t i = 0; i < scenario->reference_count; i++)
        free(scenario->references[i]);
    for (size_t i = 0; i < scenario->override_count; i++)
        free(scenario->overrides[i]);
    zem_formulas_free(scenario);
    zem_correlations_free(scenario);
    zem_lists_free(scenario);
    free(scenario->references);
    free(scenario->overrides);
    free(scenario->title);
    free(scenario->description);
    free(scenario->text);
    free(scenario->name);
    *scenario = (struct zem_scenario){0};
}
