/* Names of the temporary file, the lock file and the checkpoint that stand beside an output. An output is written under
 * the temporary name and renamed when it is complete, so that a file under its final name is always complete. */
#ifndef ZEM_TEMPORARY_PATH_H
#define ZEM_TEMPORARY_PATH_H

/* "folder/.name.ENDING" for the file "folder/name": a hidden name in the same folder. The caller frees it. NULL without
 * memory. */
char *zem_companion_path(const char *path, const char *ending);

/* "folder/.name.HOST-PID.ENDING" for the file "folder/name": a hidden name in the same folder, so that a rename needs
 * no copy. HOST is eight hexadecimal digits that stand for this machine, because machines may share the folder; PID is
 * the number of this process. The caller frees it. NULL without memory. */
char *zem_temporary_path(const char *path, const char *ending);

/* Removes the temporary files of `path`, which killed processes have left. The caller must hold the claim on the output
 * `path` (output_claim.h), because the function would also remove the temporary file of a living process. Failures are
 * ignored. */
void zem_temporary_remove_left(const char *path, const char *ending);

#endif
