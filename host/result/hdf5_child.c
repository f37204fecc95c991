/* A child of a program with threads, which gets one descriptor and closes all others. */
#define _GNU_SOURCE /* declares closefrom, in glibc since 2.34 */
#include "result/hdf5_child.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define CHANNEL (STDERR_FILENO + 1) /* the child's end of the socket */

pid_t zem_hdf5_child_start(int *channel)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return -1;
    const pid_t parent = getpid(), process = fork();
    if (process == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent) /* killed before prctl */
            _exit(1);
        close(ends[0]);
        if (dup2(ends[1], CHANNEL) != CHANNEL)
            _exit(1);
        closefrom(CHANNEL + 1);
        *channel = CHANNEL;
        return 0;
    }
    const int reason = errno;
    close(ends[1]);
    if (process < 0)
        close(ends[0]);
    else
        *channel = ends[0];
    errno = reason;
    return process;
}
