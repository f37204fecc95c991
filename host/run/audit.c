/* The audit of a run (--audit): a part of the batches of every device is flown again by another engine, which is
 * another compilation of the kernels. The tallies are compared word by word before they count. Batches of other devices
 * are flown again by the best native engine of the processor. Batches of the processor are flown again by its scalar
 * engine, or by the best one if the scalar engine flew them first. Where the scalar engine cannot run, the same engine
 * flies them again, and only chance errors are found. */
#include "base/hash.h"
#include "result/tally_word.h"
#include "run/worker.h"
#include "scenario/cell_choice.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Whether a piece of work is audited. The choice depends only on the first cell and the first trial of the piece. */
static bool chosen(const struct zem_work_piece *piece, double fraction)
{
    const uint32_t place[] = {(uint32_t)piece->first_cell, (uint32_t)(piece->first_cell >> 32),
                              (uint32_t)piece->first_trial, (uint32_t)(piece->first_trial >> 32)};
    const uint64_t hash = zem_hash_words(ZEM_HASH_START, place, sizeof place / sizeof *place);
    return (double)(hash >> 11) * 0x1p-53 < fraction;
}

static int auditor_open(struct zem_worker *worker, struct zem_error *error)
{
    const struct zem_device processor = {.backend = &zem_backend_openmp, .name = "openmp"};
    struct zem_engine_options options = worker->run->engine_options;
    const bool own = worker->device->backend == &zem_backend_openmp;
    if (worker->auditor != NULL)
        return ZEM_OK;
    options.isa = own && (options.isa == NULL || strcmp(options.isa, "scalar") != 0) ? "scalar" : NULL;
    if (own && options.isa != NULL && zem_backend_openmp.open(&processor, &options, &worker->auditor, NULL) == 0)
        return ZEM_OK;
    options.isa = NULL; /* best engine: for other devices, and if the scalar engine flew the batch or fails to open */
    return zem_backend_openmp.open(&processor, &options, &worker->auditor, error);
}

static int difference(const struct zem_worker *worker, const struct zem_owned_batch *owned, const uint64_t *again,
                      struct zem_error *error)
{
    const struct zem_scenario *scenario = worker->run->scenario;
    const size_t words = worker->run->result->words;
    char word_name[120], cell_name[300], engine[256];
    size_t word = 0;
    while (owned->batch.tallies[word] == again[word])
        word++;
    zem_backend_openmp.describe(worker->auditor, engine, sizeof engine);
    zem_tally_word_name(word % words, scenario->radius, scenario->radius_count, worker->run->engine_options.shots,
                        word_name, sizeof word_name);
    return zem_error_set(
        error, ZEM_INTERNAL,
        "device %s returned a wrong tally: the audit found %" PRIu64 " in place of %" PRIu64 " (%s) in %s; the audit "
        "flew the trials again on the processor (%s)",
        worker->device->name, owned->batch.tallies[word], again[word], word_name,
        zem_cell_name(scenario, owned->piece.first_cell + word / words / owned->parts, cell_name, sizeof cell_name),
        engine);
}

int zem_worker_audit(struct zem_worker *worker, const struct zem_owned_batch *owned, struct zem_error *error)
{
    const size_t words = owned->batch.cell_count * worker->run->result->words;
    struct zem_batch batch = owned->batch;
    double seconds;
    if (!chosen(&owned->piece, worker->run->options->audit))
        return ZEM_OK;
    uint64_t *again = calloc(words, sizeof *again);
    batch.tallies = again;
    int status = again != NULL ? auditor_open(worker, error)
                               : zem_error_set(error, ZEM_INTERNAL, "no memory for the audit of a batch");
    if (status == 0)
        status = zem_backend_openmp.submit(worker->auditor, &batch, error);
    if (status == 0)
        status = zem_backend_openmp.collect(worker->auditor, &seconds, error);
    if (status == 0 && memcmp(again, owned->batch.tallies, words * sizeof *again) != 0)
        status = difference(worker, owned, again, error);
    if (status == 0)
        worker->audited_trials += (uint64_t)owned->piece.trials * owned->piece.cell_count;
    free(again);
    return status;
}
