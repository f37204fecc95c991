/* Ends the program in an orderly way if a library crashes it or calls exit(). The scanner of UDUNITS and libgomp call
 * exit() when memory or threads run out, and a library that does not check an allocation crashes. The program then
 * removes its unfinished files, says what happened and ends with the exit code of an internal error. */
#ifndef ZEM_LAST_RESORT_H
#define ZEM_LAST_RESORT_H

/* From now on a crash, and a call of exit() before zem_last_resort_end, remove the unfinished files, print a sentence
 * and end the process with the code 70. A forked child ends with the same code, prints nothing and removes nothing.
 * Signals that already have a handler keep it. */
void zem_last_resort_begin(void);

/* Call it when the program is about to end in the normal way. exit() then has no special effect. */
void zem_last_resort_end(void);

/* zem_last_resort_add adds a file to the list of unfinished files, which a crash removes; zem_last_resort_drop takes
 * the file with this name off the list. The path is copied. Any thread may call them. At most 16 files are listed; a
 * file that finds no place or no memory for its name is not removed by a crash. */
void zem_last_resort_add(const char *path);
void zem_last_resort_drop(const char *path);

/* Removes the unfinished files. Call it only right before the process ends. */
void zem_last_resort_remove(void);

#endif
