/* The child of hdf5_reader.c: the only process that calls HDF5 for a file of unknown origin. hdf5_confinement.c limits
 * what that may cost. */
#include "base/hash.h"
#include "result/dataset_blocks.h"
#include "result/hdf5_cause.h"
#include "result/hdf5_confinement.h"
#include "result/hdf5_dataset.h"
#include "result/hdf5_request.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK_CACHE_MAX ((size_t)64 << 20) /* bytes of decompressed chunks kept for the next block */
/* Bytes of the cache of decompressed chunks if every block is one chunk, which is then needed only once. */
#define CHUNK_CACHE_LEAST ((size_t)1 << 20)

struct server {
    int channel;
    hid_t file;
    uint64_t file_size;
    struct zem_hdf5_cause *cause; /* why a call of HDF5 failed in this request */
};

_Static_assert(ZEM_HDF5_RANK_MAX >= ZEM_RANK_MAX, "a request must have room for the rank of every variable");

/* ---- answers ---- */

/* Whether an error number is that of a failure of the disk or the network. HDF5 does not report each such failure, but
 * errno keeps it, because errno is cleared before each request. */
static bool is_failure_of_system(int reason)
{
    return reason == EIO || reason == ENXIO || reason == ESTALE || reason == ETIMEDOUT || reason == EREMOTEIO;
}

/* Sends an answer. If the system has failed, the answer does not say that the file is wrong. */
static bool answer(const struct server *server, enum zem_hdf5_end end, const char *reason, uint64_t count)
{
    struct zem_hdf5_answer message;
    memset(&message, 0, sizeof message);
    if (end != ZEM_HDF5_FOUND && is_failure_of_system(errno)) {
        end = ZEM_HDF5_UNREADABLE;
        reason = strerror(errno);
    } else if (end == ZEM_HDF5_WRONG && server->cause->end != ZEM_HDF5_FOUND && server->cause->end != ZEM_HDF5_WRONG) {
        end = server->cause->end;
        reason = server->cause->text;
    }
    message.end = end;
    message.count = count;
    snprintf(message.reason, sizeof message.reason, "%s", reason);
    return zem_hdf5_send(server->channel, &message, sizeof message);
}

static bool answer_found(const struct server *server, uint64_t count)
{
    return answer(server, ZEM_HDF5_FOUND, "", count);
}

static bool answer_failure(const struct server *server)
{
    const bool by_hdf5 = server->cause->end != ZEM_HDF5_FOUND;
    return answer(server,
                  by_hdf5           ? server->cause->end
                  : errno == ENOMEM ? ZEM_HDF5_NO_MEMORY
                                    : ZEM_HDF5_WRONG,
                  server->cause->text, 0);
}

/* Answers with HDF5's reason if `failed` is negative, which is a failure of HDF5. Otherwise answers with `otherwise`
 * and `reason`. Like all functions that answer, it returns false if the parent is gone. */
static bool answer_missing(const struct server *server, long failed, enum zem_hdf5_end otherwise, const char *reason)
{
    return failed < 0 ? answer_failure(server) : answer(server, otherwise, reason, 0);
}

/* ---- links and groups ---- */

/* Returns 1 if the group has a hard link of this name, 0 if it has no link of this name, and -1 if HDF5 fails. A link
 * by name, into another file or of unknown kind is not followed: the function returns -2 and sets `reason`. */
static int link_find(hid_t group, const char *name, const char **reason)
{
    H5L_info_t info;
    const htri_t exists = H5Lexists(group, name, H5P_DEFAULT);
    if (exists <= 0)
        return (int)exists;
    if (H5Lget_info(group, name, &info, H5P_DEFAULT) < 0)
        return -1;
    if (info.type == H5L_TYPE_HARD)
        return 1;
    *reason = "it is a link by name or into another file, which is not followed";
    return -2;
}

/* Opens the group of a request. If that fails, it answers, sets *alive to false if the parent is gone, and returns a
 * negative number. */
static hid_t group_open(const struct server *server, const struct zem_hdf5_request *request, bool *alive)
{
    const char *reason = "";
    const bool root = request->group[0] == '\0';
    const int found = root ? 1 : link_find(server->file, request->group, &reason);
    const hid_t group = found == 1 ? H5Gopen2(server->file, root ? "/" : request->group, H5P_DEFAULT) : -1;
    if (group >= 0)
        return group;
    if (found == 0 || found == -2)
        *alive = answer(server, found == 0 ? ZEM_HDF5_ABSENT : ZEM_HDF5_WRONG, reason, 0);
    else
        *alive = answer_failure(server);
    return -1;
}

static bool answer_link(const struct server *server, hid_t group, const struct zem_hdf5_request *request)
{
    const char *reason = "";
    const int found = link_find(group, request->name, &reason);
    if (found == 1)
        return answer_found(server, 1);
    return found == -2 ? answer(server, ZEM_HDF5_WRONG, reason, 0) : answer_missing(server, found, ZEM_HDF5_ABSENT, "");
}

/* ---- attributes ---- */

static bool answer_attribute(const struct server *server, hid_t group, const struct zem_hdf5_request *request)
{
    const htri_t exists = H5Aexists(group, request->name);
    return exists > 0 ? answer_found(server, 1) : answer_missing(server, exists, ZEM_HDF5_ABSENT, "");
}

/* An open attribute. */
struct attribute {
    hid_t id, type, space;
    uint64_t count;
};

static void attribute_close(const struct attribute *attribute)
{
    if (attribute->space >= 0)
        H5Sclose(attribute->space);
    if (attribute->type >= 0)
        H5Tclose(attribute->type);
    if (attribute->id >= 0)
        H5Aclose(attribute->id);
}

/* Whether the file is large enough to hold the elements of an attribute, of which each takes at least `least` bytes. */
static bool attribute_is_stored(const struct server *server, const struct attribute *attribute, size_t least)
{
    return H5Aget_storage_size(attribute->id) <= server->file_size
           && attribute->count <= server->file_size / (least > 0 ? least : 1);
}

/* Opens an attribute whose type has the class `type_class`. If that fails, it answers, sets *alive to false if the
 * parent is gone, and returns false. The caller calls attribute_close in either case. */
static bool attribute_open(const struct server *server, hid_t group, const struct zem_hdf5_request *request,
                           H5T_class_t type_class, struct attribute *attribute, bool *alive)
{
    *attribute = (struct attribute){-1, -1, -1, 0};
    const htri_t exists = H5Aexists(group, request->name);
    if (exists <= 0) {
        *alive = answer_missing(server, exists, ZEM_HDF5_ABSENT, "");
        return false;
    }
    attribute->id = H5Aopen(group, request->name, H5P_DEFAULT);
    attribute->type = attribute->id < 0 ? -1 : H5Aget_type(attribute->id);
    attribute->space = attribute->type < 0 ? -1 : H5Aget_space(attribute->id);
    const hssize_t points = attribute->space < 0 ? -1 : H5Sget_simple_extent_npoints(attribute->space);
    if (points < 0) {
        *alive = answer_failure(server);
        return false;
    }
    attribute->count = (uint64_t)points;
    const size_t size = H5Tget_size(attribute->type);
    const bool good = H5Tget_class(attribute->type) == type_class && (type_class == H5T_STRING || size <= 8)
                      && attribute_is_stored(server, attribute, size);
    if (!good)
        *alive = answer(server, ZEM_HDF5_WRONG, "", 0);
    return good;
}

static bool answer_count(const struct server *server, hid_t group, const struct zem_hdf5_request *request)
{
    struct attribute attribute;
    bool alive = true;
    if (attribute_open(server, group, request, H5T_INTEGER, &attribute, &alive))
        alive = answer_found(server, attribute.count);
    attribute_close(&attribute);
    return alive;
}

static hid_t memory_type(enum zem_hdf5_kind kind)
{
    return kind == ZEM_HDF5_UINT64   ? H5T_NATIVE_UINT64
           : kind == ZEM_HDF5_INT64  ? H5T_NATIVE_INT64
           : kind == ZEM_HDF5_UINT8  ? H5T_NATIVE_UINT8
           : kind == ZEM_HDF5_UINT16 ? H5T_NATIVE_UINT16
           : kind == ZEM_HDF5_UINT32 ? H5T_NATIVE_UINT32
                                     : H5T_NATIVE_DOUBLE;
}

static H5T_class_t class_of(enum zem_hdf5_kind kind) { return kind == ZEM_HDF5_DOUBLE ? H5T_FLOAT : H5T_INTEGER; }

static bool answer_numbers(const struct server *server, hid_t group, const struct zem_hdf5_request *request)
{
    struct attribute attribute;
    bool alive = true;
    const size_t size = (size_t)request->extent[0] * zem_hdf5_kind_size(request->kind);
    if (attribute_open(server, group, request, class_of(request->kind), &attribute, &alive)) {
        void *values = attribute.count == request->extent[0] ? malloc(size + 1) : NULL;
        if (attribute.count != request->extent[0])
            alive = answer(server, ZEM_HDF5_WRONG, "it has another number of elements", 0);
        else if (values == NULL)
            alive = answer(server, ZEM_HDF5_NO_MEMORY, "", 0);
        else if (H5Aread(attribute.id, memory_type(request->kind), values) < 0)
            alive = answer_failure(server);
        else
            alive = answer_found(server, attribute.count) && zem_hdf5_send(server->channel, values, size);
        free(values);
    }
    attribute_close(&attribute);
    return alive;
}

/* Sends texts that were read. It refuses texts that are longer together than the file, because a damaged file may refer
 * to one text many times. */
static bool send_texts(const struct server *server, char *const *texts, uint64_t count)
{
    uint64_t bytes = 0;
    for (uint64_t i = 0; i < count; i++)
        bytes += texts[i] != NULL ? strlen(texts[i]) : 0;
    if (bytes > server->file_size)
        return answer(server, ZEM_HDF5_WRONG, "its texts are longer than the file", 0);
    bool alive = answer_found(server, count);
    for (uint64_t i = 0; i < count && alive; i++) {
        const char *text = texts[i] != NULL ? texts[i] : "";
        const uint64_t length = strlen(text);
        alive = zem_hdf5_send(server->channel, &length, sizeof length)
                && zem_hdf5_send(server->channel, text, (size_t)length);
    }
    return alive;
}

/* Reads and sends texts of fixed length. `texts` has room for attribute->count pointers, all NULL. */
static bool answer_fixed(const struct server *server, const struct attribute *attribute, char **texts)
{
    const size_t size = H5Tget_size(attribute->type);
    char *bytes = malloc((size_t)attribute->count * size + 1);
    bool good = bytes != NULL && H5Aread(attribute->id, attribute->type, bytes) >= 0;
    for (uint64_t i = 0; i < attribute->count && good; i++)
        good = (texts[i] = strndup(bytes + i * size, size)) != NULL;
    const bool alive = good ? send_texts(server, texts, attribute->count) : answer_failure(server);
    for (uint64_t i = 0; i < attribute->count; i++)
        free(texts[i]);
    free(bytes);
    return alive;
}

static bool answer_texts(const struct server *server, hid_t group, const struct zem_hdf5_request *request)
{
    struct attribute attribute;
    bool alive = true;
    if (attribute_open(server, group, request, H5T_STRING, &attribute, &alive)) {
        const hid_t type = zem_hdf5_text_type();
        char **texts = calloc((size_t)attribute.count + 1, sizeof *texts);
        if (texts == NULL)
            alive = answer(server, ZEM_HDF5_NO_MEMORY, "", 0);
        else if (H5Tis_variable_str(attribute.type) == 0)
            alive = answer_fixed(server, &attribute, texts);
        else if (type < 0 || H5Aread(attribute.id, type, texts) < 0)
            alive = answer_failure(server);
        else {
            alive = send_texts(server, texts, attribute.count);
            H5Dvlen_reclaim(type, attribute.space, H5P_DEFAULT, texts);
        }
        free(texts);
        if (type >= 0)
            H5Tclose(type);
    }
    attribute_close(&attribute);
    return alive;
}

/* ---- datasets ---- */

/* 1 if an open dataset has the shape of the request, 0 if it has not, -1 if HDF5 fails. */
static int has_shape(hid_t dataset, const struct zem_hdf5_request *request)
{
    hsize_t found[H5S_MAX_RANK];
    const hid_t space = H5Dget_space(dataset);
    if (space < 0)
        return -1;
    const int rank = H5Sget_simple_extent_ndims(space);
    bool same = rank == request->rank && rank <= ZEM_RANK_MAX;
    if (same && rank > 0)
        same = H5Sget_simple_extent_dims(space, found, NULL) == rank;
    for (int i = 0; same && i < rank; i++)
        same = found[i] == request->extent[i];
    H5Sclose(space);
    return same;
}

static hid_t dataset_open_with(hid_t group, const char *name, size_t cache)
{
    const hid_t access = H5Pcreate(H5P_DATASET_ACCESS);
    hid_t dataset = -1;
    if (access >= 0 && H5Pset_chunk_cache(access, 1009, cache, 1.0) >= 0)
        dataset = H5Dopen2(group, name, access);
    if (access >= 0)
        H5Pclose(access);
    return dataset;
}

/* Opens a dataset. If its chunks are not the blocks that are read, it gets a large cache of decompressed chunks, so
 * that no chunk is decompressed again for every block that it meets. */
static hid_t dataset_open(const struct server *server, hid_t group, const struct zem_hdf5_request *request, bool *alive)
{
    const char *reason = "";
    const int found = link_find(group, request->name, &reason);
    if (found == 0 || found == -2) {
        *alive = answer(server, found == 0 ? ZEM_HDF5_ABSENT : ZEM_HDF5_WRONG, reason, 0);
        return -1;
    }
    hid_t dataset = found == 1 ? dataset_open_with(group, request->name, CHUNK_CACHE_LEAST) : -1;
    if (dataset >= 0 && !zem_dataset_has_blocks(dataset, zem_hdf5_kind_size(request->kind))) {
        H5Dclose(dataset);
        dataset = dataset_open_with(group, request->name, CHUNK_CACHE_MAX);
    }
    if (dataset < 0)
        *alive = answer_failure(server);
    return dataset;
}

/* Opens a dataset and checks its shape, type and storage. If that fails, it answers, sets *alive to false if the parent
 * is gone, and returns a negative number. */
static hid_t dataset_open_checked(const struct server *server, hid_t group, const struct zem_hdf5_request *request,
                                  bool *alive)
{
    const hid_t dataset = dataset_open(server, group, request, alive);
    if (dataset < 0)
        return -1;
    const hid_t type = H5Dget_type(dataset);
    const int same = has_shape(dataset, request);
    const size_t width = type < 0 ? 0 : H5Tget_size(type);
    const char *problem = "it has another type or shape";
    uint64_t elements = 1;
    for (int i = 0; i < request->rank && same > 0; i++)
        elements *= request->extent[i];
    if (same > 0 && width > 0 && width <= 8 && H5Tget_class(type) == class_of(request->kind))
        problem = zem_hdf5_storage_problem(dataset, elements, width, server->file_size);
    if (type >= 0)
        H5Tclose(type);
    if (type >= 0 && same >= 0 && problem == NULL)
        return dataset;
    *alive = answer_missing(server, type < 0 || same < 0 ? -1 : 0, ZEM_HDF5_WRONG, problem != NULL ? problem : "");
    H5Dclose(dataset);
    return -1;
}

static bool answer_length(const struct server *server, hid_t group, const struct zem_hdf5_request *request)
{
    bool alive = true;
    hsize_t length = 0;
    const hid_t dataset = dataset_open(server, group, request, &alive);
    if (dataset < 0)
        return alive;
    const hid_t space = H5Dget_space(dataset);
    if (space < 0)
        alive = answer_failure(server);
    else if (H5Sget_simple_extent_ndims(space) != 1 || H5Sget_simple_extent_dims(space, &length, NULL) != 1)
        alive = answer(server, ZEM_HDF5_WRONG, "it has another rank", 0);
    else
        alive = answer_found(server, length);
    if (space >= 0)
        H5Sclose(space);
    H5Dclose(dataset);
    return alive;
}

/* Sends the values of an open dataset, block by block. It sends only every parts-th block, beginning with block
 * `part`. */
static bool send_blocks(const struct server *server, hid_t dataset, const struct zem_hdf5_request *request)
{
    const size_t size = zem_hdf5_kind_size(request->kind);
    struct zem_tiling tiling = {.rank = request->rank, .width = size};
    bool alive = answer_found(server, 0);
    uint64_t elements = 1;
    for (int i = 0; i < request->rank; i++) {
        tiling.extent[i] = request->extent[i];
        elements *= request->extent[i];
    }
    if (elements == 0)
        return alive;
    zem_tiling_init(&tiling);
    void *values = malloc(tiling.elements * size);
    struct zem_block_reader *reader = zem_block_reader_create(dataset, memory_type(request->kind), &tiling);
    if (values == NULL || reader == NULL) {
        alive = alive && answer(server, ZEM_HDF5_NO_MEMORY, "", 0);
        goto cleanup;
    }
    for (uint64_t block = 0; alive && (block == 0 || zem_tiling_next(&tiling)); block++) {
        const uint64_t count = zem_block_elements(&tiling);
        if (block % request->parts != request->part)
            continue;
        if (zem_block_reader_read(reader, &tiling, values) != 0) {
            alive = answer_failure(server);
            break;
        }
        alive = answer_found(server, count) && zem_hdf5_send(server->channel, values, (size_t)count * size);
    }
cleanup:
    zem_block_reader_free(reader);
    free(values);
    return alive;
}

static bool answer_dataset(const struct server *server, hid_t group, const struct zem_hdf5_request *request)
{
    bool alive = true;
    const hid_t dataset = dataset_open_checked(server, group, request, &alive);
    if (dataset < 0)
        return alive;
    alive =
        request->operation == ZEM_HDF5_CHECK_DATASET ? answer_found(server, 0) : send_blocks(server, dataset, request);
    H5Dclose(dataset);
    return alive;
}

/* ---- requests ---- */

/* Answers one request. False if the parent is gone or the request was the last one. */
static bool answer_request(const struct server *server, const struct zem_hdf5_request *request)
{
    static bool (*const answers[])(const struct server *, hid_t group, const struct zem_hdf5_request *) = {
        [ZEM_HDF5_ASK_LINK] = answer_link,         [ZEM_HDF5_ASK_ATTRIBUTE] = answer_attribute,
        [ZEM_HDF5_GET_TEXTS] = answer_texts,       [ZEM_HDF5_GET_NUMBERS] = answer_numbers,
        [ZEM_HDF5_GET_COUNT] = answer_count,       [ZEM_HDF5_GET_LENGTH] = answer_length,
        [ZEM_HDF5_CHECK_DATASET] = answer_dataset, [ZEM_HDF5_GET_DATASET] = answer_dataset,
    };
    bool alive = true;
    /* Once memory has run out, nothing that HDF5 says of the file counts: it may have kept half of a list. */
    if (server->cause->end != ZEM_HDF5_NO_MEMORY && errno != ENOMEM)
        *server->cause = (struct zem_hdf5_cause){ZEM_HDF5_FOUND, ""};
    else
        *server->cause = (struct zem_hdf5_cause){ZEM_HDF5_NO_MEMORY, ""};
    errno = 0;
    /* The last request, because after a failure to close a file HDF5 must not be called again. */
    if (request->operation == ZEM_HDF5_CLOSE)
        return (H5Fclose(server->file) >= 0 ? answer_found(server, 0) : answer_failure(server)) && false;
    const hid_t group = group_open(server, request, &alive);
    if (group < 0)
        return alive;
    alive = answers[request->operation](server, group, request);
    H5Gclose(group);
    return alive;
}

/* A number that tells the open file from another one that gets the same name, because results may be replaced while
 * others read them. 0 if it is unknown. */
static uint64_t identity(hid_t file)
{
    int *descriptor = NULL;
    struct stat found;
    if (H5Fget_vfd_handle(file, H5P_DEFAULT, (void **)&descriptor) < 0 || fstat(*descriptor, &found) != 0)
        return 0;
    const uint64_t parts[] = {(uint64_t)found.st_dev, (uint64_t)found.st_ino, (uint64_t)found.st_mtim.tv_sec,
                              (uint64_t)found.st_mtim.tv_nsec, (uint64_t)found.st_size};
    return zem_hash_bytes(ZEM_HASH_START, parts, sizeof parts);
}

/* Opens the file and answers whether that succeeded, with the identity of the file. */
static bool open_file(struct server *server, const char *path)
{
    errno = 0;
    const htri_t is_hdf5 = H5Fis_hdf5(path);
    if (is_hdf5 == 0)
        return answer(server, ZEM_HDF5_ABSENT, "", 0) && false;
    server->file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    return server->file >= 0 ? answer_found(server, identity(server->file)) : answer_failure(server) && false;
}

int zem_hdf5_serve(int channel, const char *path, uint64_t file_size)
{
    struct zem_hdf5_cause cause = {ZEM_HDF5_FOUND, ""};
    struct server server = {channel, -1, file_size, &cause};
    struct zem_hdf5_request request;
    zem_hdf5_confine(file_size);
    /* The first answer says that HDF5 has started: a crash before it has nothing to do with the file. The loading state
     * 0 allows no filters from outside. */
    const bool started = H5open() >= 0 && zem_hdf5_note_cause(&cause) == 0 && H5PLset_loading_state(0) >= 0;
    bool alive = answer(&server, started ? ZEM_HDF5_FOUND : ZEM_HDF5_NO_MEMORY, "", 0) && started;
    alive = alive && open_file(&server, path);
    while (alive && zem_hdf5_receive(channel, &request, sizeof request))
        alive = answer_request(&server, &request);
    return 0;
}
