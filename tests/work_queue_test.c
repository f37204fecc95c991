/* How the queue of work cuts the trials of a run into pieces for devices. It covers every trial once, whatever the
 * limits, and gives out again the pieces that were not counted. */
#include "run/work_queue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Takes all work from a queue with these numbers of trials in the cells. Every piece keeps to the limits, and the
 * pieces cover every trial once. */
static void drain(const uint64_t *targets, uint64_t cells, uint64_t wanted, size_t cells_max, uint32_t trials_max)
{
    struct zem_work_queue queue;
    struct zem_work_piece piece;
    uint64_t *covered = calloc(cells, sizeof *covered);
    assert_non_null(covered);
    assert_int_equal(zem_work_queue_init(&queue, cells), 0);
    for (int round = 1; round <= 3; round++) { /* targets grow from round to round */
        for (uint64_t k = 0; k < cells; k++)
            queue.target[k] = targets[k] * (uint64_t)round;
        zem_work_queue_rewind(&queue);
        while (zem_work_queue_take(&queue, wanted, cells_max, trials_max, &piece)) {
            zem_work_queue_counted(&queue, &piece);
            assert_true(piece.trials > 0 && piece.trials <= trials_max);
            assert_true(piece.cell_count > 0 && piece.cell_count <= cells_max
                        && piece.first_cell + piece.cell_count <= cells);
            assert_true(piece.cell_count == 1 || piece.cell_count * (uint64_t)piece.trials <= wanted);
            for (uint64_t k = piece.first_cell; k < piece.first_cell + piece.cell_count; k++) {
                assert_true(covered[k] == piece.first_trial);
                covered[k] += piece.trials;
                assert_true(covered[k] <= queue.target[k]);
            }
        }
        for (uint64_t k = 0; k < cells; k++)
            assert_true(covered[k] == queue.target[k]);
    }
    zem_work_queue_free(&queue);
    free(covered);
}

static void the_queue_covers_every_trial_once(void **state)
{
    (void)state;
    const uint64_t even[] = {100, 100, 100, 100, 100}, uneven[] = {0, 1, 1000, 7, 0, 0, 12, 12, 3}, one[] = {12345},
                   none[] = {0, 0};
    const uint64_t wishes[] = {1, 7, 100, 250, 100000};
    for (size_t w = 0; w < sizeof wishes / sizeof *wishes; w++)
        for (size_t cells_max = 1; cells_max < 10; cells_max += 4)
            for (uint32_t trials_max = 1; trials_max < 200; trials_max += 66) {
                drain(even, 5, wishes[w], cells_max, trials_max);
                drain(uneven, 9, wishes[w], cells_max, trials_max);
                drain(one, 1, wishes[w], cells_max, trials_max);
                drain(none, 2, wishes[w], cells_max, trials_max);
            }
}

static void the_last_of_2_to_the_56_trials_are_handed_out(void **state)
{
    (void)state;
    struct zem_work_queue queue;
    struct zem_work_piece piece;
    assert_int_equal(zem_work_queue_init(&queue, 1), 0);
    queue.target[0] = UINT64_C(1) << 56;
    queue.done[0] = queue.target[0] - 3;
    assert_true(zem_work_queue_take(&queue, UINT64_MAX, 4096, UINT32_MAX, &piece));
    assert_true(piece.trials == 3 && piece.first_trial == (UINT64_C(1) << 56) - 3);
    assert_false(zem_work_queue_take(&queue, UINT64_MAX, 4096, UINT32_MAX, &piece));
    zem_work_queue_free(&queue);
}

static void pieces_not_counted_are_handed_out_again(void **state)
{
    (void)state;
    struct zem_work_queue queue, later;
    struct zem_work_piece piece[3], again;
    assert_int_equal(zem_work_queue_init(&queue, 2), 0);
    queue.target[0] = queue.target[1] = 100;
    for (int i = 0; i < 3; i++)
        assert_true(zem_work_queue_take(&queue, 40, 1, 1000, &piece[i]));
    zem_work_queue_counted(&queue, &piece[1]);
    assert_int_equal(queue.pending_count, 2);
    assert_int_equal(zem_work_queue_init(&later, 2), 0);
    zem_work_queue_again(&later, queue.pending, queue.pending_count);
    memcpy(later.done, queue.done, 2 * sizeof *queue.done);
    later.target[0] = later.target[1] = 100;
    uint64_t trials = 0, pieces = 0;
    while (zem_work_queue_take(&later, 1000, 1, 1000, &again)) {
        assert_false(again.first_cell == piece[1].first_cell && again.first_trial == piece[1].first_trial);
        trials += again.trials;
        pieces++;
        zem_work_queue_counted(&later, &again);
    }
    assert_int_equal(trials, 200 - piece[1].trials);
    assert_int_equal(later.pending_count, 0);
    assert_true(pieces >= 3);
    zem_work_queue_free(&queue);
    zem_work_queue_free(&later);
}

/* A fast device left two long pieces of work. A slow device flies them in short pieces, which cover each trial once.
 * What is left at any moment is what a checkpoint keeps. */
static void long_pieces_are_split_for_a_slow_device(void **state)
{
    (void)state;
    static const struct zem_work_piece pieces[] = {
        {.first_cell = 1, .cell_count = 5, .trials = 1000},
        {.first_cell = 0, .first_trial = 7, .cell_count = 1, .trials = 3000}};
    const uint64_t wishes[] = {1, 99, 1000, 2500, 100000};
    for (size_t w = 0; w < sizeof wishes / sizeof *wishes; w++) {
        struct zem_work_queue queue;
        struct zem_work_piece piece;
        uint64_t covered[6] = {7}, left = 8000;
        assert_int_equal(zem_work_queue_init(&queue, 6), 0);
        zem_work_queue_again(&queue, pieces, 2);
        while (zem_work_queue_take(&queue, wishes[w], 3, 700, &piece)) {
            uint64_t pending = 0;
            assert_true(piece.trials <= 700 || piece.cell_count > 1);
            assert_true(piece.cell_count <= 3 && (piece.cell_count == 1 || piece.cell_count * 1000 <= wishes[w]));
            assert_true(piece.cell_count > 1 || piece.trials <= wishes[w]);
            for (uint64_t k = piece.first_cell; k < piece.first_cell + piece.cell_count; k++) {
                assert_true(covered[k] == piece.first_trial);
                covered[k] += piece.trials;
            }
            for (size_t i = 0; i < queue.pending_count; i++)
                pending += queue.pending[i].trials * queue.pending[i].cell_count;
            assert_true(pending == left);
            zem_work_queue_counted(&queue, &piece);
            left -= piece.trials * piece.cell_count;
        }
        assert_true(left == 0 && queue.pending_count == 0);
        for (uint64_t k = 0; k < 6; k++)
            assert_true(covered[k] == (k == 0 ? 3007 : 1000));
        zem_work_queue_free(&queue);
    }
}

static void a_returned_piece_is_handed_out_again(void **state)
{
    (void)state;
    struct zem_work_queue queue;
    struct zem_work_piece piece[4], again;
    assert_int_equal(zem_work_queue_init(&queue, 1), 0);
    queue.target[0] = 400;
    for (int i = 0; i < 4; i++)
        assert_true(zem_work_queue_take(&queue, 100, 1, 1000, &piece[i]));
    assert_false(zem_work_queue_left(&queue));
    zem_work_queue_return(&queue, &piece[2]);
    zem_work_queue_counted(&queue, &piece[0]);
    zem_work_queue_return(&queue, &piece[1]);
    assert_true(zem_work_queue_left(&queue));
    uint64_t seen = 0;
    while (zem_work_queue_take(&queue, 100, 1, 1000, &again)) {
        assert_true(again.first_trial == 100 || again.first_trial == 200);
        seen += again.first_trial;
        zem_work_queue_counted(&queue, &again);
    }
    assert_int_equal(seen, 300);
    assert_int_equal(queue.pending_count, 1); /* the fourth piece is not counted yet */
    zem_work_queue_counted(&queue, &piece[3]);
    assert_int_equal(queue.pending_count, 0);
    assert_false(zem_work_queue_left(&queue));
    zem_work_queue_free(&queue);
}

static void cells_are_settled_when_their_last_piece_is_counted(void **state)
{
    (void)state;
    struct zem_work_queue queue;
    struct zem_work_piece piece[3];
    assert_int_equal(zem_work_queue_init(&queue, 6), 0);
    for (size_t k = 0; k < 6; k++)
        queue.target[k] = 10;
    for (size_t k = 0; k < 3; k++)
        assert_true(zem_work_queue_take(&queue, 20, 2, 10, &piece[k]));
    assert_int_equal(zem_work_queue_settled(&queue), 0);
    zem_work_queue_counted(&queue, &piece[1]);
    assert_int_equal(zem_work_queue_settled(&queue), 0); /* the first piece is in flight */
    zem_work_queue_return(&queue, &piece[0]);
    assert_int_equal(zem_work_queue_settled(&queue), 0); /* and it waits to be flown again */
    assert_true(zem_work_queue_take(&queue, 20, 2, 10, &piece[0]));
    zem_work_queue_counted(&queue, &piece[0]);
    assert_int_equal(zem_work_queue_settled(&queue), 4);
    assert_false(zem_work_queue_take(&queue, 20, 2, 10, &piece[1]));
    assert_int_equal(zem_work_queue_settled(&queue), 4); /* the last piece is in flight */
    zem_work_queue_counted(&queue, &piece[2]);
    assert_int_equal(zem_work_queue_settled(&queue), 6);
    zem_work_queue_free(&queue);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_queue_covers_every_trial_once),
        cmocka_unit_test(the_last_of_2_to_the_56_trials_are_handed_out),
        cmocka_unit_test(pieces_not_counted_are_handed_out_again),
        cmocka_unit_test(long_pieces_are_split_for_a_slow_device),
        cmocka_unit_test(a_returned_piece_is_handed_out_again),
        cmocka_unit_test(cells_are_settled_when_their_last_piece_is_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
