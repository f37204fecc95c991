/* What a terminal can show: its colours, its size, and whether it has block characters. */
#ifndef ZEM_TERMINAL_H
#define ZEM_TERMINAL_H

#include "view/heat_map.h"

#include <stdio.h>

/* Returns the colours of a terminal from the values of TERM and COLORTERM, which are NULL if they are not set. Names of
 * terminals with few colours, such as vt100 and linux, give ZEM_COLOR_NONE whatever COLORTERM says, because it may be
 * left over from another terminal. For other names, COLORTERM "truecolor" or "24bit", or "-direct" in TERM, gives
 * ZEM_COLOR_TRUE, and "256color" in TERM gives ZEM_COLOR_256. All else gives ZEM_COLOR_NONE, because a map in 16
 * colours cannot be read. */
enum zem_color zem_terminal_color(const char *term, const char *depth);

/* Returns the screen to which a stream leads. If that is no terminal, it has 80 columns, no colours and `lines` 0. A
 * terminal has no colours if NO_COLOR is set to anything. Half blocks need colours and a locale of UTF-8. */
struct zem_screen zem_terminal_screen(FILE *stream);

#endif
