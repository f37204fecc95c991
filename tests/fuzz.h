/* What the programs of libFuzzer (`make fuzz`) share: a check that ends the program, a reader of the fuzzer's bytes,
 * and a file in memory. A program includes it once. */
#ifndef ZEM_FUZZ_H
#define ZEM_FUZZ_H

#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <udunits2.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the program, which libFuzzer counts as a finding, if the condition does not hold. */
static inline void require(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "fuzz: %s\n", what);
        abort();
    }
}

ut_system *__real_ut_read_xml(const char *path);
ut_system *__wrap_ut_read_xml(const char *path);
void __wrap_ut_free_system(ut_system *system);

/* Replaces ut_read_xml, by the linker's --wrap. The table of units is read only once, because that takes a hundred
 * times as long as everything else. */
ut_system *__wrap_ut_read_xml(const char *path)
{
    static ut_system *table;
    if (table == NULL)
        table = __real_ut_read_xml(path);
    return table;
}

void __wrap_ut_free_system(ut_system *system) { (void)system; }

/* The bytes of the fuzzer that are not yet used. */
struct fuzz_bytes {
    const uint8_t *at;
    size_t left;
};

/* Returns the next `size` bytes as a number, the lowest byte first. Missing bytes are 0. */
static inline uint64_t fuzz_number(struct fuzz_bytes *bytes, size_t size)
{
    uint64_t number = 0;
    for (size_t i = 0; i < size && bytes->left > 0; i++, bytes->at++, bytes->left--)
        number |= (uint64_t)*bytes->at << (8 * i);
    return number;
}

/* Returns the next bytes, at most `most`, and writes their number. */
static inline const uint8_t *fuzz_block(struct fuzz_bytes *bytes, size_t most, size_t *count)
{
    const uint8_t *block = bytes->at;
    *count = most < bytes->left ? most : bytes->left;
    bytes->at += *count;
    bytes->left -= *count;
    return block;
}

/* Makes a file in memory, writes its name to `path` and returns its descriptor. Ends the program if that fails. */
static inline int fuzz_file(char path[32])
{
    const int descriptor = (int)syscall(SYS_memfd_create, "fuzz", 0u);
    require(descriptor >= 0, "there is no file in memory");
    snprintf(path, 32, "/proc/self/fd/%d", descriptor);
    return descriptor;
}

/* Replaces the contents of the file by these bytes. */
static inline void fuzz_file_fill(int descriptor, const void *bytes, size_t size)
{
    require(ftruncate(descriptor, 0) == 0 && pwrite(descriptor, bytes, size, 0) == (ssize_t)size,
            "the file in memory cannot be written");
}

#endif
