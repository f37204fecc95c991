/* The queue of work has two counters for each cell, trials taken and trials wanted, so that its size does not depend on
 * the number of trials. Pieces in flight are listed as well, for checkpoints. */
#include "run/work_queue.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int zem_work_queue_init(struct zem_work_queue *queue, uint64_t cells)
{
    queue->cells = cells;
    queue->cell = 0;
    queue->pending_count = queue->again = 0;
    queue->done = calloc(cells, sizeof *queue->done);
    queue->target = calloc(cells, sizeof *queue->target);
    return queue->done != NULL && queue->target != NULL ? 0 : -1;
}

void zem_work_queue_free(struct zem_work_queue *queue)
{
    free(queue->done);
    free(queue->target);
    queue->done = queue->target = NULL;
}

void zem_work_queue_rewind(struct zem_work_queue *queue) { queue->cell = 0; }

/* Cuts a piece from the first cell that has trials left. The cells after it join the piece as long as they need the
 * same trials and the piece does not get too large. */
static bool cut_piece(struct zem_work_queue *queue, uint64_t wanted, size_t cells_max, uint32_t trials_max,
                      struct zem_work_piece *piece)
{
    while (queue->cell < queue->cells && queue->done[queue->cell] >= queue->target[queue->cell])
        queue->cell++;
    if (queue->cell == queue->cells)
        return false;
    const uint64_t first = queue->done[queue->cell], left = queue->target[queue->cell] - first;
    uint64_t trials = left < wanted ? left : wanted;
    trials = trials > 0 ? trials : 1;
    piece->trials = trials < trials_max ? (uint32_t)trials : trials_max;
    piece->first_cell = queue->cell;
    piece->first_trial = first;
    piece->cell_count = 0;

    for (uint64_t cell = queue->cell; cell < queue->cells; cell++) {
        if (queue->done[cell] != first || queue->target[cell] - first < piece->trials)
            break;
        if (piece->cell_count > 0
            && (piece->cell_count == cells_max || (piece->cell_count + 1) * (uint64_t)piece->trials > wanted))
            break;
        queue->done[cell] += piece->trials;
        piece->cell_count++;
    }
    return true;
}

/* Cuts the last of the pieces to be flown again in two. The front part has its first `cells` cells, or its first
 * `trials` trials if it has only one cell. The front part becomes the last piece to be flown again, and the other part
 * stays before it. */
static void split_again(struct zem_work_queue *queue, size_t cells, uint32_t trials)
{
    struct zem_work_piece *rest = &queue->pending[queue->again - 1], front = *rest;
    front.cell_count = cells;
    front.trials = trials;
    if (cells < rest->cell_count) {
        front.trials = rest->trials;
        rest->first_cell += cells;
        rest->cell_count -= cells;
    } else {
        rest->first_trial += trials;
        rest->trials -= trials;
    }
    queue->pending[queue->pending_count++] =
        queue->pending[queue->again]; /* moves a piece in flight out of the way; its place does not matter */
    queue->pending[queue->again++] = front;
}

/* Takes the last piece that is to be flown again. A piece that exceeds the limits is split, first by cells and then by
 * trials. If the list has no room for the parts, the piece stays whole. */
static void take_again(struct zem_work_queue *queue, uint64_t wanted, size_t cells_max, uint32_t trials_max,
                       struct zem_work_piece *piece)
{
    const struct zem_work_piece whole = queue->pending[queue->again - 1];
    const uint64_t cells_wanted = wanted / whole.trials < cells_max ? wanted / whole.trials : cells_max,
                   trials_wanted = wanted < trials_max ? wanted : trials_max;
    const size_t cells = cells_wanted > 0 ? (size_t)cells_wanted : 1;
    const uint32_t trials = trials_wanted > 0 ? (uint32_t)trials_wanted : 1;
    if (queue->pending_count + 2 <= ZEM_WORK_PENDING_MAX) {
        if (whole.cell_count > cells)
            split_again(queue, cells, whole.trials);
        if (queue->pending[queue->again - 1].cell_count == 1 && whole.trials > trials)
            split_again(queue, 1, trials);
    }
    *piece = queue->pending[--queue->again];
}

bool zem_work_queue_take(struct zem_work_queue *queue, uint64_t wanted, size_t cells_max, uint32_t trials_max,
                         struct zem_work_piece *piece)
{
    if (queue->again > 0) {
        take_again(queue, wanted, cells_max, trials_max, piece);
        return true;
    }
    if (!cut_piece(queue, wanted, cells_max, trials_max, piece))
        return false;
    assert(queue->pending_count < ZEM_WORK_PENDING_MAX);
    queue->pending[queue->pending_count++] = *piece;
    return true;
}

void zem_work_queue_counted(struct zem_work_queue *queue, const struct zem_work_piece *piece)
{
    for (size_t i = queue->again; i < queue->pending_count; i++)
        if (queue->pending[i].first_cell == piece->first_cell && queue->pending[i].first_trial == piece->first_trial) {
            queue->pending_count--;
            memmove(&queue->pending[i], &queue->pending[i + 1], (queue->pending_count - i) * sizeof *piece);
            return;
        }
}

void zem_work_queue_return(struct zem_work_queue *queue, const struct zem_work_piece *piece)
{
    for (size_t i = queue->again; i < queue->pending_count; i++)
        if (queue->pending[i].first_cell == piece->first_cell && queue->pending[i].first_trial == piece->first_trial) {
            const struct zem_work_piece other = queue->pending[queue->again];
            queue->pending[queue->again++] = queue->pending[i];
            queue->pending[i] = other;
            return;
        }
}

uint64_t zem_work_queue_settled(const struct zem_work_queue *queue)
{
    uint64_t settled = queue->cell;
    for (size_t i = 0; i < queue->pending_count; i++)
        if (queue->pending[i].first_cell < settled)
            settled = queue->pending[i].first_cell;
    return settled;
}

bool zem_work_queue_left(const struct zem_work_queue *queue)
{
    bool left = queue->again > 0;
    for (uint64_t cell = queue->cell; cell < queue->cells && !left; cell++)
        left = queue->done[cell] < queue->target[cell];
    return left;
}

void zem_work_queue_again(struct zem_work_queue *queue, const struct zem_work_piece *pieces, size_t count)
{
    assert(count <= ZEM_WORK_PENDING_MAX);
    for (size_t i = 0; i < count; i++)
        queue->pending[i] = pieces[i];
    queue->pending_count = queue->again = count;
}
