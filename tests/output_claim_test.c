/* Claims on output files. The process that has the claim on a file may write it. One process at a time has the claim,
 * its death releases the claim, and a lock file that lost its name is no claim. */
#include "scratch_folder.h"

#include "base/output_claim.h"

#include <signal.h>
#include <sys/wait.h>

static void one_has_the_claim_at_a_time(void **state)
{
    (void)state;
    struct zem_output_claim first = {0}, second = {0};
    assert_int_equal(zem_output_claim_take(&first, in_scratch("x.h5"), NULL), 0);
    assert_true(first.held && !first.unsupported);
    assert_int_equal(zem_output_claim_take(&second, in_scratch("x.h5"), NULL), 0);
    assert_false(second.held);
    assert_non_null(strstr(second.owner, "process"));
    zem_output_claim_release(&second);
    assert_int_equal(zem_output_claim_take(&second, in_scratch("y.h5"), NULL), 0);
    assert_true(second.held);
    zem_output_claim_release(&second);
    zem_output_claim_release(&first);
    assert_int_equal(scratch_count(), 0);
    assert_int_equal(zem_output_claim_take(&second, in_scratch("x.h5"), NULL), 0);
    assert_true(second.held);
    zem_output_claim_release(&second);
}

/* A child tells by a pipe that it has the claim, and is killed while it has it. */
static void a_killed_process_loses_its_claim(void **state)
{
    (void)state;
    struct zem_output_claim claim = {0};
    int ready[2];
    char byte = 0;
    assert_int_equal(pipe(ready), 0);
    const pid_t child = fork();
    if (child == 0) {
        zem_output_claim_take(&claim, in_scratch("x.h5"), NULL);
        byte = claim.held;
        if (write(ready[1], &byte, 1) != 1)
            _exit(1);
        for (;;)
            pause();
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    assert_int_equal(byte, 1);
    assert_int_equal(zem_output_claim_take(&claim, in_scratch("x.h5"), NULL), 0);
    assert_false(claim.held);
    zem_output_claim_release(&claim);
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_int_equal(zem_output_claim_take(&claim, in_scratch("x.h5"), NULL), 0);
    assert_true(claim.held);
    zem_output_claim_release(&claim);
    close(ready[0]);
    close(ready[1]);
}

enum { CHILDREN = 4, TURNS = 200 };

/* Runs in each child: takes and returns a claim many times. While it has the claim it makes a file that must not exist
 * yet ("x"), which fails if another process has the claim too. */
static void take_turns(void)
{
    int turns = 0;
    while (turns < TURNS) {
        struct zem_output_claim claim = {0};
        if (zem_output_claim_take(&claim, in_scratch("x.h5"), NULL) != 0)
            _exit(1);
        if (claim.held) {
            FILE *alone = fopen(in_scratch("alone"), "wx");
            if (alone == NULL)
                _exit(2);
            fclose(alone);
            unlink(in_scratch("alone"));
            turns++;
        }
        zem_output_claim_release(&claim);
    }
    _exit(0);
}

static void many_processes_never_have_it_together(void **state)
{
    (void)state;
    for (int i = 0; i < CHILDREN; i++)
        if (fork() == 0)
            take_turns();
    for (int i = 0; i < CHILDREN; i++) {
        int status = -1;
        wait(&status);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 0);
    }
    assert_int_equal(scratch_count(), 0);
}

static void a_link_is_not_followed(void **state)
{
    (void)state;
    struct zem_output_claim claim = {0};
    struct zem_error error = {0};
    file_make(in_scratch("precious"), "text", 4);
    assert_int_equal(symlink(in_scratch("precious"), in_scratch(".x.h5.lock")), 0);
    assert_int_equal(zem_output_claim_take(&claim, in_scratch("x.h5"), &error), ZEM_CANNOT_CREATE);
    zem_output_claim_release(&claim);
    size_t size = 0;
    char *bytes = file_bytes(in_scratch("precious"), &size);
    assert_string_equal(bytes, "text");
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(one_has_the_claim_at_a_time, scratch_clear),
        cmocka_unit_test_teardown(a_killed_process_loses_its_claim, scratch_clear),
        cmocka_unit_test_teardown(many_processes_never_have_it_together, scratch_clear),
        cmocka_unit_test_teardown(a_link_is_not_followed, scratch_clear),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
