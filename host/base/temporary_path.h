/* Names of files that accompany an output, and of temporary files. A file that a user asked for is written under such a
 * name first and renamed when it is complete, so that a file under its final name is always complete. */
#ifndef ZEM_TEMPORARY_PATH_H
#define ZEM_TEMPORARY_PATH_H

/* "folder/.name.ENDING" for the file "folder/name": a hidden name in the same folder. The caller frees it. NULL without
 * memory. */
char *zem_companion_path(const char *path, const char *ending);

/* "folder/.name.HOST-PID.ENDING" for the file "folder/name": a hidden name in the same folder, where a rename needs no
 * copy, with eight digits for this machine and the number of this process, since machines may share the folder. The
 * caller frees it. NULL without memory. */
char *zem_temporary_path(const char *path, const char *ending);

/* Removes the files of such names that processes left which were killed while they wrote `path`. Only who has the claim
 * on that output (output_claim.h) may call it, because it removes those of living processes too. What cannot be removed
 * stays. */
void zem_temporary_remove_left(const char *path, const char *ending);

#endif
