/* A program of libFuzzer (`make fuzz`). A result file with any items must be read, or refused with a sentence; what was
 * read is shown, exported, analysed and compared. HDF5 itself is left out: the linker replaces the functions of
 * hdf5_reader.h by those of this file, which answer from recorded items. The items come from the files of
 * ZEM_FUZZ_RESULTS (names with colons between), with the changes that the fuzzer's bytes describe. The digest that a
 * file names is taken as right. */
#include "fuzz.h"

#include "result/difference.h"
#include "result/effects.h"
#include "result/hdf5_request.h"
#include "result/result_file.h"
#include "result/result_variables.h"
#include "view/export.h"
#include "view/page_data.h"
#include "view/show.h"

#define FILES_MAX 8
#define ITEMS_MAX 256
#define NUMBERS_MAX 65536 /* most numbers of a dataset; reading a larger one ends with ZEM_HDF5_WRONG */
#define CHANGES_MAX 16

enum sort { LINK, TEXTS, NUMBERS, DATASET };

struct item {
    enum sort sort;
    char group[32], name[96];
    enum zem_hdf5_kind kind;
    int rank;
    uint64_t extent[ZEM_HDF5_RANK_MAX]; /* of an attribute, extent[0] is the number of its elements or texts */
    char **texts;
    uint64_t *numbers; /* in C order, each as 64 bits; NULL: the program never reads them */
    uint64_t count;    /* of the numbers */
};

static struct file {
    struct item item[ITEMS_MAX];
    size_t items;
} files[FILES_MAX], *now; /* the file that is recorded, or from which the functions answer */
static size_t file_count;
static bool recording;

enum operation { END, NUMBER, TEXT, EXTENT, OPERATIONS };

/* One change of an item of a file, made from the fuzzer's bytes. END: `value` chooses how the reading of the item ends.
 * NUMBER: the number at `place` becomes `value`. TEXT: `value` bytes at `place` are replaced by the `size` bytes of
 * `block`. EXTENT: dimension `place` gets the extent `value`. */
static struct change {
    size_t item;
    enum operation operation;
    uint64_t place, value;
    const uint8_t *block;
    size_t size;
} changes[CHANGES_MAX];
static size_t change_count;

/* ---- items ---- */

static struct item *find(enum sort sort, struct zem_hdf5_group group, const char *name)
{
    for (size_t i = 0; i < now->items; i++)
        if (now->item[i].sort == sort && strcmp(now->item[i].group, group.name != NULL ? group.name : "") == 0
            && strcmp(now->item[i].name, name) == 0)
            return &now->item[i];
    return NULL;
}

static struct item *record(enum sort sort, struct zem_hdf5_group group, const char *name)
{
    struct item *item = find(sort, group, name);
    if (item != NULL)
        return item;
    require(now->items < ITEMS_MAX, "a result has more items than there is room for");
    item = &now->item[now->items++];
    item->sort = sort;
    snprintf(item->group, sizeof item->group, "%s", group.name != NULL ? group.name : "");
    snprintf(item->name, sizeof item->name, "%s", name);
    return item;
}

static void record_numbers(struct item *item, enum zem_hdf5_kind kind, const void *values, uint64_t count)
{
    const size_t size = zem_hdf5_kind_size(kind);
    free(item->numbers);
    item->kind = kind;
    item->count = count;
    item->numbers = calloc((size_t)count + 1, sizeof *item->numbers);
    require(item->numbers != NULL, "no memory");
    for (uint64_t i = 0; i < count; i++)
        memcpy(&item->numbers[i], (const uint8_t *)values + i * size, size);
}

static const struct change *change_of(const struct item *item, enum operation operation)
{
    for (size_t i = 0; i < change_count; i++)
        if (&now->item[changes[i].item] == item && changes[i].operation == operation)
            return &changes[i];
    return NULL;
}

static int end_with(struct zem_hdf5_group group, enum zem_hdf5_end end)
{
    group.reader->end = end;
    snprintf(group.reader->reason, sizeof group.reader->reason, "by the fuzzer");
    return end == ZEM_HDF5_FOUND ? 0 : -1;
}

/* Returns the item, or NULL, with an error in the reader, if the file lacks it or a change makes it unreadable. */
static struct item *answer(enum sort sort, struct zem_hdf5_group group, const char *name)
{
    struct item *item = find(sort, group, name);
    const struct change *change = item != NULL ? change_of(item, END) : NULL;
    const enum zem_hdf5_end end = item == NULL     ? ZEM_HDF5_ABSENT
                                  : change != NULL ? (enum zem_hdf5_end)(change->value % (ZEM_HDF5_LOCKED + 1))
                                                   : ZEM_HDF5_FOUND;
    return end_with(group, end) == 0 ? item : NULL;
}

static void extent_of(const struct item *item, uint64_t extent[ZEM_HDF5_RANK_MAX])
{
    memcpy(extent, item->extent, sizeof item->extent);
    for (size_t i = 0; i < change_count; i++)
        if (&now->item[changes[i].item] == item && changes[i].operation == EXTENT)
            extent[changes[i].place % (uint64_t)(item->rank > 0 ? item->rank : 1)] = changes[i].value;
}

/* Returns the item and writes its extent, which a change may have altered. Returns NULL where the function answer
 * does. */
static struct item *answer_extent(enum sort sort, struct zem_hdf5_group group, const char *name,
                                  uint64_t extent[ZEM_HDF5_RANK_MAX])
{
    struct item *item = answer(sort, group, name);
    if (item != NULL)
        extent_of(item, extent);
    return item;
}

/* Whether HDF5 reads numbers of one kind as another: integers as integers, and doubles as doubles. */
static bool convertible(enum zem_hdf5_kind from, enum zem_hdf5_kind to)
{
    return (from == ZEM_HDF5_DOUBLE) == (to == ZEM_HDF5_DOUBLE);
}

/* Writes `count` numbers of the item to `values`. If the item has fewer, they are repeated. The changes of the fuzzer
 * replace some of the numbers. A number too large for `kind` becomes the largest that `kind` can hold. */
static void numbers_of(const struct item *item, enum zem_hdf5_kind kind, uint64_t count, void *values)
{
    const size_t size = zem_hdf5_kind_size(kind);
    const uint64_t largest = UINT64_MAX >> (64 - 8 * size);
    uint8_t *to = values;
    for (uint64_t i = 0; i < count; i++) {
        uint64_t number = item->count > 0 ? item->numbers[i % item->count] : 0;
        for (size_t k = 0; k < change_count; k++)
            if (&now->item[changes[k].item] == item && changes[k].operation == NUMBER && changes[k].place % count == i)
                number = changes[k].value;
        number = number < largest ? number : largest;
        memcpy(to + i * size, &number, size);
    }
}

/* Returns a text of the item, which the caller frees. A change cuts bytes out of it and inserts others. */
static char *text_of(const struct item *item, uint64_t index)
{
    const char *old = item->extent[0] > 0 ? item->texts[index % item->extent[0]] : "";
    const struct change *change = change_of(item, TEXT);
    const size_t length = strlen(old), at = change != NULL ? (size_t)change->place % (length + 1) : 0;
    const size_t left_out = change != NULL ? (size_t)change->value % (length - at + 1) : 0;
    const size_t more = change != NULL ? change->size : 0;
    char *text = calloc(length + more + 1, 1);
    require(text != NULL, "no memory");
    memcpy(text, old, at);
    if (more > 0)
        memcpy(text + at, change->block, more);
    memcpy(text + at + more, old + at + left_out, length - at - left_out);
    return text;
}

/* ---- the functions of hdf5_reader.h ---- */

/* Declares `name` and the function that the linker puts in its place, and begins the definition of the latter. */
#define WRAPPED(type, name, ...) \
    type __real_##name(__VA_ARGS__); \
    type __wrap_##name(__VA_ARGS__); \
    type __wrap_##name(__VA_ARGS__)

WRAPPED(int, zem_hdf5_reader_open, struct zem_hdf5_reader *reader, const char *path, struct zem_error *error)
{
    reader->path = path;
    return recording ? __real_zem_hdf5_reader_open(reader, path, error) : ZEM_OK;
}

WRAPPED(int, zem_hdf5_reader_finish, struct zem_hdf5_reader *reader, struct zem_error *error)
{
    return recording ? __real_zem_hdf5_reader_finish(reader, error) : ZEM_OK;
}

WRAPPED(bool, zem_hdf5_link_exists, struct zem_hdf5_group group, const char *name)
{
    if (!recording)
        return answer(LINK, group, name) != NULL;
    const bool exists = __real_zem_hdf5_link_exists(group, name);
    if (exists)
        record(LINK, group, name);
    return exists;
}

WRAPPED(bool, zem_hdf5_attribute_exists, struct zem_hdf5_group group, const char *name)
{
    if (recording)
        return __real_zem_hdf5_attribute_exists(group, name);
    return answer(find(TEXTS, group, name) != NULL ? TEXTS : NUMBERS, group, name) != NULL;
}

WRAPPED(int, zem_hdf5_read_texts, struct zem_hdf5_group group, const char *name, char ***texts, size_t *count)
{
    if (recording) {
        const int status = __real_zem_hdf5_read_texts(group, name, texts, count);
        struct item *item = status == 0 ? record(TEXTS, group, name) : NULL;
        if (item != NULL) {
            item->extent[0] = *count;
            item->texts = calloc(*count + 1, sizeof *item->texts);
            for (size_t i = 0; i < *count; i++)
                item->texts[i] = strdup((*texts)[i]);
        }
        return status;
    }
    uint64_t extent[ZEM_HDF5_RANK_MAX];
    const struct item *item = answer_extent(TEXTS, group, name, extent);
    if (item == NULL)
        return -1;
    *count = (size_t)(extent[0] % 300);
    *texts = calloc(*count + 1, sizeof **texts);
    require(*texts != NULL, "no memory");
    for (size_t i = 0; i < *count; i++)
        (*texts)[i] = text_of(item, i);
    return 0;
}

WRAPPED(int, zem_hdf5_read_text, struct zem_hdf5_group group, const char *name, char **text)
{
    char **texts = NULL;
    size_t count = 0;
    if (__wrap_zem_hdf5_read_texts(group, name, &texts, &count) != 0)
        return -1;
    *text = count == 1 ? texts[0] : NULL;
    if (count == 1)
        texts[0] = NULL;
    zem_hdf5_texts_free(texts, count);
    return count == 1 ? 0 : end_with(group, ZEM_HDF5_WRONG);
}

WRAPPED(int, zem_hdf5_read_numbers, struct zem_hdf5_group group, const char *name, enum zem_hdf5_kind kind,
        void *values, size_t count)
{
    if (recording) {
        const int status = __real_zem_hdf5_read_numbers(group, name, kind, values, count);
        if (status == 0) {
            struct item *item = record(NUMBERS, group, name);
            item->extent[0] = count;
            record_numbers(item, kind, values, count);
        }
        return status;
    }
    uint64_t extent[ZEM_HDF5_RANK_MAX];
    const struct item *item = answer_extent(NUMBERS, group, name, extent);
    if (item == NULL)
        return -1;
    if (!convertible(item->kind, kind) || extent[0] != count)
        return end_with(group, ZEM_HDF5_WRONG);
    numbers_of(item, kind, count, values);
    return 0;
}

WRAPPED(int, zem_hdf5_numbers_count, struct zem_hdf5_group group, const char *name, size_t *count)
{
    if (recording)
        return __real_zem_hdf5_numbers_count(group, name, count);
    uint64_t extent[ZEM_HDF5_RANK_MAX];
    const struct item *item = answer_extent(NUMBERS, group, name, extent);
    if (item == NULL)
        return -1;
    *count = (size_t)(extent[0] % 300);
    return 0;
}

static void record_shape(struct zem_hdf5_group group, const char *name, enum zem_hdf5_kind kind, int rank,
                         const uint64_t *extent)
{
    struct item *item = record(DATASET, group, name);
    item->kind = item->numbers != NULL ? item->kind : kind;
    item->rank = rank;
    memcpy(item->extent, extent, (size_t)rank * sizeof *extent);
}

WRAPPED(int, zem_hdf5_dataset_length, struct zem_hdf5_group group, const char *name, uint64_t *length)
{
    if (recording)
        return __real_zem_hdf5_dataset_length(group, name, length);
    uint64_t extent[ZEM_HDF5_RANK_MAX];
    const struct item *item = answer_extent(DATASET, group, name, extent);
    if (item == NULL)
        return -1;
    *length = extent[0];
    return item->rank == 1 ? 0 : end_with(group, ZEM_HDF5_WRONG);
}

/* Returns the item if its numbers can be read as `kind` and it has this shape, otherwise NULL. Writes the number of its
 * elements. */
static const struct item *answer_shape(struct zem_hdf5_group group, const char *name, enum zem_hdf5_kind kind, int rank,
                                       const uint64_t *extent, uint64_t *count)
{
    uint64_t found[ZEM_HDF5_RANK_MAX];
    const struct item *item = answer_extent(DATASET, group, name, found);
    if (item == NULL)
        return NULL;
    bool same = convertible(item->kind, kind) && item->rank == rank;
    *count = 1;
    for (int i = 0; i < rank && same; i++) {
        same = found[i] == extent[i] && found[i] <= NUMBERS_MAX && (*count *= found[i]) <= NUMBERS_MAX;
    }
    if (!same)
        end_with(group, ZEM_HDF5_WRONG);
    return same ? item : NULL;
}

WRAPPED(int, zem_hdf5_dataset_check, struct zem_hdf5_group group, const char *name, enum zem_hdf5_kind kind, int rank,
        const uint64_t *extent)
{
    uint64_t count;
    if (!recording)
        return answer_shape(group, name, kind, rank, extent, &count) != NULL ? 0 : -1;
    const int status = __real_zem_hdf5_dataset_check(group, name, kind, rank, extent);
    if (status == 0)
        record_shape(group, name, kind, rank, extent);
    return status;
}

WRAPPED(int, zem_hdf5_dataset_read, struct zem_hdf5_group group, const char *name, enum zem_hdf5_kind kind, int rank,
        const uint64_t *extent, void *values)
{
    uint64_t count = 1;
    if (!recording) {
        const struct item *item = answer_shape(group, name, kind, rank, extent, &count);
        if (item != NULL)
            numbers_of(item, kind, count, values);
        return item != NULL ? 0 : -1;
    }
    const int status = __real_zem_hdf5_dataset_read(group, name, kind, rank, extent, values);
    if (status == 0) {
        record_shape(group, name, kind, rank, extent);
        for (int i = 0; i < rank; i++)
            count *= extent[i];
        record_numbers(record(DATASET, group, name), kind, values, count);
    }
    return status;
}

/* Gives the numbers of a dataset to `take` in portions of seven, so that portions end within cells. */
WRAPPED(int, zem_hdf5_dataset_take, struct zem_hdf5_group group, const char *name, enum zem_hdf5_kind kind, int rank,
        const uint64_t *extent, bool (*take)(void *context, const void *values, size_t count), void *context)
{
    const size_t size = zem_hdf5_kind_size(kind);
    uint64_t count = 1;
    for (int i = 0; i < rank; i++)
        count = count <= NUMBERS_MAX && extent[i] <= NUMBERS_MAX ? count * extent[i] : NUMBERS_MAX + 1;
    uint8_t *values = malloc((size_t)(count <= NUMBERS_MAX ? count : 0) * size + 1);
    require(values != NULL, "no memory");
    int status = count <= NUMBERS_MAX ? __wrap_zem_hdf5_dataset_read(group, name, kind, rank, extent, values)
                                      : end_with(group, ZEM_HDF5_WRONG);
    for (uint64_t at = 0; status == 0 && at < count; at += 7)
        if (!take(context, values + at * size, (size_t)(count - at < 7 ? count - at : 7)))
            status = end_with(group, ZEM_HDF5_WRONG);
    free(values);
    return status;
}

/* Takes the digests that the file names as those of its content, if they have the form of a digest. Otherwise a changed
 * content would always be refused, and the code behind that check would never run. */
WRAPPED(void, zem_result_digest, struct zem_result *result)
{
    const struct zem_hdf5_group root = {NULL, NULL};
    __real_zem_result_digest(result);
    const char *const names[] = {"digest", "miss_digest"};
    char *const own[] = {result->digest, result->miss_digest};
    for (int k = 0; k < 2 && !recording; k++) {
        char *text = text_of(find(TEXTS, root, names[k]), 0);
        if (strlen(text) == 64 && strspn(text, "0123456789abcdef") == 64)
            memcpy(own[k], text, 65);
        free(text);
    }
}

/* ---- the program ---- */

static FILE *nowhere;
static char signature_path[32];

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    const char *list = getenv("ZEM_FUZZ_RESULTS");
    require(list != NULL, "ZEM_FUZZ_RESULTS names no results");
    char *names = strdup(list), *rest = names;
    recording = true;
    for (char *name = strtok_r(names, ":", &rest); name != NULL; name = strtok_r(NULL, ":", &rest)) {
        struct zem_scenario scenario;
        struct zem_result result;
        struct zem_error error = {0};
        require(file_count < FILES_MAX, "there are more results than room");
        now = &files[file_count++];
        require(zem_result_file_read(&result, &scenario, name, &error) == ZEM_OK, error.message);
        zem_result_free(&result);
        zem_scenario_free(&scenario);
    }
    free(names);
    recording = false;
    nowhere = fopen("/dev/null", "w");
    require(nowhere != NULL && file_count > 0, "there are no results, or no /dev/null");
    fuzz_file_fill(fuzz_file(signature_path), "\211HDF\r\n\032\n", 8);
    return 0;
}

/* Does with a result what one of five commands does: show as text, show as JSON, export, report, diff. Other numbers do
 * nothing. */
static void use(const struct zem_result *result, uint64_t command)
{
    struct zem_comparison comparison;
    struct zem_error error = {0};
    bool any;
    const struct zem_show_options show = {.json = command == 1, .color = ZEM_COLOR_TRUE, .columns = 80, .file = "x.h5"};
    int status = ZEM_OK;
    if (command < 2)
        status = zem_show(result, &show, nowhere, &error);
    else if (command == 2)
        status = zem_export(result, true, nowhere, &error);
    else if (command == 3)
        status = zem_page_data(result, 1u << 20, nowhere, &any, &error);
    else if (command == 4) {
        status = zem_compare(result, result, NULL, &comparison, &error);
        zem_comparison_free(&comparison);
    }
    require(status == ZEM_OK, error.message);
}

static void read_changes(struct fuzz_bytes *fuzz)
{
    for (change_count = 0; change_count < CHANGES_MAX && fuzz->left > 0; change_count++) {
        struct change *change = &changes[change_count];
        change->item = (size_t)fuzz_number(fuzz, 1) % now->items;
        change->operation = (enum operation)(fuzz_number(fuzz, 1) % OPERATIONS);
        change->place = fuzz_number(fuzz, 2);
        change->value = fuzz_number(fuzz, change->operation == TEXT || change->operation == END ? 1 : 8);
        change->size = change->operation == TEXT ? (size_t)fuzz_number(fuzz, 1) : 0;
        change->block = fuzz_block(fuzz, change->size, &change->size);
    }
}

/* The first byte chooses whether the file is read as a whole or only glanced at, what is done with it, and which of the
 * files it is. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_bytes fuzz = {data, size};
    struct zem_scenario scenario;
    struct zem_result result;
    struct zem_error error = {0};
    const uint64_t how = fuzz_number(&fuzz, 1);
    now = &files[how / 16 % file_count];
    read_changes(&fuzz);
    const int status = how & 1 ? zem_result_file_glance(&result, &scenario, signature_path, &error)
                               : zem_result_file_read(&result, &scenario, signature_path, &error);
    require(status <= ZEM_OK && status != ZEM_USAGE && status != ZEM_CANNOT_CREATE && status != ZEM_DIFFERENCE
                && (status == ZEM_OK || error.message[0] != '\0'),
            "a result was neither read nor refused with a sentence");
    if (status == ZEM_OK) {
        use(&result, how / 2 % 8);
        zem_result_free(&result);
    }
    zem_scenario_free(&scenario);
    return 0;
}
