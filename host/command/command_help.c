/* `zem help`: prints the help of a command, manual pages and completion scripts. All of them come from the tables of
 * commands, options, keys and variables. */
#include "base/roff_text.h"
#include "command/commands.h"
#include "command/completion.h"
#include "command/options.h"
#include "result/variable_manual.h"
#include "scenario/key_manual.h"

#include <stdio.h>
#include <string.h>

static const struct zem_usage usage = {
    .command = "help",
    .operands = "[COMMAND]",
    .summary = "Prints the options of a command with examples, or the list of all commands. With --man it prints the "
               "manual page of\n"
               "the command, of zem itself if none is given, or of \"scenario\" or \"result\" (the two files). "
               "make install puts the pages\n"
               "and the completion scripts where man and the shells find them.",
    .examples = "  zem help\n"
                "  zem help run\n"
                "  zem help run --man | man -l -\n"
                "  . <(zem help --completion bash)\n",
    .least_operands = 0,
    .most_operands = 1,
};

static void print_see_also(const struct zem_command *commands)
{
    zem_roff_section(stdout, "SEE ALSO");
    for (const struct zem_command *command = commands; command->name; command++)
        printf(".BR zem\\-%s (1),\n", command->name);
    puts(".BR zem\\-scenario (5),\n.BR zem\\-result (5)");
}

static void print_exit_status(void)
{
    zem_roff_section(stdout, "EXIT STATUS");
    for (const struct zem_exit_code *code = zem_exit_codes; code->meaning; code++) {
        char number[16];
        snprintf(number, sizeof number, "%d", code->code);
        zem_roff_entry(stdout, number, NULL, code->meaning);
    }
}

static void print_program_manual(const struct zem_command *commands)
{
    zem_roff_title(stdout, "zem", 1);
    zem_roff_section(stdout, "NAME");
    puts("zem \\- Monte Carlo estimates of intercept probability over a grid of parameters");
    zem_roff_section(stdout, "SYNOPSIS");
    puts(".B zem\n.I command\n[options]");
    zem_roff_section(stdout, "DESCRIPTION");
    zem_roff_text(stdout, zem_help_summary);
    puts("");
    zem_roff_section(stdout, "COMMANDS");
    for (const struct zem_command *command = commands; command->name; command++)
        zem_roff_entry(stdout, command->name, NULL, command->summary);
    zem_roff_section(stdout, "OPTIONS");
    zem_roff_entry(stdout, "-h, --help", NULL, "print the commands; after a command, its options and examples");
    zem_roff_entry(stdout, "-V, --version", NULL, "print the versions of zem and of the libraries it uses");
    print_exit_status();
    zem_roff_section(stdout, "ENVIRONMENT");
    zem_roff_entry(stdout, "NO_COLOR, TERM=dumb", NULL,
                   "NO_COLOR: no colours. TERM=dumb: no colours and no movement of the cursor");
    zem_roff_section(stdout, "FILES");
    zem_roff_entry(stdout, ".NAME.checkpoint", NULL,
                   "what a stopped run of the result NAME leaves beside it, from which zem run --resume goes on");
    print_see_also(commands);
}

/* Prints the manual page of a command. The command's own function prints the sections SYNOPSIS to EXAMPLES when it is
 * called with --help=man, because only it has the table of its options. */
static int print_command_manual(const struct zem_console *console, const struct zem_command *command,
                                struct zem_error *error)
{
    char page[64], name[32], option[] = "--help=man", *words[] = {name, option, NULL};
    snprintf(page, sizeof page, "zem-%s", command->name);
    snprintf(name, sizeof name, "%s", command->name);
    zem_roff_title(stdout, page, 1);
    zem_roff_section(stdout, "NAME");
    printf("zem\\-%s \\- ", command->name);
    zem_roff_words(stdout, command->summary);
    puts("");
    const int status = command->function(console, 2, words, error);
    print_exit_status();
    print_see_also(console->commands);
    return status;
}

static int print_manual(const struct zem_console *console, const char *topic, struct zem_error *error)
{
    if (!topic) {
        print_program_manual(console->commands);
        return ZEM_OK;
    }
    if (strcmp(topic, "scenario") == 0) {
        zem_key_manual(stdout);
        return ZEM_OK;
    }
    if (strcmp(topic, "result") == 0) {
        zem_variable_manual(stdout);
        return ZEM_OK;
    }
    const struct zem_command *command = zem_command_find(console->commands, topic, error);
    return command ? print_command_manual(console, command, error) : ZEM_USAGE;
}

static int print_help(const struct zem_console *console, char *topic, struct zem_error *error)
{
    if (!topic) {
        zem_help_print(console->commands);
        return ZEM_OK;
    }
    const struct zem_command *command = zem_command_find(console->commands, topic, error);
    char option[] = "--help", *words[] = {topic, option, NULL};
    return command ? command->function(console, 2, words, error) : ZEM_USAGE;
}

int zem_command_help(const struct zem_console *console, int argc, char **argv, struct zem_error *error)
{
    bool manual = false;
    const char *shell = NULL;
    const struct zem_option options[] = {
        {0, "man", NULL, "print the manual page, in roff", ZEM_OPTION_FLAG, &manual, NULL, 0, 0},
        {0, "completion", "SHELL", "print the completion script for bash, zsh or fish", ZEM_OPTION_TEXT, &shell, NULL,
         0, 0},
        {0},
    };
    int first = 0;
    const int status = zem_options_read(&usage, options, argc, argv, &first, error);
    if (status != ZEM_OK)
        return status > 0 ? ZEM_OK : status;
    char *topic = first < argc ? argv[first] : NULL;
    if (shell && (topic || manual))
        return zem_error_set(error, ZEM_USAGE, "help: --completion is for all commands, and goes with nothing else");
    if (shell)
        return zem_completion_print(console, shell, error);
    return manual ? print_manual(console, topic, error) : print_help(console, topic, error);
}
