/* Reads an HDF5 file of unknown origin. A child process opens the file and calls HDF5. This process never calls HDF5;
 * it asks the child for single items and gets their bytes. A file on which HDF5 crashes, exceeds its memory or runs for
 * ever therefore ends only the child. Links that lead out of the file, filters other than shuffle, deflate and HDF5's
 * checksum, and datasets for which the file stores too few bytes are refused before anything is allocated here. A
 * second child, which opens the same file, reads every other block of large datasets, because decompression takes
 * longer than everything else. */
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

/* The type to which the numbers of an item are converted. */
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
    pid_t process; /* the child; -1 if there is none */
    int channel;   /* socket to the child */
    enum zem_hdf5_end end;
    char reason[200];               /* why the last request failed; may be empty */
    uint64_t seconds;               /* processor time that the child may take, s */
    bool overdue;                   /* the child ran for longer than the size of the file justifies */
    const char *path;               /* borrowed until the reader is closed */
    uint64_t identity;              /* tells this file from others that had the same name; 0 if unknown */
    struct zem_hdf5_reader *second; /* reads every other block of large datasets; NULL if there is none; owned */
};

/* A group of an open file. The name NULL is the root. Groups are found by name at every request. */
struct zem_hdf5_group {
    struct zem_hdf5_reader *reader;
    const char *name;
};

/* Starts the child, which opens the file. ZEM_NO_INPUT if the file does not exist, is no regular file or is locked;
 * ZEM_BAD_INPUT if HDF5 cannot open it; ZEM_INPUT_OUTPUT or ZEM_INTERNAL if the system fails. The message does not have
 * the name of the file, which the caller adds. */
int zem_hdf5_reader_open(struct zem_hdf5_reader *reader, const char *path, struct zem_error *error);

/* Closes the file. ZEM_INPUT_OUTPUT if that fails: what was read may then be wrong. */
int zem_hdf5_reader_finish(struct zem_hdf5_reader *reader, struct zem_error *error);

/* Ends the child, also in the midst of reading. Does nothing if there is none. */
void zem_hdf5_reader_close(struct zem_hdf5_reader *reader);

/* The functions below return 0, or -1 with reader->end and reader->reason filled, unless their comments say
 * otherwise. */

/* Fills `error` after a failure of the last request and returns its status. `item` names what could not be read, as the
 * file format does. */
int zem_hdf5_reader_report(const struct zem_hdf5_reader *reader, const char *item, struct zem_error *error);

/* Whether a link or an attribute exists. False also after a failure; then reader->end is not ZEM_HDF5_ABSENT. */
bool zem_hdf5_link_exists(struct zem_hdf5_group group, const char *name);
bool zem_hdf5_attribute_exists(struct zem_hdf5_group group, const char *name);

/* Read an attribute. An attribute of another type or shape than the arguments say is refused. Texts may have fixed or
 * variable length in the file. The functions allocate them, and the caller frees them. If an array of texts does not
 * exist, the count is 0. */
int zem_hdf5_read_text(struct zem_hdf5_group group, const char *name, char **text);
int zem_hdf5_read_texts(struct zem_hdf5_group group, const char *name, char ***texts, size_t *count);
int zem_hdf5_read_numbers(struct zem_hdf5_group group, const char *name, enum zem_hdf5_kind kind, void *values,
                          size_t count);
void zem_hdf5_texts_free(char **texts, size_t count);

/* Writes the number of elements of an attribute of integers to `count`. */
int zem_hdf5_numbers_count(struct zem_hdf5_group group, const char *name, size_t *count);

/* Writes the length of a one-dimensional dataset to `length`. */
int zem_hdf5_dataset_length(struct zem_hdf5_group group, const char *name, uint64_t *length);

/* Checks that a dataset has exactly this shape and numbers of this kind (integers or floating-point numbers), and that
 * its storage can hold that many. `rank` is at most ZEM_HDF5_RANK_MAX. */
int zem_hdf5_dataset_check(struct zem_hdf5_group group, const char *name, enum zem_hdf5_kind kind, int rank,
                           const uint64_t *extent);

/* Checks a dataset as zem_hdf5_dataset_check does and reads all of it in C order into `values`, which has room for as
 * many numbers as the shape says. A number in the file that is out of the range of `kind` becomes the nearest number
 * within it. */
int zem_hdf5_dataset_read(struct zem_hdf5_group group, const char *name, enum zem_hdf5_kind kind, int rank,
                          const uint64_t *extent, void *values);

/* Reads a dataset as zem_hdf5_dataset_read does, but hands the numbers to `take` in portions, in C order, so that they
 * need not be in memory at once. `take` returns false if the numbers are wrong. It is then not called again, and the
 * function fails with ZEM_HDF5_WRONG. */
int zem_hdf5_dataset_take(struct zem_hdf5_group group, const char *name, enum zem_hdf5_kind kind, int rank,
                          const uint64_t *extent, bool (*take)(void *context, const void *values, size_t count),
                          void *context);

#endif
