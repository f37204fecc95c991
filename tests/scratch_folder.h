/* A folder of its own for a test, below $SCRATCH or /tmp, and small files in it. */
#ifndef ZEM_SCRATCH_FOLDER_H
#define ZEM_SCRATCH_FOLDER_H

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char scratch_folder[300];

/* Set-up of a group or of a test. */
static inline int scratch_make(void **state)
{
    (void)state;
    const char *scratch = getenv("SCRATCH");
    snprintf(scratch_folder, sizeof scratch_folder, "%s/zem_test_XXXXXX", scratch ? scratch : "/tmp");
    return mkdtemp(scratch_folder) == NULL;
}

/* Tear-down where the test must leave nothing behind. */
static inline int scratch_remove_empty(void **state)
{
    (void)state;
    return rmdir(scratch_folder);
}

/* Tear-down where files and folders may be left. */
static inline int scratch_remove(void **state)
{
    (void)state;
    char command[400];
    snprintf(command, sizeof command, "rm -rf '%s'", scratch_folder);
    return system(command) != 0;
}

/* Tear-down of a test whose group keeps the folder. */
static inline int scratch_clear(void **state)
{
    (void)state;
    char path[600];
    DIR *listing = opendir(scratch_folder);
    for (struct dirent *entry = readdir(listing); entry != NULL; entry = readdir(listing)) {
        snprintf(path, sizeof path, "%s/%s", scratch_folder, entry->d_name);
        remove(path);
    }
    closedir(listing);
    return 0;
}

/* Number of files in the folder. */
static inline int scratch_count(void)
{
    int count = 0;
    DIR *listing = opendir(scratch_folder);
    for (struct dirent *entry = readdir(listing); entry != NULL; entry = readdir(listing))
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(listing);
    return count;
}

/* Path of a file in the folder. Two paths are valid at a time. */
static inline const char *in_scratch(const char *name)
{
    static char path[2][600];
    static int turn;
    turn = !turn;
    snprintf(path[turn], sizeof path[turn], "%s/%s", scratch_folder, name);
    return path[turn];
}

/* What a file holds, with a zero byte behind it; the caller frees it. */
static inline char *file_bytes(const char *path, size_t *size)
{
    FILE *stream = fopen(path, "rb");
    assert_non_null(stream);
    fseek(stream, 0, SEEK_END);
    *size = (size_t)ftell(stream);
    rewind(stream);
    char *bytes = malloc(*size + 1);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, *size, stream), *size);
    bytes[*size] = '\0';
    fclose(stream);
    return bytes;
}

static inline void file_make(const char *path, const void *bytes, size_t size)
{
    FILE *stream = fopen(path, "wb");
    assert_non_null(stream);
    assert_int_equal(fwrite(bytes, 1, size, stream), size);
    fclose(stream);
}

#endif
