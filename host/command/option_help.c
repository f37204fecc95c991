/* Prints the help of a command as text or as the body of a manual page, and chooses the form by --help=FORM. */
#include "command/option_help.h"

#include "base/roff_text.h"

#include <stdio.h>
#include <string.h>

const struct zem_option zem_help_option = {'h', "help", NULL, "print this text", ZEM_OPTION_FLAG, NULL, NULL, 0, 0};

/* Writes the help of an option into text[size]. If the value must be one of several words, the words follow. Returns
 * `text`. */
static const char *help_of(const struct zem_option *option, char *text, size_t size)
{
    size_t used = (size_t)snprintf(text, size, "%s%s", option->help, option->kind == ZEM_OPTION_WORD ? ": " : "");
    for (const char *at = option->key; option->kind == ZEM_OPTION_WORD && *at != '\0' && used + 3 < size; at++)
        used += (size_t)(*at == ' ' ? snprintf(text + used, size - used, ", ")
                                    : snprintf(text + used, size - used, "%c", *at));
    return text;
}

static void print_option(const struct zem_option *option)
{
    char help[300];
    char left[64] = "    ";
    if (option->letter)
        snprintf(left, sizeof left, "-%c, ", option->letter);
    size_t used = strlen(left);
    snprintf(left + used, sizeof left - used, "--%s%s%s", option->name, option->argument ? " " : "",
             option->argument ? option->argument : "");
    printf("  %-28s %s\n", left, help_of(option, help, sizeof help));
}

static void print_text(const struct zem_usage *usage, const struct zem_option *options)
{
    printf("Usage: zem %s %s%s[options]\n\n%s\n\nOptions:\n", usage->command, usage->operands,
           *usage->operands ? " " : "", usage->summary);
    for (const struct zem_option *option = options; option->name; option++)
        print_option(option);
    print_option(&zem_help_option);
    printf("\nExamples:\n%s", usage->examples);
}

static void print_manual_option(const struct zem_option *option)
{
    char head[64], help[300];
    if (option->letter)
        snprintf(head, sizeof head, "-%c, --%s", option->letter, option->name);
    else
        snprintf(head, sizeof head, "--%s", option->name);
    zem_roff_entry(stdout, head, option->argument, help_of(option, help, sizeof help));
}

void zem_option_manual(const struct zem_usage *usage, const struct zem_option *options)
{
    zem_roff_section(stdout, "SYNOPSIS");
    printf(".B zem %s\n.I ", usage->command);
    zem_roff_words(stdout, *usage->operands ? usage->operands : "[options]");
    printf("%s\n", *usage->operands ? " [options]" : "");
    zem_roff_section(stdout, "DESCRIPTION");
    zem_roff_text(stdout, usage->summary);
    puts("");
    zem_roff_section(stdout, "OPTIONS");
    for (const struct zem_option *option = options; option->name; option++)
        print_manual_option(option);
    print_manual_option(&zem_help_option);
    zem_roff_section(stdout, "EXAMPLES");
    puts(".nf");
    zem_roff_text(stdout, usage->examples);
    puts(".fi");
}

int zem_option_help(const struct zem_usage *usage, const struct zem_option *options, const char *form,
                    struct zem_error *error)
{
    static const struct {
        const char *form;
        void (*print)(const struct zem_usage *usage, const struct zem_option *options);
    } forms[] = {{"text", print_text},
                 {"man", zem_option_manual},
                 {"bash", zem_option_bash},
                 {"zsh", zem_option_zsh},
                 {"fish", zem_option_fish}};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (strcmp(form ? form : "text", forms[i].form) == 0) {
            forms[i].print(usage, options);
            return ZEM_OK;
        }
    return zem_error_set(error, ZEM_USAGE, "%s: --help=%s: text, man, bash, zsh or fish is needed", usage->command,
                         form);
}
