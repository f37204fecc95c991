/* Prints the part of one command in a completion script: a branch of `case` for bash, `_arguments` for zsh, lines with
 * `complete` for fish. completion.c prints the frame around the parts. */
#include "command/completion.h"
#include "command/option_help.h"

#include <stdio.h>
#include <string.h>

/* The names in the scripts for the enumerators of zem_completion, in their order. */
static const char *const bash_kind[] = {"none", "file", "scenario", "result", "input", "key", "word"};
static const char *const zsh_action[] = {" ", "_files", "_zem_scenario", "_zem_result", "_zem_input", "_zem_key", ""};

/* Prints text that stands within single quotes in a script. The characters in `special` get a backslash in front. */
static void print_quoted(const char *text, const char *special)
{
    for (; *text; text++) {
        if (*text == '\'')
            fputs("'\\''", stdout);
        else if (strchr(special, *text))
            printf("\\%c", *text);
        else
            putchar(*text);
    }
}

void zem_option_bash(const struct zem_usage *usage, const struct zem_option *options)
{
    printf("        %s)\n            options='", usage->command);
    for (const struct zem_option *option = options; option->name; option++)
        printf("--%s ", option->name);
    printf("--%s'\n            kind=%s\n            case $previous in\n", zem_help_option.name,
           bash_kind[zem_completion_of_operands(usage)]);
    for (const struct zem_option *option = options; option->name; option++) {
        if (!option->argument)
            continue;
        printf("                --%s", option->name);
        if (option->letter)
            printf(" | -%c", option->letter);
        const enum zem_completion kind = zem_completion_of_option(option);
        printf(") value=%s", bash_kind[kind]);
        if (kind == ZEM_COMPLETE_WORD) {
            fputs(" words='", stdout);
            zem_completion_option_words(option);
            putchar('\'');
        }
        puts(" ;;");
    }
    puts("            esac");
    if (zem_completion_of_operands(usage) == ZEM_COMPLETE_WORD)
        puts("            [ -n \"$words\" ] || words=$commands");
    puts("            ;;");
}

/* Prints the specification of one option for _arguments, such as '(-o --output)'{-o,--output=}'[result
 * file]:FILE:_files'. An option that may be repeated begins with an asterisk. */
static void print_zsh_option(const struct zem_option *option)
{
    const char *repeat = option->kind == ZEM_OPTION_OVERRIDE && !option->key ? "*" : "";
    const char *sign = option->argument ? "=" : ""; /* the value may stand in the same word */
    fputs("                ", stdout);
    if (option->letter)
        printf("'(-%c --%s)'{-%c,--%s%s}'[", option->letter, option->name, option->letter, option->name, sign);
    else
        printf("'%s--%s%s[", repeat, option->name, sign);
    print_quoted(option->help, "[]:\\");
    putchar(']');
    if (option->argument) {
        const enum zem_completion kind = zem_completion_of_option(option);
        putchar(':');
        print_quoted(option->argument, "[]:\\");
        printf(":%s", zsh_action[kind]);
        if (kind == ZEM_COMPLETE_WORD) {
            putchar('(');
            zem_completion_option_words(option);
            putchar(')');
        }
    }
    puts("' \\");
}

void zem_option_zsh(const struct zem_usage *usage, const struct zem_option *options)
{
    const enum zem_completion kind = zem_completion_of_operands(usage);
    printf("        %s)\n            _arguments \\\n", usage->command);
    for (const struct zem_option *option = options; option->name; option++)
        print_zsh_option(option);
    print_zsh_option(&zem_help_option);
    if (kind == ZEM_COMPLETE_WORD)
        puts("                '*:COMMAND:_zem_commands'");
    else
        printf("                '*: :%s'\n", zsh_action[kind]);
    puts("            ;;");
}

static void print_fish_option(const struct zem_usage *usage, const struct zem_option *option)
{
    printf("complete -c zem -n '__fish_seen_subcommand_from %s' -l %s", usage->command, option->name);
    if (option->letter)
        printf(" -s %c", option->letter);
    const enum zem_completion kind = option->argument ? zem_completion_of_option(option) : ZEM_COMPLETE_NOTHING;
    if (kind == ZEM_COMPLETE_FILE)
        fputs(" -r -F", stdout);
    else if (option->argument)
        fputs(" -x", stdout);
    if (kind == ZEM_COMPLETE_WORD || kind == ZEM_COMPLETE_KEY) {
        fputs(" -a '", stdout);
        if (kind == ZEM_COMPLETE_KEY)
            zem_completion_words("key");
        else
            zem_completion_option_words(option);
        putchar('\'');
    }
    fputs(" -d '", stdout);
    print_quoted(option->help, "\\");
    puts("'");
}

void zem_option_fish(const struct zem_usage *usage, const struct zem_option *options)
{
    static const char *const words[] = {"",
                                        "",
                                        "(__fish_complete_suffix .yaml) ",
                                        "(__fish_complete_suffix .h5)",
                                        "(__fish_complete_suffix .yaml) (__fish_complete_suffix .h5) ",
                                        "",
                                        ""};
    const enum zem_completion kind = zem_completion_of_operands(usage);
    for (const struct zem_option *option = options; option->name; option++)
        print_fish_option(usage, option);
    print_fish_option(usage, &zem_help_option);
    if (kind == ZEM_COMPLETE_NOTHING)
        return;
    printf("complete -c zem -n '__fish_seen_subcommand_from %s'%s -a '%s", usage->command,
           kind == ZEM_COMPLETE_FILE ? " -F" : "", words[kind]);
    if (kind == ZEM_COMPLETE_SCENARIO || kind == ZEM_COMPLETE_INPUT)
        zem_completion_words("example");
    if (kind == ZEM_COMPLETE_WORD)
        zem_completion_words("COMMAND");
    puts("'");
}
