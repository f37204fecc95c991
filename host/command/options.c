/* Reads options by getopt_long, whose own messages are switched off; a mistake becomes a sentence in the error.
 * option_help.c prints the help. */
#include "command/options.h"

#include "base/number.h"
#include "base/suggestion.h"
#include "command/option_help.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    OPTIONS_LIMIT = 32,
    HELP_CODE = 1000, /* the value that getopt_long returns for --help */
    FIRST_CODE = 1001 /* getopt_long returns FIRST_CODE + k for row k of the option table */
};

void zem_overrides_free(struct zem_overrides *overrides)
{
    for (size_t i = 0; i < overrides->count; i++)
        free(overrides->items[i]);
    free(overrides->items);
    free(overrides->option);
    *overrides = (struct zem_overrides){0};
}

static int append_override(struct zem_overrides *overrides, const struct zem_option *option, const char *value,
                           struct zem_error *error)
{
    const char *key = option->key;
    size_t size = (key ? strlen(key) + 1 : 0) + strlen(value) + 1;
    char *text = malloc(size);
    char **items = realloc(overrides->items, (overrides->count + 1) * sizeof *items);
    if (items)
        overrides->items = items;
    const char **names = realloc(overrides->option, (overrides->count + 1) * sizeof *names);
    if (names)
        overrides->option = names;
    if (!text || !items || !names) {
        free(text);
        return zem_error_set(error, ZEM_INTERNAL, "out of memory");
    }
    snprintf(text, size, "%s%s%s", key ? key : "", key ? "=" : "", value);
    overrides->option[overrides->count] = option->name;
    overrides->items[overrides->count++] = text;
    return ZEM_OK;
}

/* Translates the table for getopt_long. Long options get the value FIRST_CODE plus the index of their row. `letters`
 * gets the letters of short options. */
static void translate(const struct zem_option *options, struct option *long_options, char *letters)
{
    size_t line = 0;
    *letters++ = ':'; /* makes getopt_long return ':' for a missing value */
    *letters++ = 'h';
    for (; options[line].name; line++) {
        const struct zem_option *option = &options[line];
        long_options[line] = (struct option){option->name, option->argument ? required_argument : no_argument, NULL,
                                             FIRST_CODE + (int)line};
        if (option->letter) {
            *letters++ = option->letter;
            if (option->argument)
                *letters++ = ':';
        }
    }
    long_options[line] = (struct option){"help", optional_argument, NULL, HELP_CODE};
    long_options[line + 1] = (struct option){0};
    *letters = '\0';
}

static const struct zem_option *find_option(const struct zem_option *options, int code)
{
    if (code >= FIRST_CODE)
        return &options[code - FIRST_CODE];
    for (; options->name; options++)
        if (options->letter == code)
            return options;
    return NULL;
}

/* Finds the value in the words of the option, which are separated by blanks, and sets the target. */
static int take_word(const struct zem_usage *usage, const struct zem_option *option, const char *value,
                     struct zem_error *error)
{
    unsigned number = 1;
    for (const char *word = option->key; *word != '\0'; number++) {
        const size_t length = strcspn(word, " ");
        if (strlen(value) == length && strncmp(word, value, length) == 0) {
            *(unsigned *)option->target = number;
            return ZEM_OK;
        }
        word += length + (word[length] == ' ');
    }
    return zem_error_set(error, ZEM_USAGE, "%s: --%s %s: one of these words is needed: %s", usage->command,
                         option->name, value, option->key);
}

static int take_value(const struct zem_usage *usage, const struct zem_option *option, const char *value,
                      struct zem_error *error)
{
    switch (option->kind) {
    case ZEM_OPTION_FLAG:
        *(bool *)option->target = true;
        return ZEM_OK;
    case ZEM_OPTION_TEXT:
        *(const char **)option->target = value;
        return ZEM_OK;
    case ZEM_OPTION_NUMBER:
        if (!zem_number_whole(value, option->low, option->high, option->target))
            return zem_error_set(error, ZEM_USAGE, "%s: --%s %s: a whole number from %llu to %llu is needed",
                                 usage->command, option->name, value, (unsigned long long)option->low,
                                 (unsigned long long)option->high);
        return ZEM_OK;
    case ZEM_OPTION_WORD:
        return take_word(usage, option, value, error);
    case ZEM_OPTION_OVERRIDE:
        if (!option->key && !strchr(value, '='))
            return zem_error_set(error, ZEM_USAGE, "%s: --%s %s: key=value is needed, such as \"target.period=2 s\"",
                                 usage->command, option->name, value);
        return append_override(option->target, option, value, error);
    }
    return zem_error_set(error, ZEM_INTERNAL, "%s: --%s is an option of no kind", usage->command, option->name);
}

static int unknown_option(const struct zem_usage *usage, const struct zem_option *options, const char *word,
                          struct zem_error *error)
{
    const char *names[OPTIONS_LIMIT + 1], *near = NULL;
    size_t count = 0;
    for (; options->name; options++)
        names[count++] = options->name;
    names[count++] = zem_help_option.name;
    if (strncmp(word, "--", 2) != 0)
        return zem_error_set(error, ZEM_USAGE, "%s: unknown option -%c (see zem %s --help)", usage->command, optopt,
                             usage->command);
    char name[64];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(word + 2, "="), word + 2);
    if (optopt != 0)
        return zem_error_set(error, ZEM_USAGE, "%s: --%s takes no value", usage->command, name);
    near = zem_suggestion_nearest(name, names, count);
    if (near)
        return zem_error_set(error, ZEM_USAGE, "%s: unknown or ambiguous option --%s; did you mean --%s?",
                             usage->command, name, near);
    return zem_error_set(error, ZEM_USAGE, "%s: unknown or ambiguous option --%s (see zem %s --help)", usage->command,
                         name, usage->command);
}

static int check_operands(const struct zem_usage *usage, int argc, char **argv, int first, struct zem_error *error)
{
    size_t count = (size_t)(argc - first);
    if (count < usage->least_operands)
        return zem_error_set(error, ZEM_USAGE, "%s: missing operand, usage: zem %s %s [options] (see zem %s --help)",
                             usage->command, usage->command, usage->operands, usage->command);
    if (count > usage->most_operands)
        return zem_error_set(error, ZEM_USAGE, "%s: one operand too many: %s (see zem %s --help)", usage->command,
                             argv[(size_t)first + usage->most_operands], usage->command);
    return ZEM_OK;
}

int zem_options_read(const struct zem_usage *usage, const struct zem_option *options, int argc, char **argv, int *first,
                     struct zem_error *error)
{
    struct option long_options[OPTIONS_LIMIT + 2];
    char letters[2 * OPTIONS_LIMIT + 3];
    int code;
    translate(options, long_options, letters);
    opterr = 0;
    optind = 0; /* makes getopt_long of glibc and musl start from the beginning */
    for (;;) {
        int at = optind ? optind : 1;
        code = getopt_long(argc, argv, letters, long_options, NULL);
        if (code == -1)
            break;
        if (code == HELP_CODE || code == 'h') {
            const int status = zem_option_help(usage, options, optarg, error);
            return status == ZEM_OK ? 1 : status;
        }
        const char *word = argv[optind > at ? optind - 1 : at];
        if (code == '?')
            return unknown_option(usage, options, word, error);
        if (code == ':')
            return zem_error_set(error, ZEM_USAGE, "%s: option %s needs a value (see zem %s --help)", usage->command,
                                 word, usage->command);
        int status = take_value(usage, find_option(options, code), optarg, error);
        if (status != ZEM_OK)
            return status;
    }
    *first = optind;
    return check_operands(usage, argc, argv, *first, error);
}

int zem_interval_option(const char *command, const char *word, enum zem_interval_method *method,
                        struct zem_error *error)
{
    *method = zem_interval_method_of(word);
    if (*method != ZEM_INTERVAL_METHODS)
        return ZEM_OK;
    return zem_error_set(error, ZEM_USAGE, "%s: --interval %s: %s or %s is needed", command, word,
                         zem_interval_words[ZEM_WILSON], zem_interval_words[ZEM_CLOPPER_PEARSON]);
}
