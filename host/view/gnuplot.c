/* Runs gnuplot as a process. Its script and its error messages are temporary files instead of pipes, so that neither
 * program can wait for the other. The picture comes through a pipe and is written here, because gnuplot does not notice
 * a full disk. */
#include "view/gnuplot.h"

#include "base/interruption.h"

#include "base/printable.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#define MARK_LONGEST 16
#define PNG_HEAD 33u /* bytes of the signature and the first chunk, IHDR */

extern char **environ;

/* Writes the error messages of gnuplot into text[size] as one line, without the lines in which gnuplot repeats the
 * script. */
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

/* What came through the pipe from gnuplot. */
struct received {
    size_t size;
    char last[MARK_LONGEST]; /* the last bytes, of which there are min(size, MARK_LONGEST) */
    int reason;              /* errno of a failed read or write; 0 if none failed */
};

/* Takes note of bytes[count] that came through the pipe: keeps the last ones in received->last and adds to the size. */
static void keep_last(struct received *received, const char *bytes, size_t count)
{
    const size_t new = count < MARK_LONGEST ? count : MARK_LONGEST;
    const size_t before = received->size < MARK_LONGEST ? received->size : MARK_LONGEST;
    const size_t kept = before < MARK_LONGEST - new ? before : MARK_LONGEST - new;
    memmove(received->last, received->last + before - kept, kept);
    memcpy(received->last + kept, bytes + count - new, new);
    received->size += count;
}

/* Writes the chunk pHYs of a PNG, which has the number of pixels per metre. Source: Portable Network Graphics (PNG)
 * Specification, second edition, 11.3.5.3. */
static void write_resolution(double pixels_a_metre, FILE *out)
{
    const uint32_t pixels = (uint32_t)(pixels_a_metre + 0.5);
    unsigned char chunk[21] = {0, 0, 0, 9, 'p', 'H', 'Y', 's', [16] = 1};
    for (int i = 0; i < 4; i++)
        chunk[8 + i] = chunk[12 + i] = (unsigned char)(pixels >> (24 - 8 * i));
    const uint32_t check = (uint32_t)crc32(0, chunk + 4, 13);
    for (int i = 0; i < 4; i++)
        chunk[17 + i] = (unsigned char)(check >> (24 - 8 * i));
    fwrite(chunk, 1, sizeof chunk, out);
}

/* Writes a part of a PNG before which `before` bytes came. The chunk with the resolution is inserted after the head. */
static void write_png(const char *bytes, size_t count, size_t before, double pixels_a_metre, FILE *out)
{
    size_t head = 0;
    if (before < PNG_HEAD && before + count >= PNG_HEAD) {
        head = PNG_HEAD - before;
        fwrite(bytes, 1, head, out);
        write_resolution(pixels_a_metre, out);
    }
    fwrite(bytes + head, 1, count - head, out);
}

/* Writes a line of an SVG. The title of the picture replaces gnuplot's title. Titles of groups are left out, because
 * browsers would show them beside the pointer. */
static void write_svg(const char *line, size_t length, const char *title, FILE *out)
{
    static const char begin[] = "<title>", end[] = "</title>";
    const char *from = strstr(line, begin), *to = from != NULL ? strstr(from, end) : NULL;
    if (to == NULL) {
        fwrite(line, 1, length, out);
        return;
    }
    fwrite(line, 1, (size_t)(from - line), out);
    if (strstr(line, "<g ") == NULL) {
        fputs(begin, out);
        zem_printable_markup(title, out);
        fputs(end, out);
    }
    fputs(to + sizeof end - 1, out);
}

/* Reads the next part of the picture: a line of an SVG, else a block of bytes. Returns its length, 0 at the end, -1 on
 * a failure. */
static ssize_t read_part(FILE *stream, enum zem_picture picture, char **bytes, size_t *room)
{
    if (picture == ZEM_PICTURE_SVG) {
        const ssize_t length = getline(bytes, room, stream);
        return length >= 0 ? length : feof(stream) ? 0 : -1;
    }
    const size_t count = fread(*bytes, 1, *room, stream);
    return count == 0 && ferror(stream) ? -1 : (ssize_t)count;
}

static void receive(FILE *stream, enum zem_picture picture, const struct zem_gnuplot_facts *facts, FILE *out,
                    struct received *received)
{
    size_t room = 16384;
    char *bytes = malloc(room);
    while (bytes != NULL && received->reason == 0) {
        const ssize_t count = read_part(stream, picture, &bytes, &room);
        if (count < 0 && errno == EINTR)
            clearerr(stream);
        else if (count < 0)
            received->reason = errno != 0 ? errno : EIO;
        if (count == 0)
            break;
        if (count < 0)
            continue;
        const size_t before = received->size;
        keep_last(received, bytes, (size_t)count);
        if (picture == ZEM_PICTURE_SVG)
            write_svg(bytes, (size_t)count, facts->title, out);
        else if (picture == ZEM_PICTURE_PNG)
            write_png(bytes, (size_t)count, before, facts->pixels_a_metre, out);
        else
            fwrite(bytes, 1, (size_t)count, out);
        if (ferror(out))
            received->reason = errno != 0 ? errno : EIO; /* gnuplot ends when this side of the pipe is closed */
    }
    if (bytes == NULL)
        received->reason = ENOMEM;
    free(bytes);
}

/* Returns whether the picture ends as its format does: a PNG with the chunk IEND and its checksum, an SVG with the
 * closing tag, a PDF with its end-of-file mark. */
static bool has_end(enum zem_picture picture, const struct received *received)
{
    static const struct {
        const char *bytes;
        size_t size;
    } marks[] = {
        [ZEM_PICTURE_PNG] = {"\0\0\0\0IEND\xae\x42\x60\x82", 12},
        [ZEM_PICTURE_SVG] = {"</svg>", 6},
        [ZEM_PICTURE_PDF] = {"%%EOF", 5},
    };
    size_t length = received->size < MARK_LONGEST ? received->size : MARK_LONGEST;
    while (picture != ZEM_PICTURE_PNG && length > 0
           && (received->last[length - 1] == '\n' || received->last[length - 1] == '\r'))
        length--;
    return length >= marks[picture].size
           && memcmp(received->last + length - marks[picture].size, marks[picture].bytes, marks[picture].size) == 0;
}

/* Starts the program with three open files as its standard streams. Where the system gives open files names (/proc),
 * gnuplot opens the script by name, because it reads its standard input byte by byte. Returns 0 or an errno value. */
static int start(const char *program, int script, int picture, int complaints, pid_t *process)
{
    char named[] = "/proc/self/fd/0", unnamed[] = "-";
    char *arguments[] = {(char *)(size_t)program, (char[]){"--default-settings"},
                         access("/proc/self/fd", X_OK) == 0 ? named : unnamed, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    int failed = posix_spawn_file_actions_init(&actions);
    if (failed != 0)
        return failed;
    failed = posix_spawnattr_init(&attributes);
    if (failed != 0) {
        posix_spawn_file_actions_destroy(&actions);
        return failed;
    }
    /* This process blocks the signals that end it (interruption.h). They end gnuplot too. */
    sigemptyset(&none);
    failed = posix_spawnattr_setsigmask(&attributes, &none);
    if (failed == 0)
        failed = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    if (failed == 0)
        failed = posix_spawn_file_actions_adddup2(&actions, script, 0);
    if (failed == 0)
        failed = posix_spawn_file_actions_adddup2(&actions, picture, 1);
    if (failed == 0)
        failed = posix_spawn_file_actions_adddup2(&actions, complaints, 2);
    if (failed == 0)
        failed = posix_spawnp(process, program, &actions, &attributes, arguments, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return failed;
}

static int report_start(const char *program, int reason, struct zem_error *error)
{
    if (reason == ENOENT)
        return zem_error_set(
            error, ZEM_CANNOT_CREATE,
            "plotting needs gnuplot, and there is no %s on this machine: install the package gnuplot-nox, or"
            " write the surface as CSV with `zem export` and draw it with something else",
            program);
    return zem_error_set(error, reason == ENOMEM ? ZEM_INTERNAL : ZEM_CANNOT_CREATE, "%s cannot be started: %s",
                         program, strerror(reason));
}

/* Returns the status of a run that has ended. A failure of writing comes first, because it also ends gnuplot. */
static int report_end(const char *program, int state, enum zem_picture picture, const struct received *received,
                      FILE *complaints, struct zem_error *error)
{
    char complaint[600];
    if (zem_interrupted)
        return zem_error_set(error, ZEM_STOPPED, "stopped by a signal; no picture was written");
    if (received->reason != 0)
        return zem_error_set(error, ZEM_INPUT_OUTPUT, "the picture cannot be written: %s", strerror(received->reason));
    if (WIFEXITED(state) && WEXITSTATUS(state) == 127)
        return report_start(program, ENOENT, error);
    if (!WIFEXITED(state) || WEXITSTATUS(state) != 0) {
        read_complaint(complaints, complaint, sizeof complaint);
        return zem_error_set(error, ZEM_INPUT_OUTPUT, "gnuplot failed: %s", complaint);
    }
    if (received->size == 0)
        return zem_error_set(error, ZEM_INPUT_OUTPUT, "gnuplot wrote nothing");
    if (!has_end(picture, received))
        return zem_error_set(error, ZEM_INPUT_OUTPUT, "gnuplot wrote an incomplete picture: its end is missing");
    return ZEM_OK;
}

int zem_gnuplot_draw(const char *program, FILE *script, enum zem_picture picture, const struct zem_gnuplot_facts *facts,
                     FILE *out, struct zem_error *error)
{
    struct received received = {0};
    pid_t process;
    int ends[2];
    FILE *complaints = tmpfile();
    if (complaints == NULL)
        return zem_error_set(error, ZEM_INPUT_OUTPUT, "no temporary file can be made: %s", strerror(errno));
    if (fflush(script) != 0 || lseek(fileno(script), 0, SEEK_SET) != 0 || pipe(ends) != 0) {
        int reason = errno;
        fclose(complaints);
        return zem_error_set(error, ZEM_INPUT_OUTPUT, "the script for gnuplot cannot be written: %s", strerror(reason));
    }
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    FILE *stream = fdopen(ends[0], "r");
    const int failed = stream == NULL ? errno : start(program, fileno(script), ends[1], fileno(complaints), &process);
    close(ends[1]);
    if (failed == 0)
        receive(stream, picture, facts, out, &received);
    if (stream != NULL)
        fclose(stream);
    else
        close(ends[0]);
    const int status = failed != 0 ? report_start(program, failed, error)
                                   : report_end(program, wait_for(process), picture, &received, complaints, error);
    fclose(complaints);
    return status;
}
