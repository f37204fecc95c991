/* The children in which HDF5 is called talk with their parent, have no other descriptor of it, and end with it. */
#include "scratch_folder.h"

#include "base/output_claim.h"
#include "result/hdf5_child.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/wait.h>

/* The child answers each byte with its negative until the parent closes the channel. */
static void a_child_answers_until_the_channel_is_closed(void **state)
{
    (void)state;
    int channel = -1, status = -1;
    signed char byte = 0;
    const pid_t child = zem_hdf5_child_start(&channel);
    assert_true(child >= 0);
    if (child == 0) {
        while (read(channel, &byte, 1) == 1) {
            byte = (signed char)-byte;
            if (write(channel, &byte, 1) != 1)
                _exit(1);
        }
        _exit(7);
    }
    for (signed char sent = 1; sent < 4; sent++) {
        assert_int_equal(write(channel, &sent, 1), 1);
        assert_int_equal(read(channel, &byte, 1), 1);
        assert_int_equal(byte, -sent);
    }
    close(channel);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 7);
}

/* Takes the claim on x.h5, starts a child, tells its number through `told` and waits to be killed. With `outlives` the
 * child refuses to be killed with its parent. */
static void claim_and_start_child(int told, bool outlives)
{
    struct zem_output_claim claim = {0};
    int channel = -1;
    char byte = 0;
    if (zem_output_claim_take(&claim, in_scratch("x.h5"), NULL) != 0 || !claim.held)
        _exit(1);
    const pid_t child = zem_hdf5_child_start(&channel);
    if (child == 0) {
        alarm(60); /* ends a child that is never killed, with another signal than the test expects */
        if (outlives)
            prctl(PR_SET_PDEATHSIG, 0);
        if (write(channel, &byte, 1) != 1)
            _exit(1);
    } else if (read(channel, &byte, 1) != 1 || write(told, &child, sizeof child) != sizeof child) {
        _exit(1);
    }
    for (;;)
        pause();
}

/* Runs claim_and_start_child in a process, kills that process, and returns the number of the child. The child is then
 * a child of the test. */
static pid_t orphan(bool outlives)
{
    pid_t child = -1;
    int ends[2];
    assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
    assert_int_equal(pipe(ends), 0);
    const pid_t parent = fork();
    if (parent == 0)
        claim_and_start_child(ends[1], outlives);
    close(ends[1]);
    assert_int_equal(read(ends[0], &child, sizeof child), sizeof child);
    assert_int_equal(kill(parent, SIGKILL), 0);
    assert_int_equal(waitpid(parent, NULL, 0), parent);
    close(ends[0]);
    return child;
}

static void a_child_that_outlives_its_parent_does_not_hold_the_claim(void **state)
{
    (void)state;
    struct zem_output_claim claim = {0};
    int status = 0;
    const pid_t child = orphan(true);
    assert_int_equal(zem_output_claim_take(&claim, in_scratch("x.h5"), NULL), 0);
    assert_true(claim.held);
    zem_output_claim_release(&claim);
    assert_int_equal(waitpid(child, &status, WNOHANG), 0); /* it still runs */
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
}

static void a_child_is_killed_with_its_parent(void **state)
{
    (void)state;
    int status = 0;
    const pid_t child = orphan(false);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGKILL);
    unlink(in_scratch(".x.h5.lock"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_child_answers_until_the_channel_is_closed),
        cmocka_unit_test(a_child_that_outlives_its_parent_does_not_hold_the_claim),
        cmocka_unit_test(a_child_is_killed_with_its_parent),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove_empty);
}
