/* Prints the frames of the completion scripts, and decides what can stand as a value or an operand. An option of the
 * kind ZEM_OPTION_WORD, and some options that are known by name, such as --device, take one of several words. For any
 * other option the name of its argument in --help, such as FILE, tells what it takes. */
#include "command/completion.h"

#include "device/backend.h"
#include "result/result_variables.h"
#include "scenario/example.h"
#include "scenario/scenario.h"
#include "view/view.h"

#include <stdio.h>
#include <string.h>

static const char *const shells = "bash zsh fish";

static bool has_words(const char *name)
{
    static const char *const names[] = {"device", "variable", "example", "interval", "completion"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

enum zem_completion zem_completion_of_option(const struct zem_option *option)
{
    if (option->kind == ZEM_OPTION_WORD || has_words(option->name))
        return ZEM_COMPLETE_WORD;
    if (strncmp(option->argument, "FILE", 4) == 0)
        return ZEM_COMPLETE_FILE;
    return strcmp(option->argument, "KEY=VALUE") == 0 ? ZEM_COMPLETE_KEY : ZEM_COMPLETE_NOTHING;
}

enum zem_completion zem_completion_of_operands(const struct zem_usage *usage)
{
    static const struct {
        const char *part;
        enum zem_completion kind;
    } table[] = {{"SCENARIO-or-FILE", ZEM_COMPLETE_INPUT},
                 {"SCENARIO", ZEM_COMPLETE_SCENARIO},
                 {"COMMAND", ZEM_COMPLETE_WORD},
                 {"FILE", ZEM_COMPLETE_RESULT},
                 {"A B", ZEM_COMPLETE_RESULT},
                 {"OUT IN", ZEM_COMPLETE_RESULT}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (strstr(usage->operands, table[i].part))
            return table[i].kind;
    return ZEM_COMPLETE_NOTHING;
}

void zem_completion_option_words(const struct zem_option *option)
{
    if (option->kind == ZEM_OPTION_WORD)
        fputs(option->key, stdout);
    else
        zem_completion_words(option->name);
}

/* The variables that can be drawn; of the others no command takes the name. */
static void print_variables(void)
{
    const char *before = "";
    for (size_t i = 0; i < zem_variable_count; i++)
        if (zem_view_takes(&zem_variable_table[i])) {
            printf("%s%s", before, zem_variable_table[i].name);
            before = " ";
        }
}

void zem_completion_words(const char *name)
{
    if (strcmp(name, "device") == 0)
        zem_devices_print_groups(stdout);
    else if (strcmp(name, "completion") == 0)
        fputs(shells, stdout);
    else if (strcmp(name, "interval") == 0)
        printf("%s %s", zem_interval_words[ZEM_WILSON], zem_interval_words[ZEM_CLOPPER_PEARSON]);
    else if (strcmp(name, "variable") == 0)
        print_variables();
    else if (strcmp(name, "example") == 0)
        for (const struct zem_example *example = zem_examples; example->name; example++)
            printf("%s%s", example == zem_examples ? "" : " ", example->name);
    else if (strcmp(name, "key") == 0)
        for (int key = 0; key < ZEM_KEY_COUNT; key++)
            printf("%s%s.%s=", key ? " " : "", zem_key_table[key].section, zem_key_table[key].name);
}

static void print_commands(const struct zem_command *commands)
{
    for (const struct zem_command *command = commands; command->name; command++)
        printf("%s%s", command == commands ? "" : " ", command->name);
}

/* Calls every command with --help=SHELL, so that it prints its part of the script. */
static int print_parts(const struct zem_console *console, const char *shell, struct zem_error *error)
{
    char option[32];
    snprintf(option, sizeof option, "--help=%s", shell);
    for (const struct zem_command *command = console->commands; command->name; command++) {
        char name[32], *words[] = {name, option, NULL};
        snprintf(name, sizeof name, "%s", command->name);
        const int status = command->function(console, 2, words, error);
        if (status != ZEM_OK)
            return status;
    }
    return ZEM_OK;
}

static int print_bash(const struct zem_console *console, struct zem_error *error)
{
    fputs("# bash completion of zem, printed by: zem help --completion bash\n\n"
          "_zem_files() # ENDING...: files with one of the endings, and folders\n{\n"
          "    local ending IFS=$'\\n'\n"
          "    compopt -o filenames\n"
          "    COMPREPLY+=($(compgen -d -- \"$current\"))\n"
          "    for ending; do COMPREPLY+=($(compgen -f -X \"!*$ending\" -- \"$current\")); done\n}\n\n"
          "_zem()\n{\n"
          "    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} assigned=\n"
          "    # bash takes --device=cpu and target.maneuver=weave for three words.\n"
          "    if [ \"$current\" = = ]; then assigned=1 current=\n"
          "    elif [ \"$previous\" = = ]; then assigned=1 previous=${COMP_WORDS[COMP_CWORD - 2]}; fi\n"
          "    local options='--help --version' kind=word value= words= commands='",
          stdout);
    print_commands(console->commands);
    fputs("'\n    local examples='", stdout);
    zem_completion_words("example");
    fputs("' keys='", stdout);
    zem_completion_words("key");
    fputs(
        "'\n    COMPREPLY=()\n    [ \"$COMP_CWORD\" -gt 1 ] || words=$commands\n    [ \"$COMP_CWORD\" -le 1 ] || case "
        "${COMP_WORDS[1]} in\n",
        stdout);
    const int status = print_parts(console, "bash", error);
    fputs("    esac\n"
          "    if [ -n \"$value\" ]; then kind=$value; elif [ -n \"$assigned\" ]; then kind=none; elif [[ $current == "
          "-* ]]; then kind=word words=$options; fi\n"
          "    case $kind in\n"
          "        file) _zem_files '' ;;\n"
          "        scenario) _zem_files .yaml .yml; COMPREPLY+=($(compgen -W \"$examples\" -- \"$current\")) ;;\n"
          "        result) _zem_files .h5 ;;\n"
          "        input) _zem_files .yaml .yml .h5; COMPREPLY+=($(compgen -W \"$examples\" -- \"$current\")) ;;\n"
          "        key) compopt -o nospace; COMPREPLY=($(compgen -W \"$keys\" -- \"$current\")) ;;\n"
          "        word) COMPREPLY=($(compgen -W \"$words\" -- \"$current\")) ;;\n"
          "    esac\n}\n\n"
          "complete -F _zem zem\n",
          stdout);
    return status;
}

static int print_zsh(const struct zem_console *console, struct zem_error *error)
{
    fputs("#compdef zem\n# zsh completion of zem, printed by: zem help --completion zsh\n\n"
          "_zem_commands() {\n    local -a commands=(\n",
          stdout);
    for (const struct zem_command *command = console->commands; command->name; command++)
        printf("        '%s:%s'\n", command->name, command->summary);
    fputs("    )\n    _describe -t commands command commands\n}\n\n_zem_examples() { compadd -- ", stdout);
    zem_completion_words("example");
    fputs("; }\n_zem_key() { compadd -S '' -- ", stdout);
    zem_completion_words("key");
    fputs("; }\n"
          "_zem_result() { _files -g '*.h5(-.)' }\n"
          "_zem_scenario() { _alternative 'files:scenario:_files -g \"*.(yaml|yml)(-.)\"' "
          "'examples:example:_zem_examples' }\n"
          "_zem_input() { _alternative 'files:file:_files -g \"*.(yaml|yml|h5)(-.)\"' "
          "'examples:example:_zem_examples' }\n\n"
          "_zem() {\n"
          "    if (( CURRENT == 2 )); then\n        _arguments '--help[print the commands]' '--version[print the "
          "versions]' ':command:_zem_commands'\n        return\n    fi\n"
          "    shift words\n    (( CURRENT-- ))\n    case $words[1] in\n",
          stdout);
    const int status = print_parts(console, "zsh", error);
    fputs("    esac\n}\n\n_zem \"$@\"\n", stdout);
    return status;
}

static int print_fish(const struct zem_console *console, struct zem_error *error)
{
    fputs("# fish completion of zem, printed by: zem help --completion fish\n\ncomplete -c zem -f\n"
          "complete -c zem -n __fish_use_subcommand -l help -s h -d 'print the commands'\n"
          "complete -c zem -n __fish_use_subcommand -l version -s V -d 'print the versions'\n",
          stdout);
    for (const struct zem_command *command = console->commands; command->name; command++)
        printf("complete -c zem -n __fish_use_subcommand -a %s -d '%s'\n", command->name, command->summary);
    fputs("complete -c zem -n '__fish_seen_subcommand_from help' -a '", stdout);
    print_commands(console->commands);
    fputs("'\n", stdout);
    return print_parts(console, "fish", error);
}

int zem_completion_print(const struct zem_console *console, const char *shell, struct zem_error *error)
{
    if (strcmp(shell, "bash") == 0)
        return print_bash(console, error);
    if (strcmp(shell, "zsh") == 0)
        return print_zsh(console, error);
    if (strcmp(shell, "fish") == 0)
        return print_fish(console, error);
    return zem_error_set(error, ZEM_USAGE, "help: --completion %s: bash, zsh or fish is needed", shell);
}
