/* The program `zem`: finds the command, calls it, prints its error and turns its status into the exit code. No other
 * file prints an error or exits, except base/last_resort.c after a crash. setlocale is never called, so numbers are
 * written in the C locale. */
#include "base/interruption.h"
#include "base/json_text.h"
#include "base/kernel_types.h"
#include "base/last_resort.h"
#include "base/printable.h"
#include "command/commands.h"
#include "result/provenance.h"
#include "result/result_file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct zem_command commands[] = {
    {"run", "runs scenarios and writes one result file each", zem_command_run},
    {"check", "validates a scenario and says what a run will cost", zem_command_check},
    {"devices", "lists what can compute, and why the rest cannot", zem_command_devices},
    {"show", "prints headline numbers and a heat map of a result", zem_command_show},
    {"plot", "draws a result as PNG, SVG or PDF", zem_command_plot},
    {"report", "one self-contained HTML page", zem_command_report},
    {"trace", "replays one engagement", zem_command_trace},
    {"verify", "recomputes cells and compares integers", zem_command_verify},
    {"diff", "difference of two results and its significance", zem_command_diff},
    {"doctrine", "from one engagement to salvos, looks, reliability and raids", zem_command_doctrine},
    {"effects", "what matters: shares of the variance over the grid", zem_command_effects},
    {"sensitivity", "what drives the spread: shares of the variance over the trials", zem_command_sensitivity},
    {"merge", "adds the shards of a run", zem_command_merge},
    {"export", "CSV of the surface", zem_command_export},
    {"converge", "tells whether the steps are short enough", zem_command_converge},
    {"reference", "prints the keys of a scenario, or their JSON schema", zem_command_reference},
    {"bench", "measures devices with work that a digest proves", zem_command_bench},
    {"new", "writes a scenario to start from", zem_command_new},
    {"help", "prints the options and examples of a command", zem_command_help},
    {0},
};

static void print_diagnostics(const struct zem_diagnostics *diagnostics)
{
    char text[2048];
    for (size_t i = 0; i < diagnostics->count; i++) {
        zem_diagnostics_format(diagnostics, i, text, sizeof text);
        fputs(diagnostics->items[i].severity == ZEM_WARNING ? "warning: " : "", stderr);
        zem_printable_write(text, true, stderr);
        fputc('\n', stderr);
    }
}

/* Prints an error to standard error. Control characters are escaped, because a message may quote names and texts of any
 * content. */
static void print_error(const struct zem_error *error)
{
    fputs("zem: ", stderr);
    zem_printable_write(error->message, true, stderr);
    fputc('\n', stderr);
}

static void print_version(void)
{
    printf("zem %s (commit %s, kernel version %u)\nHDF5 %s\n"
           "OpenCL 1.2 or later, loaded on demand; `zem devices` asks the drivers for their versions\n",
           zem_build_version, zem_build_commit, ZEM_KERNEL_VERSION, zem_result_file_library());
}

/* Ends the program after a signal while its main thread waits for a file, a driver or gnuplot, and removes its
 * unfinished files. Standard error may be locked or full, so the sentence is written by write() in place of stdio, and
 * only if poll() says that there is room for it. zem_interruption_catch calls this function in its own thread. */
static void leave(bool resumable)
{
    static const char lost[] = "zem: stopped by a signal while waiting for a file, a device or gnuplot; no output was "
                               "replaced\n",
                      kept[] = "zem: stopped by a signal while waiting for a file or a device; --resume goes on from "
                               "the checkpoint\n";
    struct pollfd room = {.fd = STDERR_FILENO, .events = POLLOUT};
    zem_last_resort_remove();
    if (poll(&room, 1, 0) == 1) {
        const ssize_t ignored =
            resumable ? write(STDERR_FILENO, kept, sizeof kept - 1) : write(STDERR_FILENO, lost, sizeof lost - 1);
        (void)ignored;
    }
    _exit(resumable ? -ZEM_STOPPED_RESUMABLE : -ZEM_STOPPED);
}

/* Calls a command with a copy of argv. getopt_long reorders the copy, and the provenance in the result file gets the
 * order in which the user wrote the arguments. */
static int call_command(const struct zem_command *command, int argc, char **argv, struct zem_error *error)
{
    const struct zem_console console = {commands, argc, argv, print_diagnostics, print_error, leave};
    char **words = malloc((size_t)argc * sizeof *words);
    if (!words)
        return zem_error_set(error, ZEM_INTERNAL, "out of memory");
    memcpy(words, argv + 1, (size_t)argc * sizeof *words); /* includes the NULL after the last argument */
    int status = command->function(&console, argc - 1, words, error);
    free(words);
    return status;
}

static int run_command(int argc, char **argv, struct zem_error *error)
{
    const struct zem_command *command = zem_command_find(commands, argv[1], error);
    return command ? call_command(command, argc, argv, error) : ZEM_USAGE;
}

static int dispatch(int argc, char **argv, struct zem_error *error)
{
    if (argc < 2)
        return zem_error_set(error, ZEM_USAGE, "a command is needed, such as \"zem run SCENARIO\" (see zem --help)");
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        zem_help_print(commands);
    else if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0)
        print_version();
    else
        return run_command(argc, argv, error);
    return ZEM_OK;
}

/* Opens standard streams that the caller has closed. Otherwise the next file opened would get the number of such a
 * stream, and printing could overwrite a result. /dev/null is opened in the wrong direction, so that any use of the
 * stream still fails. */
static void keep_standard_streams(void)
{
    for (int number = 0; number <= 2; number++)
        if (fcntl(number, F_GETFD) == -1 && errno == EBADF
            && open("/dev/null", number == 0 ? O_WRONLY : O_RDONLY) != number)
            exit(-ZEM_INTERNAL);
}

int main(int argc, char **argv)
{
    struct zem_error error = {0};
    keep_standard_streams();
    setvbuf(stderr, NULL, _IOLBF, BUFSIZ); /* processes that share a log then write whole lines */
    zem_last_resort_begin();
    zem_json_watch_memory();
    int status = dispatch(argc, argv, &error);
    bool failed = ferror(stdout) != 0;
    if ((fclose(stdout) != 0 || failed) && !zem_interrupted) {
        const int reason = errno;
        if (error.message[0] != '\0')
            print_error(&error);
        error = (struct zem_error){0}; /* cleared, because zem_error_set would keep the first error */
        status = zem_error_set(&error, ZEM_INPUT_OUTPUT, "standard output could not be written: %s", strerror(reason));
    }
    if (error.message[0] != '\0')
        print_error(&error);
    if (zem_interrupted)
        _exit(status < 0 ? -status : 0); /* not exit(), because it would wait for a thread that hangs in a driver */
    zem_last_resort_end();
    return status < 0 ? -status : 0;
}
