/* Names of temporary files. A file that a user asked for is written under such a name first and renamed when it is
 * complete, so that a file under its final name is always complete. */
#ifndef ZEM_TEMPORARY_PATH_H
#define ZEM_TEMPORARY_PATH_H

/* "folder/.name.PID.ENDING" for the file "folder/name": a hidden name in the same folder, where a rename needs no copy,
 * with the number of this process. The caller frees it. NULL without memory. */
char *zem_temporary_path(const char *path, const char *ending);

#endif
