/* Changes and restores the mode of the terminal. The former mode is in a global variable, because the signal handlers
 * that restore it take no argument. */
#include "base/terminal_keys.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <termios.h>
#include <unistd.h>

static struct termios before; /* the former mode; written before `reading` is set, not changed afterwards */
static atomic_bool reading;

/* Whether this process is in the foreground of the terminal and gets its keys. A background process that changes the
 * mode of the terminal is stopped. */
static bool in_foreground(void) { return tcgetpgrp(STDIN_FILENO) == getpgrp(); }

/* Sets the mode in which keys are read one by one, without waiting. It is called before every key, because a shell sets
 * its own mode while the program is stopped. Returns false if the mode cannot be set. */
static bool set_mode(void)
{
    struct termios mode;
    if (!in_foreground() || tcgetattr(STDIN_FILENO, &mode) != 0)
        return false;
    if ((mode.c_lflag & (ICANON | ECHO)) == 0 && mode.c_cc[VMIN] == 0 && mode.c_cc[VTIME] == 0)
        return true;
    mode.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    mode.c_cc[VMIN] = 0;
    mode.c_cc[VTIME] = 0;
    return tcsetattr(STDIN_FILENO, TCSANOW, &mode) == 0;
}

bool zem_terminal_keys_begin(void)
{
    if (!isatty(STDIN_FILENO) || tcgetattr(STDIN_FILENO, &before) != 0)
        return false;
    reading = true;
    return true;
}

char zem_terminal_key(void)
{
    char key = 0;
    return reading && set_mode() && read(STDIN_FILENO, &key, 1) == 1 ? key : 0;
}

void zem_terminal_keys_end(void)
{
    const int reason = errno;
    if (atomic_exchange(&reading, false) && in_foreground())
        tcsetattr(STDIN_FILENO, TCSANOW, &before);
    errno = reason;
}
