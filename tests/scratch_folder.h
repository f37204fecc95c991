/* A folder of its own for a test, below $SCRATCH or /tmp, and functions for small files in it. */
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

/* Set-up of a group or of a test: makes the folder. */
static inline int scratch_make(void **state)
{
    (void)state;
    const char *scratch = getenv("SCRATCH");
    snprintf(scratch_folder, sizeof scratch_folder, "%s/zem_test_XXXXXX", scratch ? scratch : "/tmp");
    return mkdtemp(scratch_folder) == NULL;
}

/* Tear-down: removes the folder. Fails if the test left anything in it. */
static inline int scratch_remove_empty(void **state)
{
    (void)state;
    return rmdir(scratch_folder);
}

/* Tear-down: removes the folder with all files and folders in it. */
static inline int scratch_remove(void **state)
{
    (void)state;
    char command[400];
    snprintf(command, sizeof command, "rm -rf '%s'", scratch_folder);
    return system(command) != 0;
}

/* Tear-down of a test: removes the files and keeps the folder for the group. */
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

/* Returns the number of files in the folder. */
static inline int scratch_count(void)
{
    int count = 0;
    DIR *listing = opendir(scratch_folder);
    for (struct dirent *entry = readdir(listing); entry != NULL; entry = readdir(listing))
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(listing);
    return count;
}

/* Returns the path of a file in the folder. The two latest results are valid. */
static inline const char *in_scratch(const char *name)
{
    static char path[2][600];
    static int turn;
    turn = !turn;
    snprintf(path[turn], sizeof path[turn], "%s/%s", scratch_folder, name);
    return path[turn];
}

/* Returns the contents of a file, followed by a zero byte, and writes their size. The caller frees them. */
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
