/* The reading of an HDF5 file of unknown origin. A child process opens the file and calls HDF5; this process asks it
 * for single items and gets their bytes. So a file on which HDF5 crashes, overruns its memory or runs for ever ends the
 * child, and links that lead out of the file, foreign filters and datasets larger than their storage can explain are
 * refused before anything is allocated here. HDF5 is not called in this process. Of large datasets a second child,
 * which has opened the same file, reads every other block, because decompression takes longer than everything else. */
#ifndef ZEM_HDF5_READER_H
#define ZEM_HDF5_READER_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* How the last request ended. */
enum zem_hdf5_end {
    ZEM_HDF5_FOUND,
    ZEM_HDF5_ABSENT,     /* the file does not have the item */
    ZEM_HDF5_WRONG,      /* the item has another type or shape, or is damaged */
    ZEM_HDF5_UNREADABLE, /* the system could not read the file */
    ZEM_HDF5_NO_MEMORY,  /* memory ran out */
    ZEM_HDF5_CRASHED,    /* HDF5 crashed on the file, or ran for longer than the size of the file justifies */
    ZEM_HDF5_LOCKED      /* another program has the file open for writing */
};

/* What the numbers of an item are read as. */
enum zem_hdf5_kind {
    ZEM_HDF5_UINT64,
    ZEM_HDF5_INT64,
    ZEM_HDF5_UINT8,
    ZEM_HDF5_UINT16,
    ZEM_HDF5_UINT32,
    ZEM_HDF5_DOUBLE
};

#define ZEM_HDF5_RANK_MAX 10

/* An open file. Initialise `process` with -1. */
struct zem_hdf5_reader {
    pid_t process; /* -1 if there is none */
    int channel;
    enum zem_hdf5_end end;
    char reason[200]; /* of an end other than ZEM_HDF5_FOUND; may be empty */
    const char *path; /* borrowed until the reader is closed */
    uint64_t identity;
    struct zem_hdf5_reader *second; /* reads every other block of large datasets; NULL if there is none; owned */
};

/* A group of an open file: NULL for the root. Groups are found by name at every request. */
struct zem_hdf5_group {
    struct zem_hdf5_reader *reader;
    const char *name;
};

/* Starts the child, which opens the file. ZEM_NO_INPUT if the file does not exist, is no regular file or is locked;
 * ZEM_BAD_INPUT if HDF5 cannot open it; ZEM_INPUT_OUTPUT or ZEM_INTERNAL if the system fails. The message is without
 * the name of the file. */
int zem_hdf5_reader_open(struct zem_hdf5_reader *reader, const char *path, struct zem_error *error);

/* Closes the file. ZEM_INPUT_OUTPUT if that fails: what was read may then be wrong. */
int zem_hdf5_reader_finish(struct zem_hdf5_reader *reader, struct zem_error *error);

/* Ends the child, also in the midst of reading. Does nothing if there is none. */
void zem_hdf5_reader_close(struct zem_hdf5_reader *reader);

/* The functions below return 0, or -1 with reader->end and reader->reason filled. */

/* Fills `error` after a failure: what could not be read, and why. `item` names it as the file format does. */
int zem_hdf5_reader_report(const struct zem_hdf5_reader *reader, const char *item, struct zem_error *error);

/* Whether a link or an attribute exists. False also after a failure; then reader->end is not ZEM_HDF5_ABSENT. */
bool zem_hdf5_link_exists(struct zem_hdf5_group group, const char *name);
bool zem_hdf5_attribute_exists(struct zem_hdf5_group group, const char *name);

/* Read an attribute; another type or shape than the one asked for is refused. Texts may have fixed or variable
 * lengths; they are allocated and belong to the caller. An array of texts may be absent, which gives a count of 0. */
int zem_hdf5_read_text(struct zem_hdf5_group group, const char *name, char **text);
int zem_hdf5_read_texts(struct zem_hdf5_group group, const char *name, char ***texts, size_t *count);
int zem_hdf5_read_numbers(struct zem_hdf5_group group, const char *name, enum zem_hdf5_kind kind, void *values,
                          size_t count);
void zem_hdf5_texts_free(char **texts, size_t count);

/* The number of elements of an attribute of integers. */
int zem_hdf5_numbers_count(struct zem_hdf5_group group, const char *name, size_t *count);

/* The length of a one-dimensional dataset. */
int zem_hdf5_dataset_length(struct zem_hdf5_group group, const char *name, uint64_t *length);

/* Checks that a dataset has exactly this shape and numbers of this kind (integers or floating-point numbers), and that
 * its storage can hold that many. `rank` is at most ZEM_HDF5_RANK_MAX. */
int zem_hdf5_dataset_check(struct zem_hdf5_group group, const char *name, enum zem_hdf5_kind kind, int rank,
                           const uint64_t *extent);

/* Checks a dataset and reads all of it in C order. `values` has room for as many numbers as the shape says. A number in
 * the file that its kind cannot hold becomes the largest or the smallest that it can. */
int zem_hdf5_dataset_read(struct zem_hdf5_group group, const char *name, enum zem_hdf5_kind kind, int rank,
                          const uint64_t *extent, void *values);

/* The same, but `take` gets the numbers in portions, in C order, so that they need not be in memory at once. It returns
 * false for numbers that are not what they should be, and is not called again. */
int zem_hdf5_dataset_take(struct zem_hdf5_group group, const char *name, enum zem_hdf5_kind kind, int rank,
                          const uint64_t *extent, bool (*take)(void *context, const void *values, size_t count),
                          void *context);

#endif
