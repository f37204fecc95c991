/* `zem new`: writes a copy of one of the examples inside the program as a scenario to start from. The first line of the
 * file names the JSON schema of scenarios for editors. */
#define _XOPEN_SOURCE 700 /* realpath */
#include "base/output_file.h"
#include "command/commands.h"
#include "command/options.h"
#include "scenario/example.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char FIRST_EXAMPLE[] = "first", MODELINE[] = "# yaml-language-server: $schema=";

static const struct zem_usage usage = {
    .command = "new",
    .operands = "[NAME]",
    .summary = "Writes NAME.yaml (scenario.yaml if NAME is absent), a short scenario with comments, to be run as it is "
               "or\n"
               "changed. With --example it is a copy of an example. The first line names the JSON schema, with "
               "which editors\n"
               "complete and check keys, if the schema is installed beside the program.",
    .examples = "  zem new\n"
                "  zem new study --example point-mass\n"
                "  zem new --list\n",
    .least_operands = 0,
    .most_operands = 1,
};

struct new_settings {
    const char *example;
    bool list, force;
};

static int read_settings(struct new_settings *settings, int argc, char **argv, int *first, struct zem_error *error)
{
    const struct zem_option options[] = {
        {'e', "example", "EXAMPLE", "copy this example", ZEM_OPTION_TEXT, &settings->example, NULL, 0, 0},
        {'l', "list", NULL, "print the names of the examples with their titles; write no file", ZEM_OPTION_FLAG,
         &settings->list, NULL, 0, 0},
        {'f', "force", NULL, "replace an existing file", ZEM_OPTION_FLAG, &settings->force, NULL, 0, 0},
        {0},
    };
    return zem_options_read(&usage, options, argc, argv, first, error);
}

static void print_list(void)
{
    for (const struct zem_example *example = zem_examples; example->name; example++)
        printf("%-18s %s\n", example->name, example->title);
}

/* Finds the JSON schema of scenarios in the folder where it is installed with the program, or in the source tree if the
 * program is build/zem. Writes its path to path[size]. False if there is none. */
static bool find_schema(char *path, size_t size)
{
    static const char *const places[] = {"../share/zem/models", "../models"};
    char program[1024], file[1200], real[PATH_MAX];
    const ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length <= 0)
        return false;
    program[length] = '\0';
    char *slash = strrchr(program, '/');
    if (!slash)
        return false;
    *slash = '\0';
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        snprintf(file, sizeof file, "%s/%s/scenario.schema.json", program, places[i]);
        if (realpath(file, real) && (size_t)snprintf(path, size, "%s", real) < size)
            return true;
    }
    return false;
}

/* Writes the example. The line that names the JSON schema gets the path of the schema on this machine, or is left out
 * if there is none. */
static void write_text(FILE *stream, const struct zem_example *example)
{
    char schema[1200];
    const char *text = example->text;
    if (strncmp(text, MODELINE, strlen(MODELINE)) == 0)
        text = strchr(text, '\n') + 1;
    if (find_schema(schema, sizeof schema))
        fprintf(stream, "%s%s\n", MODELINE, schema);
    fputs(text, stream);
}

/* Returns "study.yaml" for "study", and a name that ends in .yaml or .yml as it is. The caller frees it. NULL without
 * memory. */
static char *output_name(const char *name)
{
    const char *dot = strrchr(name, '.');
    const bool complete = dot && (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0);
    const size_t size = strlen(name) + sizeof ".yaml";
    char *output = malloc(size);
    if (output)
        snprintf(output, size, "%s%s", name, complete ? "" : ".yaml");
    return output;
}

static int write_file(const struct zem_example *example, const char *path, bool force, struct zem_error *error)
{
    struct zem_output output = {0};
    int status = zem_output_open(&output, path, force, error);
    if (status == ZEM_OK) {
        write_text(output.stream, example);
        status = zem_output_publish(&output, error);
    }
    zem_output_end(&output);
    return status;
}

static int write_example(const struct new_settings *settings, const char *name, struct zem_error *error)
{
    const char *wanted = settings->example ? settings->example : FIRST_EXAMPLE;
    const struct zem_example *example = zem_example_find(wanted);
    const char *near = zem_example_nearest(wanted);
    if (!example)
        return zem_error_set(error, ZEM_USAGE, "new: there is no example \"%s\"%s%s%s (zem new --list prints all)",
                             wanted, near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
    char *output = output_name(name);
    if (!output)
        return zem_error_set(error, ZEM_INTERNAL, "out of memory");
    const int status = write_file(example, output, settings->force, error);
    if (status == ZEM_OK)
        fprintf(stderr, "zem: %s: %s; run it with: zem run %s\n", output, example->title, output);
    free(output);
    return status;
}

int zem_command_new(const struct zem_console *console, int argc, char **argv, struct zem_error *error)
{
    (void)console;
    struct new_settings settings = {0};
    int first = 0;
    const int status = read_settings(&settings, argc, argv, &first, error);
    if (status != ZEM_OK)
        return status > 0 ? ZEM_OK : status;
    if (settings.list) {
        print_list();
        return ZEM_OK;
    }
    return write_example(&settings, first < argc ? argv[first] : "scenario", error);
}
