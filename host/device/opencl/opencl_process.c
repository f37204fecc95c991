/* Server processes, in which OpenCL drivers run. posix_spawn starts them from the program's own file, a socket carries
 * the messages, and SIGKILL ends them. A wait consists of short slices, so that the time in which this process was
 * stopped, for instance by Ctrl-Z, is not taken for a hang of the driver. */
#define _GNU_SOURCE /* posix_spawn_file_actions_addclosefrom_np, in glibc since 2.34 */
#include "device/opencl/opencl_process.h"

#include "base/clock.h"
#include "base/interruption.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PROGRAM "/proc/self/exe" /* names the running file, even if a newer one has replaced it */
#define SLICE_SECONDS 0.2
#define SLICE_COUNTS_SECONDS 1.0 /* a slice counts as this at most, however long it took */
#define PATIENCE_STOPPED 1.0     /* patience after a signal that stops the run, s */
#define ENDING_SECONDS 2.0       /* longest wait for the end of a killed process, which can hang in the kernel */

extern char **environ;

/* Starts a server and sets `*pid`. Returns 0 or an error number. The server's standard output goes to standard error,
 * because some drivers print. This process blocks some signals for a thread that waits for them; the server blocks
 * none, because drivers may use signals. */
static int spawn(int socket, pid_t *pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    char name[] = ZEM_OPENCL_SERVER_NAME;
    char *const words[] = {name, NULL};
    int code = posix_spawn_file_actions_init(&actions);
    if (code != 0)
        return code;
    code = posix_spawnattr_init(&attributes);
    if (code != 0) {
        posix_spawn_file_actions_destroy(&actions);
        return code;
    }
    sigemptyset(&none);
    code = posix_spawnattr_setsigmask(&attributes, &none);
    if (code == 0)
        code = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    if (code == 0)
        code = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (code == 0)
        code = posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
    if (code == 0)
        code = posix_spawn_file_actions_adddup2(&actions, socket, ZEM_OPENCL_SERVER_SOCKET);
    if (code == 0)
        code = posix_spawn_file_actions_addclosefrom_np(&actions, ZEM_OPENCL_SERVER_SOCKET + 1);
    if (code == 0)
        code = posix_spawn(pid, PROGRAM, &actions, &attributes, words, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return code;
}

struct zem_opencl_process *zem_opencl_process_start(struct zem_error *error)
{
    int pair[2];
    struct zem_opencl_process *process = calloc(1, sizeof *process);
    if (process == NULL || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
        zem_error_set(error, ZEM_NO_DEVICE, "a process for OpenCL drivers cannot be started: %s", strerror(errno));
        free(process);
        return NULL;
    }
    const int code = spawn(pair[1], &process->pid);
    close(pair[1]);
    process->socket = pair[0];
    if (code == 0 && fcntl(process->socket, F_SETFL, O_NONBLOCK) == 0)
        return process;
    zem_error_set(error, ZEM_NO_DEVICE, "a process for OpenCL drivers cannot be started: %s", strerror(code));
    if (code != 0)
        process->pid = 0;
    zem_opencl_process_end(process);
    return NULL;
}

/* Waits for the end of the process and sets process->ending to how it ended. `killed` says that this program has ended
 * it. */
static void reap(struct zem_opencl_process *process, bool killed)
{
    int state = 0;
    pid_t ended = 0;
    if (process->pid <= 0)
        return;
    for (double waited = 0.0; waited < ENDING_SECONDS && ended == 0; waited += 0.001) {
        ended = waitpid(process->pid, &state, WNOHANG);
        if (ended == 0)
            nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    if (killed)
        snprintf(process->ending, sizeof process->ending, "was ended");
    else if (ended != process->pid)
        snprintf(process->ending, sizeof process->ending, "does not listen any more");
    else if (WIFSIGNALED(state))
        snprintf(process->ending, sizeof process->ending, "was ended by signal %d (%s)", WTERMSIG(state),
                 strsignal(WTERMSIG(state)));
    else
        snprintf(process->ending, sizeof process->ending, "ended with exit code %d",
                 WIFEXITED(state) ? WEXITSTATUS(state) : -1);
    process->pid = 0;
}

static void kill_process(struct zem_opencl_process *process)
{
    if (process->pid > 0)
        kill(process->pid, SIGKILL);
    reap(process, true);
}

void zem_opencl_process_end(struct zem_opencl_process *process)
{
    if (process == NULL)
        return;
    kill_process(process);
    close(process->socket);
    free(process);
}

static int died(struct zem_opencl_process *process, const struct zem_opencl_wait *wait, struct zem_error *error)
{
    reap(process, false);
    return zem_error_set(error, ZEM_NO_DEVICE, "%s: the process of the driver %s while %s", wait->who, process->ending,
                         wait->doing);
}

/* Waits until the socket can be read or written (`events`). Returns 0, or ZEM_NO_DEVICE after the patience, with the
 * process ended. */
static int await(struct zem_opencl_process *process, short events, const struct zem_opencl_wait *wait,
                 struct zem_error *error)
{
    struct pollfd poll_for = {.fd = process->socket, .events = events};
    for (double waited = 0.0;;) {
        const double start = zem_clock_now();
        const int ready = poll(&poll_for, 1, (int)(1000.0 * SLICE_SECONDS));
        if (ready > 0)
            return ZEM_OK;
        const double slice = zem_clock_now() - start;
        waited += slice < SLICE_COUNTS_SECONDS ? slice : SLICE_COUNTS_SECONDS;
        const double patience =
            zem_interrupted && wait->patience > PATIENCE_STOPPED ? PATIENCE_STOPPED : wait->patience;
        if (waited < patience)
            continue;
        kill_process(process);
        return zem_error_set(error, ZEM_NO_DEVICE, "%s: the driver has not answered for %.3g s while %s", wait->who,
                             waited, wait->doing);
    }
}

/* Whether a call of send or recv that moved no bytes is to be repeated. */
static bool again(ssize_t moved) { return moved < 0 && (errno == EAGAIN || errno == EINTR); }

int zem_opencl_process_send(struct zem_opencl_process *process, const void *data, size_t size,
                            const struct zem_opencl_wait *wait, struct zem_error *error)
{
    const char *from = data;
    while (size > 0 && process->pid > 0) {
        const int status = await(process, POLLOUT, wait, error);
        if (status != 0)
            return status;
        const ssize_t moved = send(process->socket, from, size, MSG_NOSIGNAL);
        if (again(moved))
            continue;
        if (moved <= 0)
            return died(process, wait, error);
        from += moved;
        size -= (size_t)moved;
    }
    return size == 0 ? ZEM_OK : died(process, wait, error);
}

int zem_opencl_process_receive(struct zem_opencl_process *process, void *data, size_t size,
                               const struct zem_opencl_wait *wait, struct zem_error *error)
{
    char *to = data;
    while (size > 0 && process->pid > 0) {
        const int status = await(process, POLLIN, wait, error);
        if (status != 0)
            return status;
        const ssize_t moved = recv(process->socket, to, size, 0);
        if (again(moved))
            continue;
        if (moved <= 0)
            return died(process, wait, error);
        to += moved;
        size -= (size_t)moved;
    }
    return size == 0 ? ZEM_OK : died(process, wait, error);
}
