/* The parent's side of the channel to the child that reads the file. Every length that the child sends is compared with
 * what was asked for or with a limit before memory is allocated, because a damaged file may have damaged the child. */
#define _DEFAULT_SOURCE /* declares wait4 */
#include "result/hdf5_reader.h"

#include "base/input_file.h"
#include "base/parallel.h"
#include "result/hdf5_child.h"
#include "result/hdf5_confinement.h"
#include "result/hdf5_request.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define TEXTS_BYTES_MAX (UINT64_C(1) << 28) /* bytes of all texts of one attribute */
#define SPLIT_BYTES (UINT64_C(8) << 20)     /* bytes of a dataset from which on two children read it */

size_t zem_hdf5_kind_size(enum zem_hdf5_kind kind)
{
    return kind == ZEM_HDF5_UINT8 ? 1 : kind == ZEM_HDF5_UINT16 ? 2 : kind == ZEM_HDF5_UINT32 ? 4 : 8;
}

bool zem_hdf5_send(int channel, const void *bytes, size_t size)
{
    const char *at = bytes;
    while (size > 0) {
        const ssize_t sent = send(channel, at, size, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return false;
        at += sent;
        size -= (size_t)sent;
    }
    return true;
}

bool zem_hdf5_receive(int channel, void *bytes, size_t size)
{
    char *at = bytes;
    while (size > 0) {
        const ssize_t got = recv(channel, at, size, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        at += got;
        size -= (size_t)got;
    }
    return true;
}

static int end_with(struct zem_hdf5_reader *reader, enum zem_hdf5_end end, const char *reason)
{
    reader->end = end;
    snprintf(reader->reason, sizeof reader->reason, "%s", reason);
    return -1;
}

/* Called when the child is gone. Sets reader->end and reader->reason from the exit status of the child. Returns -1. */
static int end_of_child(struct zem_hdf5_reader *reader)
{
    int state = 0;
    char reason[100];
    close(reader->channel);
    reader->channel = -1;
    struct rusage used = {0};
    while (wait4(reader->process, &state, 0, &used) < 0)
        if (errno != EINTR)
            break;
    reader->process = -1;
    if (WIFEXITED(state) && WEXITSTATUS(state) == ZEM_HDF5_STATUS_NO_MEMORY)
        return end_with(reader, ZEM_HDF5_NO_MEMORY, "");
    const bool killed = WIFSIGNALED(state) && WTERMSIG(state) == SIGKILL;
    const uint64_t seconds = (uint64_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec);
    reader->overdue = (WIFSIGNALED(state) && WTERMSIG(state) == SIGXCPU) || (killed && seconds + 1 >= reader->seconds);
    if (killed && !reader->overdue) /* by the system, as a rule because memory ran out */
        return end_with(reader, ZEM_HDF5_NO_MEMORY, "");
    if (reader->overdue)
        return end_with(reader, ZEM_HDF5_CRASHED, "reading it takes longer than its size justifies");
    if (WIFSIGNALED(state)) {
        snprintf(reason, sizeof reason, "the library HDF5 crashes on it (signal %d)", WTERMSIG(state));
        return end_with(reader, ZEM_HDF5_CRASHED, reason);
    }
    return end_with(reader, ZEM_HDF5_CRASHED, "the library HDF5 crashes on it");
}

/* Receives an answer. Returns 0 if it says ZEM_HDF5_FOUND, else -1 with reader->end and reader->reason filled. */
static int receive_answer(struct zem_hdf5_reader *reader, struct zem_hdf5_answer *answer)
{
    if (!zem_hdf5_receive(reader->channel, answer, sizeof *answer))
        return end_of_child(reader);
    answer->reason[sizeof answer->reason - 1] = '\0';
    reader->end = ZEM_HDF5_FOUND;
    return answer->end == ZEM_HDF5_FOUND ? 0 : end_with(reader, answer->end, answer->reason);
}

/* Sends a request and receives the answer to it. */
static int ask(struct zem_hdf5_group group, const char *name, struct zem_hdf5_request *request,
               struct zem_hdf5_answer *answer)
{
    struct zem_hdf5_reader *reader = group.reader;
    if (reader->process < 0)
        return -1; /* the child died at an earlier request; the reason is still in `reader` */
    snprintf(request->group, sizeof request->group, "%s", group.name != NULL ? group.name : "");
    snprintf(request->name, sizeof request->name, "%s", name);
    if (!zem_hdf5_send(reader->channel, request, sizeof *request))
        return end_of_child(reader);
    return receive_answer(reader, answer);
}

/* Ends the second child. */
static void close_second(struct zem_hdf5_reader *reader)
{
    if (reader->second == NULL)
        return;
    zem_hdf5_reader_close(reader->second);
    free(reader->second);
    reader->second = NULL;
}

/* Copies `end`, `reason` and `overdue` of the reader of the second child. Returns -1. */
static int fail_as_second(struct zem_hdf5_reader *reader)
{
    reader->overdue = reader->second->overdue;
    return end_with(reader, reader->second->end, reader->second->reason);
}

/* ---- opening ---- */

static int report_open(struct zem_hdf5_reader *reader, struct zem_error *error)
{
    switch (reader->end) {
    case ZEM_HDF5_LOCKED:
        return zem_error_set(error, ZEM_NO_INPUT,
                             "is locked by another program that has it open for writing, such as a notebook: close it "
                             "there and try again (%s)",
                             reader->reason);
    case ZEM_HDF5_ABSENT:
        return zem_error_set(error, ZEM_BAD_INPUT, "is not a result of zem: it is no HDF5 file");
    case ZEM_HDF5_WRONG:
        return zem_error_set(error, ZEM_BAD_INPUT, "is a damaged HDF5 file: %s", reader->reason);
    default:
        return zem_hdf5_reader_report(reader, "the head of the file", error);
    }
}

/* Starts the child and has it open the file. Returns ZEM_OK; another status, with `error` filled, if the system fails;
 * or -1, with reader->end filled, if the child fails. */
static int start(struct zem_hdf5_reader *reader, const char *path, struct zem_error *error)
{
    struct zem_hdf5_answer answer = {.count = 0};
    int channel = -1;
    uint64_t size = 0;
    *reader = (struct zem_hdf5_reader){.process = -1, .channel = -1, .path = path};
    const int status = zem_input_size(path, &size, error);
    if (status != ZEM_OK)
        return status;
    reader->seconds = zem_hdf5_seconds(size);
    const pid_t process = zem_hdf5_child_start(&channel);
    if (process == 0)
        _exit(zem_hdf5_serve(channel, path, size));
    if (process < 0)
        return zem_error_set(error, ZEM_INTERNAL, "cannot be read: no process that reads it can be started: %s",
                             strerror(errno));
    reader->process = process;
    reader->channel = channel;
    const bool started = receive_answer(reader, &answer) == 0;
    if (!started && reader->end == ZEM_HDF5_CRASHED)
        reader->end = ZEM_HDF5_NO_MEMORY; /* the file was not yet read, so it is not the cause */
    if (!started || receive_answer(reader, &answer) != 0)
        return -1;
    reader->identity = answer.count;
    return ZEM_OK;
}

int zem_hdf5_reader_open(struct zem_hdf5_reader *reader, const char *path, struct zem_error *error)
{
    int status = start(reader, path, error);
    if (status == -1)
        status = report_open(reader, error);
    if (status != ZEM_OK)
        zem_hdf5_reader_close(reader);
    return status;
}

/* Whether there is a second child for the same file. Starts one if there is none. If that fails, the first child reads
 * everything. */
static bool has_second(struct zem_hdf5_reader *reader)
{
    struct zem_error ignored = {0};
    if (reader->second != NULL)
        return true;
    if (zem_processors() < 2 || (reader->second = malloc(sizeof *reader->second)) == NULL)
        return false;
    const int status = start(reader->second, reader->path, &ignored);
    if (status == ZEM_OK && reader->second->identity == reader->identity && reader->identity != 0)
        return true;
    close_second(reader);
    return false;
}

int zem_hdf5_reader_finish(struct zem_hdf5_reader *reader, struct zem_error *error)
{
    const struct zem_hdf5_group root = {reader, NULL}, second = {reader->second, NULL};
    struct zem_hdf5_request request = {.operation = ZEM_HDF5_CLOSE};
    struct zem_hdf5_answer answer;
    if ((reader->second == NULL || ask(second, "", &request, &answer) == 0 || fail_as_second(reader) == 0)
        && ask(root, "", &request, &answer) == 0)
        return ZEM_OK;
    if (reader->end == ZEM_HDF5_WRONG)
        reader->end = ZEM_HDF5_UNREADABLE;
    return zem_hdf5_reader_report(reader, "its closing failed", error);
}

void zem_hdf5_reader_close(struct zem_hdf5_reader *reader)
{
    close_second(reader);
    if (reader->process < 0)
        return;
    close(reader->channel); /* which ends the child */
    reader->channel = -1;
    while (waitpid(reader->process, NULL, 0) < 0 && errno == EINTR)
        ;
    reader->process = -1;
}

int zem_hdf5_reader_report(const struct zem_hdf5_reader *reader, const char *item, struct zem_error *error)
{
    switch (reader->end) {
    case ZEM_HDF5_UNREADABLE:
        return zem_error_set(error, ZEM_INPUT_OUTPUT, "cannot be read: %s: %s", item, reader->reason);
    case ZEM_HDF5_NO_MEMORY:
        return zem_error_set(error, ZEM_INTERNAL,
                             "cannot be read: there is not enough memory for %s, or the file is damaged and asks for "
                             "more than its size justifies",
                             item);
    case ZEM_HDF5_CRASHED:
        return zem_error_set(error, ZEM_BAD_INPUT, "is damaged: %s: %s", item, reader->reason);
    default:
        return zem_error_set(error, ZEM_BAD_INPUT, "is damaged: %s is missing or is not what it should be%s%s", item,
                             reader->reason[0] != '\0' ? ": " : "", reader->reason);
    }
}

/* ---- requests ---- */

bool zem_hdf5_link_exists(struct zem_hdf5_group group, const char *name)
{
    struct zem_hdf5_request request = {.operation = ZEM_HDF5_ASK_LINK};
    struct zem_hdf5_answer answer;
    return ask(group, name, &request, &answer) == 0;
}

bool zem_hdf5_attribute_exists(struct zem_hdf5_group group, const char *name)
{
    struct zem_hdf5_request request = {.operation = ZEM_HDF5_ASK_ATTRIBUTE};
    struct zem_hdf5_answer answer;
    return ask(group, name, &request, &answer) == 0;
}

/* Receives the texts of an answer. Together they have at most TEXTS_BYTES_MAX bytes. */
static int receive_texts(struct zem_hdf5_reader *reader, char **texts, size_t count)
{
    uint64_t left = TEXTS_BYTES_MAX;
    for (size_t i = 0; i < count; i++) {
        uint64_t length;
        if (!zem_hdf5_receive(reader->channel, &length, sizeof length))
            return end_of_child(reader);
        if (length > left)
            return end_with(reader, ZEM_HDF5_WRONG, "its texts are too long");
        left -= length;
        texts[i] = malloc((size_t)length + 1);
        if (texts[i] == NULL)
            return end_with(reader, ZEM_HDF5_NO_MEMORY, "");
        if (!zem_hdf5_receive(reader->channel, texts[i], (size_t)length))
            return end_of_child(reader);
        texts[i][length] = '\0';
    }
    return 0;
}

int zem_hdf5_read_texts(struct zem_hdf5_group group, const char *name, char ***texts, size_t *count)
{
    struct zem_hdf5_request request = {.operation = ZEM_HDF5_GET_TEXTS};
    struct zem_hdf5_answer answer;
    struct zem_hdf5_reader *reader = group.reader;
    *texts = NULL;
    *count = 0;
    if (ask(group, name, &request, &answer) != 0)
        return reader->end == ZEM_HDF5_ABSENT ? 0 : -1;
    if (answer.count == 0 || answer.count > TEXTS_BYTES_MAX / sizeof **texts)
        return end_with(reader, ZEM_HDF5_WRONG, "");
    *texts = calloc((size_t)answer.count, sizeof **texts);
    const int status =
        *texts == NULL ? end_with(reader, ZEM_HDF5_NO_MEMORY, "") : receive_texts(reader, *texts, (size_t)answer.count);
    if (status == 0) {
        *count = (size_t)answer.count;
        return 0;
    }
    zem_hdf5_texts_free(*texts, (size_t)answer.count);
    *texts = NULL;
    if (reader->process >= 0) { /* what is still in the channel must not be taken for the next answer */
        const enum zem_hdf5_end end = reader->end;
        zem_hdf5_reader_close(reader);
        reader->end = end;
    }
    return -1;
}

int zem_hdf5_read_text(struct zem_hdf5_group group, const char *name, char **text)
{
    char **texts;
    size_t count;
    *text = NULL;
    if (zem_hdf5_read_texts(group, name, &texts, &count) != 0)
        return -1;
    if (count != 1) {
        zem_hdf5_texts_free(texts, count);
        return end_with(group.reader, count == 0 ? ZEM_HDF5_ABSENT : ZEM_HDF5_WRONG, "");
    }
    *text = texts[0];
    free(texts);
    return 0;
}

void zem_hdf5_texts_free(char **texts, size_t count)
{
    for (size_t i = 0; texts != NULL && i < count; i++)
        free(texts[i]);
    free(texts);
}

int zem_hdf5_read_numbers(struct zem_hdf5_group group, const char *name, enum zem_hdf5_kind kind, void *values,
                          size_t count)
{
    struct zem_hdf5_request request = {.operation = ZEM_HDF5_GET_NUMBERS, .kind = kind, .rank = 1, .extent = {count}};
    struct zem_hdf5_answer answer;
    if (ask(group, name, &request, &answer) != 0)
        return -1;
    return zem_hdf5_receive(group.reader->channel, values, count * zem_hdf5_kind_size(kind))
               ? 0
               : end_of_child(group.reader);
}

int zem_hdf5_numbers_count(struct zem_hdf5_group group, const char *name, size_t *count)
{
    struct zem_hdf5_request request = {.operation = ZEM_HDF5_GET_COUNT};
    struct zem_hdf5_answer answer;
    if (ask(group, name, &request, &answer) != 0)
        return -1;
    *count = (size_t)answer.count;
    return 0;
}

int zem_hdf5_dataset_length(struct zem_hdf5_group group, const char *name, uint64_t *length)
{
    struct zem_hdf5_request request = {.operation = ZEM_HDF5_GET_LENGTH};
    struct zem_hdf5_answer answer;
    if (ask(group, name, &request, &answer) != 0)
        return -1;
    *length = answer.count;
    return 0;
}

static struct zem_hdf5_request dataset_request(enum zem_hdf5_operation operation, enum zem_hdf5_kind kind, int rank,
                                               const uint64_t *extent)
{
    struct zem_hdf5_request request = {.operation = operation, .kind = kind, .rank = rank, .parts = 1};
    for (int i = 0; i < rank; i++)
        request.extent[i] = extent[i];
    return request;
}

int zem_hdf5_dataset_check(struct zem_hdf5_group group, const char *name, enum zem_hdf5_kind kind, int rank,
                           const uint64_t *extent)
{
    struct zem_hdf5_request request = dataset_request(ZEM_HDF5_CHECK_DATASET, kind, rank, extent);
    struct zem_hdf5_answer answer;
    return ask(group, name, &request, &answer);
}

/* The destination of the numbers of a dataset: memory, or a function that gets them in portions. */
struct sink {
    char *at; /* next address in memory; NULL if `take` gets the numbers */
    bool (*take)(void *context, const void *values, size_t count);
    void *context;
};

/* Receives a block of `count` numbers. */
static int receive_block(struct zem_hdf5_reader *reader, uint64_t count, size_t size, struct sink *sink)
{
    uint64_t portion[1024];
    if (sink->at != NULL) {
        if (!zem_hdf5_receive(reader->channel, sink->at, (size_t)count * size))
            return end_of_child(reader);
        sink->at += count * size;
        return 0;
    }
    while (count > 0) {
        const size_t part = count < sizeof portion / size ? (size_t)count : sizeof portion / size;
        if (!zem_hdf5_receive(reader->channel, portion, part * size))
            return end_of_child(reader);
        if (!sink->take(sink->context, portion, part)) {
            zem_hdf5_reader_close(reader); /* what is still in the channel must not be taken for the next answer */
            return end_with(reader, ZEM_HDF5_WRONG, "");
        }
        count -= part;
    }
    return 0;
}

/* Receives the blocks of a dataset of `left` numbers from one child, or from two children in turn. */
static int receive_blocks(struct zem_hdf5_reader *const readers[2], const struct zem_hdf5_request *request,
                          uint64_t left, struct sink *sink)
{
    struct zem_hdf5_answer answer;
    int status = 0;
    for (uint64_t block = 0; status == 0 && left > 0; block++) {
        struct zem_hdf5_reader *from = readers[block % request->parts];
        status = receive_answer(from, &answer);
        if (status == 0 && (answer.count == 0 || answer.count > left))
            status = end_with(from, ZEM_HDF5_WRONG, "");
        if (status == 0)
            status = receive_block(from, answer.count, zem_hdf5_kind_size(request->kind), sink);
        if (status != 0 && from != readers[0])
            fail_as_second(readers[0]);
        left -= status == 0 ? answer.count : 0;
    }
    return status;
}

static int read_dataset(struct zem_hdf5_group group, const char *name, struct zem_hdf5_request request,
                        struct sink sink)
{
    struct zem_hdf5_answer answer;
    uint64_t numbers = 1;
    for (int i = 0; i < request.rank; i++)
        numbers *= request.extent[i];
    const bool split = numbers >= SPLIT_BYTES / zem_hdf5_kind_size(request.kind) && has_second(group.reader);
    struct zem_hdf5_reader *const readers[2] = {group.reader, group.reader->second};
    const struct zem_hdf5_group second = {readers[1], group.name};
    request.parts = split ? 2 : 1;
    int status = ask(group, name, &request, &answer);
    request.part = 1;
    if (status == 0 && split && ask(second, name, &request, &answer) != 0)
        status = fail_as_second(readers[0]);
    if (status == 0)
        status = receive_blocks(readers, &request, numbers, &sink);
    return status;
}

int zem_hdf5_dataset_read(struct zem_hdf5_group group, const char *name, enum zem_hdf5_kind kind, int rank,
                          const uint64_t *extent, void *values)
{
    return read_dataset(group, name, dataset_request(ZEM_HDF5_GET_DATASET, kind, rank, extent),
                        (struct sink){.at = values});
}

int zem_hdf5_dataset_take(struct zem_hdf5_group group, const char *name, enum zem_hdf5_kind kind, int rank,
                          const uint64_t *extent, bool (*take)(void *context, const void *values, size_t count),
                          void *context)
{
    return read_dataset(group, name, dataset_request(ZEM_HDF5_GET_DATASET, kind, rank, extent),
                        (struct sink){.take = take, .context = context});
}
