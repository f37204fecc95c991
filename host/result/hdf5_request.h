/* The messages between hdf5_reader.c and its child hdf5_server.c, which go through a socket. Both processes run the
 * same program, so structures are sent as they are in memory. */
#ifndef ZEM_HDF5_REQUEST_H
#define ZEM_HDF5_REQUEST_H

#include "result/hdf5_reader.h"

/* What the parent asks for: whether an item exists (ASK), its values or size (GET), a check, or that the file be
 * closed. */
enum zem_hdf5_operation {
    ZEM_HDF5_ASK_LINK,
    ZEM_HDF5_ASK_ATTRIBUTE,
    ZEM_HDF5_GET_TEXTS,   /* the answer is followed by the length of each text as uint64_t and its bytes */
    ZEM_HDF5_GET_NUMBERS, /* the answer is followed by the numbers of the attribute */
    ZEM_HDF5_GET_COUNT,
    ZEM_HDF5_GET_LENGTH,
    ZEM_HDF5_CLOSE,
    ZEM_HDF5_CHECK_DATASET,
    /* The answer is followed by blocks, each after an answer of its own whose count is its number of elements. */
    ZEM_HDF5_GET_DATASET
};

/* A request. `rank` and `extent` are the shape that the dataset must have. */
struct zem_hdf5_request {
    enum zem_hdf5_operation operation;
    enum zem_hdf5_kind kind;
    int rank;
    uint64_t extent[ZEM_HDF5_RANK_MAX];
    uint64_t part, parts;     /* the child sends the blocks of a dataset whose number is `part` modulo `parts` */
    char group[32], name[96]; /* group is empty for the root */
};

struct zem_hdf5_answer {
    enum zem_hdf5_end end;
    char reason[200];
    uint64_t count; /* number of elements or of texts; when the file has been opened, its identity */
};

/* Bytes of a number of this kind. */
size_t zem_hdf5_kind_size(enum zem_hdf5_kind kind);

/* Send or receive `size` bytes. False if the other process is gone. */
bool zem_hdf5_send(int channel, const void *bytes, size_t size);
bool zem_hdf5_receive(int channel, void *bytes, size_t size);

/* Runs the child: opens the file, answers whether that succeeded, then answers requests until the channel is closed.
 * Returns the exit status of the process. `file_size` is the size of the file in bytes. */
int zem_hdf5_serve(int channel, const char *path, uint64_t file_size);

/* The exit statuses of a child that crashed: with and without a lack of memory just before. */
#define ZEM_HDF5_STATUS_NO_MEMORY 70
#define ZEM_HDF5_STATUS_CRASHED 71

#endif
