/* gnuplot, run as a program with the script of plot_script.c. The picture is drawn under a temporary name and renamed
 * when it is complete. */
#include "view/plot.h"

#include "base/temporary_path.h"
#include "view/plot_script.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static int picture_of(const char *output, enum zem_picture *picture, struct zem_error *error)
{
    static const char *const endings[] = {
        [ZEM_PICTURE_PNG] = ".png", [ZEM_PICTURE_SVG] = ".svg", [ZEM_PICTURE_PDF] = ".pdf"};
    size_t length = strlen(output);
    for (int i = 0; i < 3; i++)
        if (length > 4 && strcmp(output + length - 4, endings[i]) == 0) {
            *picture = (enum zem_picture)i;
            return 0;
        }
    return zem_error_set(error, ZEM_USAGE, "%s: the name of the picture must end in .png, .svg or .pdf", output);
}

/* Writes the error messages of gnuplot as one line, without the lines in which it repeats the script. */
static void read_complaint(FILE *stream, char *text, size_t size)
{
    char line[300];
    text[0] = '\0';
    rewind(stream);
    while (fgets(line, sizeof line, stream) != NULL) {
        char *start = line + strspn(line, " \t^\n");
        if (strstr(start, "line ") == NULL && strstr(start, "rror") == NULL && strstr(start, "annot") == NULL)
            continue;
        start[strcspn(start, "\n")] = '\0';
        size_t used = strlen(text);
        if (used < size)
            snprintf(text + used, size - used, "%s%s", used > 0 ? "; " : "", start);
    }
    if (text[0] == '\0')
        snprintf(text, size, "it gave no reason");
}

static int wait_for(pid_t process)
{
    int state;
    while (waitpid(process, &state, 0) < 0)
        if (errno != EINTR)
            return -1;
    return state;
}

/* Runs gnuplot with the script as its standard input. Script and error messages are temporary files instead of pipes,
 * so that neither program can wait for the other. */
static int run_gnuplot(const char *program, FILE *script, struct zem_error *error)
{
    char complaint[600];
    char *arguments[] = {(char *)(size_t)program, (char[]){"--default-settings"}, (char[]){"-"}, NULL};
    posix_spawn_file_actions_t actions;
    pid_t process;
    FILE *complaints = tmpfile();
    if (complaints == NULL)
        return zem_error_set(error, ZEM_INPUT_OUTPUT, "no temporary file can be made: %s", strerror(errno));
    rewind(script);
    lseek(fileno(script), 0, SEEK_SET);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, fileno(script), 0);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, fileno(complaints), 2);
    int failed = posix_spawnp(&process, program, &actions, NULL, arguments, environ), status = 0;
    posix_spawn_file_actions_destroy(&actions);
    int state = failed ? 0 : wait_for(process);
    if (failed == ENOENT || (!failed && WIFEXITED(state) && WEXITSTATUS(state) == 127))
        status = zem_error_set(
            error, ZEM_CANNOT_CREATE,
            "plotting needs gnuplot, and there is no %s on this machine: install the package gnuplot-nox, or"
            " write the surface as CSV with `zem export` and draw it with something else",
            program);
    else if (failed)
        status = zem_error_set(error, ZEM_CANNOT_CREATE, "%s cannot be started: %s", program, strerror(failed));
    else if (!WIFEXITED(state) || WEXITSTATUS(state) != 0) {
        read_complaint(complaints, complaint, sizeof complaint);
        status = zem_error_set(error, ZEM_INPUT_OUTPUT, "gnuplot failed: %s", complaint);
    }
    fclose(complaints);
    return status;
}

/* Creates the file before gnuplot runs, because the system's reason for a failure is clearer than that of gnuplot. */
static int temporary_create(const char *temporary, const char *output, struct zem_error *error)
{
    int descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (descriptor < 0)
        return zem_error_set(error, ZEM_CANNOT_CREATE, "%s: cannot be created: %s", output, strerror(errno));
    close(descriptor);
    return 0;
}

static int publish(const char *temporary, const char *output, struct zem_error *error)
{
    struct stat found;
    if (stat(temporary, &found) != 0 || found.st_size == 0)
        return zem_error_set(error, ZEM_INPUT_OUTPUT, "%s: gnuplot wrote nothing; the disk may be full", output);
    if (rename(temporary, output) != 0)
        return zem_error_set(error, ZEM_CANNOT_CREATE, "%s: cannot be given its name: %s", output, strerror(errno));
    return 0;
}

static int write_script(const struct zem_result *result, const struct zem_plot_options *options,
                        enum zem_picture picture, const char *temporary, FILE *script, struct zem_error *error)
{
    struct zem_view view;
    int status;
    if (options->against != NULL && strcmp(options->against, "radius") != 0)
        return zem_error_set(error, ZEM_USAGE, "against \"%s\": only radius is possible; the axes are drawn without it",
                             options->against);
    if (options->against != NULL)
        status = zem_plot_script_radius(result, &options->view, picture, temporary, script, error);
    else if ((status = zem_view_init(&view, result, &options->view, error)) == 0) {
        status = zem_plot_script_view(&view, picture, temporary, script, error);
        zem_view_free(&view);
    }
    if (status == 0 && (fflush(script) != 0 || ferror(script)))
        status =
            zem_error_set(error, ZEM_INPUT_OUTPUT, "the script for gnuplot cannot be written: %s", strerror(errno));
    return status;
}

int zem_plot(const struct zem_result *result, const struct zem_plot_options *options, struct zem_error *error)
{
    enum zem_picture picture = ZEM_PICTURE_PNG;
    char *temporary = NULL;
    FILE *script = NULL;
    int status = picture_of(options->output, &picture, error);
    if (status != 0)
        return status;
    temporary = zem_temporary_path(options->output, "part");
    script = tmpfile();
    if (temporary == NULL || script == NULL)
        status = zem_error_set(error, ZEM_INPUT_OUTPUT, "no temporary file can be made: %s", strerror(errno));
    if (status == 0)
        status = write_script(result, options, picture, temporary, script, error);
    if (status == 0)
        status = temporary_create(temporary, options->output, error);
    if (status == 0) {
        status = run_gnuplot(options->program ? options->program : "gnuplot", script, error);
        if (status == 0)
            status = publish(temporary, options->output, error);
        if (status != 0)
            unlink(temporary);
    }
    if (script != NULL)
        fclose(script);
    free(temporary);
    return status;
}
