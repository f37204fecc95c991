/* The content of a result file: written into an existing empty file, and read back for comparison. result_file.c alone
 * calls these functions; it creates the file and gives it its final name. */
#ifndef ZEM_RESULT_CONTENT_H
#define ZEM_RESULT_CONTENT_H

#include "result/result.h"

/* The version of the file format. It is raised when a reader of the old format would misread the new one. */
#define ZEM_FILE_FORMAT 3

/* The oldest format that zem reads. In this format the words of tally/totals include the miss histogram. Every format
 * before the present one lacks the outcome "not acquired". */
#define ZEM_FILE_FORMAT_WHOLE 1

/* Fills the file `path`, which exists and is empty, and reads it back. `reproducible` leaves out the group `run`.
 * ZEM_INPUT_OUTPUT if the disk failed or gives back something else, ZEM_INTERNAL if HDF5 failed. */
int zem_result_content_write(const struct zem_result *result, const char *path, bool reproducible,
                             struct zem_error *error);

#endif
