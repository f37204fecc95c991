/* Checkpoints written and read back without a run. Every total comes back, also if only the first cells have been
 * begun. Cells that have not been begun take no room. What is counted while a checkpoint is written is not in it. */
#include "run/checkpoint.h"
#include "scratch_folder.h"
#include "synthetic_result.h"

#include <string.h>
#include <sys/stat.h>

/* A run without devices: its scenario, totals, queue of work and checkpoint. */
struct state {
    struct zem_scenario scenario;
    struct zem_result result;
    struct zem_work_queue queue;
    struct zem_checkpoint checkpoint;
};

static void state_make(struct state *state, uint64_t begun)
{
    memset(state, 0, sizeof *state);
    synthetic_init(&state->result, &state->scenario, SYNTHETIC_LARGE);
    assert_int_equal(zem_work_queue_init(&state->queue, state->result.cells), 0);
    const uint64_t nothing[ZEM_TALLY_WORDS_LIMIT] = {0};
    for (uint64_t cell = begun; cell < state->result.cells; cell++)
        assert_true(zem_totals_set(&state->result.totals, cell, nothing));
    state->checkpoint = (struct zem_checkpoint){.result = &state->result,
                                                .shards = 1,
                                                .queue = &state->queue,
                                                .target = calloc(state->result.cells, sizeof(uint64_t)),
                                                .trials_done = begun,
                                                .seconds = 3.5};
}

static void state_free(struct state *state)
{
    free(state->checkpoint.target);
    zem_work_queue_free(&state->queue);
    synthetic_free(&state->result, &state->scenario);
}

/* Writes a state in which `begun` cells have been begun, reads it into a state in which all have been, and compares
 * them. Returns the size of the file. */
static off_t round_trip(uint64_t begun)
{
    struct zem_error error = {0};
    struct state written, read;
    struct stat file;
    const char *path = in_scratch("x.checkpoint");
    state_make(&written, begun);
    state_make(&read, UINT64_MAX);
    written.queue.done[0] = 17;
    struct zem_checkpoint_file *writing = zem_checkpoint_write(&written.checkpoint, path, &error);
    assert_non_null(writing);
    assert_int_equal(zem_checkpoint_publish(writing, path, &error), ZEM_OK);
    assert_int_equal(zem_checkpoint_read(&read.checkpoint, path, &error), ZEM_OK);
    assert_true(read.checkpoint.trials_done == begun && read.queue.done[0] == 17);
    for (uint64_t cell = 0; cell < written.result.cells; cell++)
        if (!zem_totals_same(&written.result.totals, &read.result.totals, cell))
            fail_msg("cell %llu of %llu begun ones", (unsigned long long)cell, (unsigned long long)begun);
    assert_int_equal(stat(path, &file), 0);
    state_free(&written);
    state_free(&read);
    return file.st_size;
}

static void totals_come_back_and_cells_not_begun_take_no_room(void **state)
{
    (void)state;
    const off_t none = round_trip(0), some = round_trip(700), all = round_trip(2121);
    assert_true(none < some && some < all);
    /* Every begun cell takes the same number of bytes, whether 700 or 2,121 cells are begun. */
    assert_true((all - none) / 2121 == (some - none) / 700 && (all - none) % 2121 == 0);
}

/* Work on the first 500 cells is given to devices, and that on cells 300 and 301 is not yet done. The cells before
 * these are complete. What is counted after zem_checkpoint_write is in no checkpoint, neither of cells 300 and 301 nor
 * of cells that are begun later. */
static void what_is_counted_meanwhile_is_left_out(void **state)
{
    (void)state;
    struct zem_error error = {0};
    struct state written, before, read;
    const char *path = in_scratch("meanwhile.checkpoint");
    state_make(&written, 500);
    state_make(&before, 500);
    state_make(&read, UINT64_MAX);
    for (uint64_t cell = 0; cell < written.result.cells; cell++)
        written.queue.target[cell] = 1000;
    for (uint64_t cell = 0; cell < 500; cell++)
        written.queue.done[cell] = 1000;
    written.queue.pending[0] = (struct zem_work_piece){.first_cell = 300, .cell_count = 2, .trials = 7};
    written.queue.pending_count = 1;
    struct zem_checkpoint_file *writing = zem_checkpoint_write(&written.checkpoint, path, &error);
    assert_non_null(writing);
    static const uint64_t counted[] = {300, 301, 499, 500, 2000};
    uint64_t tally[ZEM_TALLY_WORDS_LIMIT];
    for (size_t i = 0; i < sizeof counted / sizeof *counted; i++) {
        zem_totals_get(&written.result.totals, 17, tally);
        assert_true(zem_totals_set(&written.result.totals, counted[i], tally));
    }
    assert_int_equal(zem_checkpoint_publish(writing, path, &error), ZEM_OK);
    assert_int_equal(zem_checkpoint_read(&read.checkpoint, path, &error), ZEM_OK);
    assert_true(read.queue.pending_count == 1 && read.queue.pending[0].first_cell == 300 && read.queue.again == 1);
    for (uint64_t cell = 0; cell < before.result.cells; cell++)
        if (!zem_totals_same(&before.result.totals, &read.result.totals, cell))
            fail_msg("cell %llu", (unsigned long long)cell);
    state_free(&written);
    state_free(&before);
    state_free(&read);
}

/* The method of the intervals decides how many trials a run to a precision gives a cell, and nothing without one. */
static void other_intervals_are_refused(void **state)
{
    (void)state;
    struct zem_error error = {0};
    struct state written, read;
    const char *path = in_scratch("intervals.checkpoint");
    state_make(&written, 500);
    state_make(&read, UINT64_MAX);
    written.result.interval_method = ZEM_CLOPPER_PEARSON;
    written.scenario.value[ZEM_KEY_PRECISION].present = read.scenario.value[ZEM_KEY_PRECISION].present = false;
    struct zem_checkpoint_file *plain = zem_checkpoint_write(&written.checkpoint, path, &error);
    assert_non_null(plain);
    assert_int_equal(zem_checkpoint_publish(plain, path, &error), ZEM_OK);
    assert_int_equal(zem_checkpoint_read(&read.checkpoint, path, &error), ZEM_OK);
    written.scenario.value[ZEM_KEY_PRECISION].present = read.scenario.value[ZEM_KEY_PRECISION].present = true;
    struct zem_checkpoint_file *writing = zem_checkpoint_write(&written.checkpoint, path, &error);
    assert_non_null(writing);
    assert_int_equal(zem_checkpoint_publish(writing, path, &error), ZEM_OK);
    assert_int_equal(zem_checkpoint_read(&read.checkpoint, path, &error), ZEM_BAD_INPUT);
    assert_non_null(strstr(error.message, "--interval clopper-pearson"));
    read.result.interval_method = ZEM_CLOPPER_PEARSON;
    assert_int_equal(zem_checkpoint_read(&read.checkpoint, path, &error), ZEM_OK);
    state_free(&written);
    state_free(&read);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(totals_come_back_and_cells_not_begun_take_no_room),
        cmocka_unit_test(what_is_counted_meanwhile_is_left_out),
        cmocka_unit_test(other_intervals_are_refused),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
