/* What a terminal can show: its colours, its size, and whether it has block characters. */
#ifndef ZEM_TERMINAL_H
#define ZEM_TERMINAL_H

#include "view/heat_map.h"

#include <stdio.h>

/* The colours of a terminal by the values of TERM and COLORTERM, NULL if they are not set: ZEM_COLOR_TRUE if COLORTERM
 * is "truecolor" or "24bit" or TERM has "-direct" in it, ZEM_COLOR_256 if TERM has "256color" in it, and ZEM_COLOR_NONE
 * for any other name, as those terminals have 16 colours or fewer, with which a map cannot be read. Names of terminals
 * that are known to have few, such as vt100 and linux, count more than COLORTERM, which may be left over from another
 * terminal. */
enum zem_color zem_terminal_color(const char *term, const char *depth);

/* The screen behind a stream. Without a terminal it has 80 columns, no colours and any number of lines. A terminal with
 * NO_COLOR set to anything is without colours. Block characters need colours and a locale of UTF-8. */
struct zem_screen zem_terminal_screen(FILE *stream);

#endif
