/* Keys that a person presses at the terminal while the program works: they are read one by one, without Enter and
 * without an echo. The terminal's mode belongs to whoever uses it next, so it is restored however the program ends. */
#ifndef ZEM_TERMINAL_KEYS_H
#define ZEM_TERMINAL_KEYS_H

#include <stdbool.h>

/* Reads keys from standard input from now on, if that is a terminal. Returns whether it is one. */
bool zem_terminal_keys_begin(void);

/* The next key, 0 if none was pressed. In the background of a shell there are none, because reading there would stop
 * the program. */
char zem_terminal_key(void);

/* Restores the mode that the terminal had. May be called at any time, also by the handler of a signal. */
void zem_terminal_keys_end(void);

#endif
