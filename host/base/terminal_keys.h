/* Reads keys that a person presses at the terminal while the program works, one by one, without Enter and without an
 * echo. This needs another mode of the terminal. Every end of the program restores the former mode, because the shell
 * uses the terminal next. */
#ifndef ZEM_TERMINAL_KEYS_H
#define ZEM_TERMINAL_KEYS_H

#include <stdbool.h>

/* Begins to read keys from standard input if it is a terminal. Returns false if it is not. */
bool zem_terminal_keys_begin(void);

/* Returns the next key, or 0 if none was pressed. It does not wait. It returns 0 while the program is in the background
 * of a shell, because reading there would stop the program. */
char zem_terminal_key(void);

/* Restores the former mode of the terminal and ends the reading of keys. May be called at any time, also by the handler
 * of a signal. */
void zem_terminal_keys_end(void);

#endif
