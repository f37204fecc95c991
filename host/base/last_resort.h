/* What happens if a library ends or crashes the program: UDUNITS's scanner and libgomp call exit() when memory or
 * threads run out, and libraries that do not check an allocation crash. The program then removes its unfinished files,
 * says what happened and ends with the exit code of an internal error. */
#ifndef ZEM_LAST_RESORT_H
#define ZEM_LAST_RESORT_H

/* From now on a crash, and a call of exit() before zem_last_resort_end, remove the unfinished files, print a sentence
 * and end the process with the code 70. A child process ends with that code in silence and removes nothing. Signals
 * that already have a handler keep it. */
void zem_last_resort_begin(void);

/* The program is about to end as it should. */
void zem_last_resort_end(void);

/* The unfinished files: those named by zem_last_resort_add, until zem_last_resort_drop with the same name. Any thread
 * may call them. A file for whose name there is no memory is left in its folder. */
void zem_last_resort_add(const char *path);
void zem_last_resort_drop(const char *path);

#endif
