/* What hdf5_reader.c and its child hdf5_server.c say to each other through a socket. Both are the same program, so
 * structures are sent as they lie in memory. */
#ifndef ZEM_HDF5_REQUEST_H
#define ZEM_HDF5_REQUEST_H

#include "result/hdf5_reader.h"

enum zem_hdf5_operation {
    ZEM_HDF5_ASK_LINK,
    ZEM_HDF5_ASK_ATTRIBUTE,
    ZEM_HDF5_GET_TEXTS,   /* then for each text its length as uint64_t and its bytes */
    ZEM_HDF5_GET_NUMBERS, /* then the numbers of the attribute */
    ZEM_HDF5_GET_COUNT,
    ZEM_HDF5_GET_LENGTH,
    ZEM_HDF5_CLOSE,
    ZEM_HDF5_CHECK_DATASET,
    ZEM_HDF5_GET_DATASET /* then blocks, each with an answer of its own whose count is its number of elements */
};

struct zem_hdf5_request {
    enum zem_hdf5_operation operation;
    enum zem_hdf5_kind kind;
    int rank;
    uint64_t extent[ZEM_HDF5_RANK_MAX];
    uint64_t part, parts;     /* of the blocks of a dataset: those whose number is `part` modulo `parts` */
    char group[32], name[96]; /* group is empty for the root */
};

struct zem_hdf5_answer {
    enum zem_hdf5_end end;
    char reason[200];
    uint64_t count; /* elements, or bytes of texts; of the second answer to an opening, the identity of the file */
};

/* Bytes of a number of this kind. */
size_t zem_hdf5_kind_size(enum zem_hdf5_kind kind);

/* Send or receive all bytes. False if the other side is gone. */
bool zem_hdf5_send(int channel, const void *bytes, size_t size);
bool zem_hdf5_receive(int channel, void *bytes, size_t size);

/* The child: opens the file, answers how that went, then answers requests until the channel is closed. Returns the exit
 * status of the process. `file_size` is that of the file, in bytes. */
int zem_hdf5_serve(int channel, const char *path, uint64_t file_size);

/* The exit status of a child that had no memory. */
#define ZEM_HDF5_STATUS_NO_MEMORY 70
#define ZEM_HDF5_STATUS_CRASHED 71

#endif
