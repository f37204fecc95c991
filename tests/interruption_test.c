/* What a signal does to a program that catches it by interruption.h, in forked children that do nothing else. No test
 * depends on a time; each waits for an event. */
#include "base/interruption.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { LEFT = 42, LEFT_RESUMABLE = 43, CAUGHT_BY_DRIVER = 44, IGNORED = 45 };

static void leave(bool resumable) { _exit(resumable ? LEFT_RESUMABLE : LEFT); }
static void never_leave(bool resumable) { (void)resumable; }
static void handler_of_a_driver(int number)
{
    (void)number;
    _exit(CAUGHT_BY_DRIVER);
}

static void await_flag(void)
{
    while (!zem_interrupted)
        sched_yield();
}

/* Runs `body` in a child. Returns how the child ended, in the form of waitpid. */
static int end_of(void (*body)(int number), int number)
{
    int status = 0;
    fflush(stdout);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        const struct rlimit no_core = {0, 0};
        setrlimit(RLIMIT_CORE, &no_core);
        body(number);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void be_signalled(int number)
{
    signal(number, SIG_DFL);
    zem_interruption_catch(never_leave, NULL);
    signal(number, handler_of_a_driver);
    kill(getpid(), number);
    await_flag();
}

static void signals_raise_the_flag_whatever_a_driver_installs(void **state)
{
    (void)state;
    const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGXCPU};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        const int status = end_of(be_signalled, numbers[i]);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
}

static void be_quit(int number)
{
    zem_interruption_catch(never_leave, NULL);
    signal(SIGQUIT, handler_of_a_driver);
    kill(getpid(), number);
    for (;;)
        pause();
}

static void quit_ends_the_program_whatever_a_driver_installs(void **state)
{
    (void)state;
    const int status = end_of(be_quit, SIGQUIT);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGQUIT);
}

static void be_signalled_twice(int second)
{
    zem_interruption_catch(never_leave, NULL);
    kill(getpid(), SIGTERM);
    await_flag();
    kill(getpid(), SIGTERM); /* a repeated SIGTERM, as of a scheduler, does not end the program at once */
    kill(getpid(), second);
    for (;;)
        pause();
}

static void a_second_interrupt_ends_the_program_at_once(void **state)
{
    (void)state;
    const int status = end_of(be_signalled_twice, SIGINT);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT);
}

static void hang(int resumable)
{
    zem_interruption_catch(leave, NULL);
    zem_interruption_resumable(resumable != 0);
    kill(getpid(), SIGINT);
    for (;;)
        pause();
}

static void a_program_that_hangs_is_left(void **state)
{
    (void)state;
    int status = end_of(hang, 0);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == LEFT);
    status = end_of(hang, 1);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == LEFT_RESUMABLE);
}

/* Ignores a signal as nohup does. The program must then leave it ignored, which shows by the signal not being
 * blocked. */
static void hang_up(int number)
{
    sigset_t blocked;
    signal(number, SIG_IGN);
    zem_interruption_catch(leave, NULL);
    pthread_sigmask(SIG_BLOCK, NULL, &blocked);
    _exit(sigismember(&blocked, SIGTERM) == 1 && sigismember(&blocked, number) == 0 ? IGNORED : 0);
}

static void what_nohup_ignores_stays_ignored(void **state)
{
    (void)state;
    const int status = end_of(hang_up, SIGHUP);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == IGNORED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signals_raise_the_flag_whatever_a_driver_installs),
        cmocka_unit_test(quit_ends_the_program_whatever_a_driver_installs),
        cmocka_unit_test(a_second_interrupt_ends_the_program_at_once),
        cmocka_unit_test(a_program_that_hangs_is_left),
        cmocka_unit_test(what_nohup_ignores_stays_ignored),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
