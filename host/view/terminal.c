/* The environment says which terminal it is, the kernel its size. terminfo is not asked: its entry "xterm" has 8
 * colours, and that of the Linux console 8 as well, so the name alone tells what it would. */
#include "view/terminal.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

static bool has_few_colors(const char *term)
{
    static const char *const begin[] = {"vt", "linux", "ansi", "cons", "sun", "wy", "dumb"};
    for (size_t i = 0; i < sizeof begin / sizeof *begin; i++)
        if (strncmp(term, begin[i], strlen(begin[i])) == 0)
            return true;
    return false;
}

enum zem_color zem_terminal_color(const char *term, const char *depth)
{
    if (term == NULL || *term == '\0' || has_few_colors(term))
        return ZEM_COLOR_NONE;
    if ((depth != NULL && (strcmp(depth, "truecolor") == 0 || strcmp(depth, "24bit") == 0))
        || strstr(term, "-direct") != NULL)
        return ZEM_COLOR_TRUE;
    return strstr(term, "256color") != NULL ? ZEM_COLOR_256 : ZEM_COLOR_NONE;
}

/* Whether the locale has UTF-8, by the first of its variables that is set. */
static bool has_utf8(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = getenv(names[i]), *set = value != NULL ? strchr(value, '.') : NULL;
        if (value != NULL && *value != '\0')
            return set != NULL && (strncasecmp(set, ".utf-8", 6) == 0 || strncasecmp(set, ".utf8", 5) == 0);
    }
    return false;
}

struct zem_screen zem_terminal_screen(FILE *stream)
{
    struct zem_screen screen = {.color = ZEM_COLOR_NONE, .columns = 80};
    const char *no_color = getenv("NO_COLOR");
    struct winsize size;
    if (!isatty(fileno(stream)))
        return screen;
    if (no_color == NULL || *no_color == '\0')
        screen.color = zem_terminal_color(getenv("TERM"), getenv("COLORTERM"));
    screen.half_blocks = screen.color != ZEM_COLOR_NONE && has_utf8();
    screen.lines = 24;
    if (ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        screen.columns = size.ws_col;
        screen.lines = size.ws_row > 0 ? size.ws_row : screen.lines;
    }
    return screen;
}
