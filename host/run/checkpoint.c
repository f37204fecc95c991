/* The file of a checkpoint: a head, the arrays of the run, and a SHA-256 of both, by which a truncated or changed file
 * is recognised. Numbers have the byte order of this machine, because a run is resumed on the machine where it was
 * stopped. */
#include "run/checkpoint.h"

#include "base/input_file.h"
#include "base/kernel_types.h"
#include "base/last_resort.h"
#include "base/temporary_path.h"
#include "run/precision.h"
#include "scenario/scenario_compare.h"

#include <errno.h>
#include <inttypes.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FORMAT UINT64_C(0x347470636B6D657A) /* "zemkcpt4" as bytes of a little-endian word */

/* The part of the file whose size is fixed. `words` and `width` are the members of struct zem_totals, and `pending` is
 * the number of pieces of work that are not counted yet. */
struct head {
    uint64_t format;
    char scenario[72]; /* digest of the scenario, padded with zeros */
    uint64_t shard, shards, cells, words, width, pending, trials_done;
    uint64_t interval_method; /* if the scenario has a precision, of which the trials then depend on it; else 0 */
    /* `begun` is the number of cells up to the last one that has trials. The file has the totals of these cells only.
     * The first `settled` of them get no more trials in the current round, and their totals stand at the end of the
     * file. */
    uint64_t begun, settled;
    double seconds;
};

/* A file together with the hash of what was written or read so far. */
struct stream {
    FILE *file;
    struct sha256_ctx sha;
    bool failed;
};

char *zem_checkpoint_path(const char *output) { return zem_companion_path(output, "checkpoint"); }

bool zem_checkpoint_exists(const char *path) { return access(path, F_OK) == 0; }

/* The number of cells up to the last one that has trials. */
static uint64_t cells_begun(const struct zem_totals *totals)
{
    uint64_t cells = totals->cells;
    while (cells > 0 && zem_totals_word(totals, cells - 1, ZEM_TALLY_TRIALS) == 0)
        cells--;
    return cells;
}

/* The number of cells before the first cell that can still get trials in the current round. */
static uint64_t cells_settled(const struct zem_work_queue *queue)
{
    uint64_t cells = 0;
    while (cells < queue->cells && queue->done[cells] >= queue->target[cells])
        cells++;
    for (size_t i = 0; i < queue->pending_count; i++)
        cells = queue->pending[i].first_cell < cells ? queue->pending[i].first_cell : cells;
    return cells;
}

static void head_fill(const struct zem_checkpoint *c, struct head *head)
{
    memset(head, 0, sizeof *head);
    head->format = FORMAT;
    zem_scenario_digest(c->result->scenario, head->scenario);
    head->shard = c->shard;
    head->shards = c->shards;
    head->cells = c->result->cells;
    head->words = c->result->words;
    head->width = c->result->totals.width;
    head->pending = c->queue->pending_count;
    head->trials_done = c->trials_done;
    head->interval_method = zem_precision_asked(c->result->scenario) ? c->result->interval_method : 0;
    head->seconds = c->seconds;
}

/* ---- writing ---- */

static void put(struct stream *stream, const void *bytes, size_t size)
{
    sha256_update(&stream->sha, size, bytes);
    if (size > 0 && fwrite(bytes, size, 1, stream->file) != 1)
        stream->failed = true;
}

/* Writes the totals of cells first to end - 1. */
static void put_totals(struct stream *stream, const struct zem_totals *totals, uint64_t first, uint64_t end)
{
    const size_t plain = zem_totals_plain_words(totals->words), slots = ZEM_HISTOGRAM_SLOTS * totals->width;
    put(stream, totals->plain + first * plain, (size_t)(end - first) * plain * sizeof *totals->plain);
    put(stream, totals->histogram + first * slots, (size_t)(end - first) * slots);
}

/* Writes everything except the totals of the settled cells, which are those that cells_settled counts. */
static void put_state(struct stream *stream, const struct zem_checkpoint *c, struct head *head)
{
    const size_t cells = (size_t)c->result->cells;
    const struct zem_totals *totals = &c->result->totals;
    head_fill(c, head);
    head->begun = cells_begun(totals);
    head->settled = cells_settled(c->queue);
    head->settled = head->settled < head->begun ? head->settled : head->begun;
    put(stream, head, sizeof *head);
    put(stream, c->queue->done, cells * sizeof *c->queue->done);
    put(stream, c->target, cells * sizeof *c->target);
    put(stream, c->result->stop_reason, cells * sizeof *c->result->stop_reason);
    for (size_t i = 0; i < c->queue->pending_count; i++) {
        const struct zem_work_piece *pending = &c->queue->pending[i];
        const uint64_t piece[] = {pending->first_cell, pending->first_trial, pending->cell_count, pending->trials};
        put(stream, piece, sizeof piece);
    }
    put_totals(stream, totals, head->settled, head->begun);
}

struct zem_checkpoint_file {
    struct stream stream;
    char *temporary;
    const struct zem_totals *totals;
    uint64_t settled;
};

static void file_free(struct zem_checkpoint_file *file)
{
    if (file->temporary != NULL)
        zem_last_resort_drop(file->temporary);
    free(file->temporary);
    free(file);
}

struct zem_checkpoint_file *zem_checkpoint_write(const struct zem_checkpoint *c, const char *path,
                                                 struct zem_error *error)
{
    struct zem_checkpoint_file *file = calloc(1, sizeof *file);
    struct head head;
    if (file == NULL || (file->temporary = zem_temporary_path(path, "part")) == NULL) {
        free(file);
        zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for the checkpoint %s", path);
        return NULL;
    }
    sha256_init(&file->stream.sha);
    zem_last_resort_add(file->temporary);
    file->stream.file = fopen(file->temporary, "wb");
    if (file->stream.file == NULL) {
        zem_error_set(error, ZEM_INPUT_OUTPUT, "the checkpoint %s cannot be created: %s", path, strerror(errno));
        file_free(file);
        return NULL;
    }
    put_state(&file->stream, c, &head);
    file->totals = &c->result->totals;
    file->settled = head.settled;
    return file;
}

int zem_checkpoint_publish(struct zem_checkpoint_file *file, const char *path, struct zem_error *error)
{
    uint8_t digest[SHA256_DIGEST_SIZE];
    int status = ZEM_OK;
    put_totals(&file->stream, file->totals, 0, file->settled);
    sha256_digest(&file->stream.sha, sizeof digest, digest);
    bool written = !file->stream.failed && fwrite(digest, sizeof digest, 1, file->stream.file) == 1
                   && fflush(file->stream.file) == 0 && fsync(fileno(file->stream.file)) == 0;
    const int reason = errno;
    written = fclose(file->stream.file) == 0 && written;
    if (!written)
        status =
            zem_error_set(error, ZEM_INPUT_OUTPUT, "the checkpoint %s cannot be written: %s", path, strerror(reason));
    else if (rename(file->temporary, path) != 0)
        status = zem_error_set(error, ZEM_INPUT_OUTPUT, "the checkpoint %s cannot be written to the disk: %s", path,
                               strerror(errno));
    if (status != ZEM_OK)
        unlink(file->temporary);
    file_free(file);
    return status;
}

/* ---- reading ---- */

static void get(struct stream *stream, void *bytes, size_t size)
{
    if (stream->failed || (size > 0 && fread(bytes, size, 1, stream->file) != 1)) {
        stream->failed = true;
        memset(bytes, 0, size);
        return;
    }
    sha256_update(&stream->sha, size, bytes);
}

/* Compares the head of a file with the run. The sizes are checked here, before any array is read, because a damaged
 * file may contain any number. */
static int check_head(const struct zem_checkpoint *c, const struct head *found, const char *path,
                      struct zem_error *error)
{
    struct head wanted;
    head_fill(c, &wanted);
    if (found->format != FORMAT)
        return zem_error_set(error, ZEM_BAD_INPUT, "%s: is no checkpoint of this zem; remove it to start afresh", path);
    if (memcmp(found->scenario, wanted.scenario, sizeof wanted.scenario) != 0)
        return zem_error_set(error, ZEM_BAD_INPUT,
                             "%s: is of another scenario, seed, --set, --trials or kernel version than this run; go "
                             "back to those, or remove it to start afresh",
                             path);
    if (found->shard != wanted.shard || found->shards != wanted.shards)
        return zem_error_set(error, ZEM_BAD_INPUT,
                             "%s: is of shard %" PRIu64 "/%" PRIu64 ", this run is %" PRIu64 "/%" PRIu64, path,
                             found->shard, found->shards, wanted.shard, wanted.shards);
    if (found->interval_method != wanted.interval_method && found->interval_method < ZEM_INTERVAL_METHODS)
        return zem_error_set(error, ZEM_BAD_INPUT,
                             "%s: is of a run with %s intervals, and this run has %s ones; give --interval %s, or "
                             "remove it to start afresh",
                             path, zem_interval_words[found->interval_method],
                             zem_interval_words[wanted.interval_method], zem_interval_words[found->interval_method]);
    if (found->interval_method != wanted.interval_method || found->cells != wanted.cells || found->words != wanted.words
        || found->width != wanted.width || found->begun > wanted.cells || found->settled > found->begun
        || found->pending > ZEM_WORK_PENDING_MAX)
        return zem_error_set(error, ZEM_BAD_INPUT, "%s: is damaged; remove it to start afresh", path);
    return ZEM_OK;
}

bool zem_checkpoint_is_of(const char *path, const struct zem_scenario *scenario, uint64_t shard, uint64_t shards)
{
    struct head head = {0};
    char digest[sizeof head.scenario] = "";
    FILE *file = fopen(path, "rb");
    const bool read = file != NULL && fread(&head, sizeof head, 1, file) == 1;
    if (file != NULL)
        fclose(file);
    zem_scenario_digest(scenario, digest);
    return read && head.format == FORMAT && memcmp(head.scenario, digest, sizeof digest) == 0 && head.shard == shard
           && head.shards == shards;
}

static bool piece_fits(const struct zem_checkpoint *c, const uint64_t piece[4])
{
    return piece[3] > 0 && piece[3] <= UINT32_MAX && piece[2] > 0 && piece[2] <= c->result->cells
           && piece[0] <= c->result->cells - piece[2];
}

static void get_totals(struct stream *stream, struct zem_totals *totals, uint64_t first, uint64_t end)
{
    const size_t plain = zem_totals_plain_words(totals->words), slots = ZEM_HISTOGRAM_SLOTS * totals->width;
    get(stream, totals->plain + first * plain, (size_t)(end - first) * plain * sizeof *totals->plain);
    get(stream, totals->histogram + first * slots, (size_t)(end - first) * slots);
}

static void get_state(struct stream *stream, struct zem_checkpoint *c, const struct head *head)
{
    struct zem_work_piece pieces[ZEM_WORK_PENDING_MAX];
    const size_t cells = (size_t)c->result->cells;
    struct zem_totals *totals = &c->result->totals;
    get(stream, c->queue->done, cells * sizeof *c->queue->done);
    get(stream, c->target, cells * sizeof *c->target);
    get(stream, c->result->stop_reason, cells * sizeof *c->result->stop_reason);
    for (size_t i = 0; i < head->pending; i++) {
        uint64_t piece[4];
        get(stream, piece, sizeof piece);
        stream->failed = stream->failed || !piece_fits(c, piece);
        pieces[i] = (struct zem_work_piece){.first_cell = piece[0],
                                            .first_trial = piece[1],
                                            .cell_count = (size_t)piece[2],
                                            .trials = (uint32_t)piece[3]};
    }
    zem_work_queue_again(c->queue, pieces, (size_t)head->pending);
    zem_totals_clear(totals);
    get_totals(stream, totals, head->settled, head->begun);
    get_totals(stream, totals, 0, head->settled);
}

/* Reports a failure of the system. The message does not call the file damaged, because it may be good. */
static int unreadable(const char *path, struct zem_error *error)
{
    return zem_error_set(error, ZEM_INPUT_OUTPUT, "the checkpoint %s cannot be read: %s", path, strerror(errno));
}

int zem_checkpoint_read(struct zem_checkpoint *c, const char *path, struct zem_error *error)
{
    struct stream stream = {0};
    struct head head;
    uint8_t digest[SHA256_DIGEST_SIZE], kept[SHA256_DIGEST_SIZE] = {0};
    sha256_init(&stream.sha);
    stream.file = zem_input_open(path, error);
    if (stream.file == NULL)
        return zem_error_context(error, "the checkpoint %s", path);
    get(&stream, &head, sizeof head);
    int status = ferror(stream.file) ? unreadable(path, error) : check_head(c, &head, path, error);
    if (status == ZEM_OK) {
        c->trials_done = head.trials_done;
        c->seconds = head.seconds;
        get_state(&stream, c, &head);
        sha256_digest(&stream.sha, sizeof digest, digest);
        get(&stream, kept, sizeof kept);
        if (ferror(stream.file))
            status = unreadable(path, error);
        else if (stream.failed || memcmp(digest, kept, sizeof kept) != 0)
            status = zem_error_set(error, ZEM_BAD_INPUT, "%s: is damaged; remove it to start afresh", path);
    }
    fclose(stream.file);
    return status;
}
