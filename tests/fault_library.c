/* A library to be preloaded that makes the n-th call of one function of the C library fail, once or from then on, as
 * the test suite of SQLite does. FAULT_CALL is one of the names in `calls`, FAULT_AT the number of the call, from 1,
 * FAULT_FOR "once" or "ever". FAULT_PROGRAM is the file of the program under test. Calls fail and are counted only in
 * its processes, not in other programs that it starts, such as gnuplot. FAULT_COUNT is the number of an open pipe, into
 * which every process of the program writes at its end how often it called the function, including the calls of its
 * parent before a fork. FAULT_PATHS is the number of an open pipe, into which a line is written for each call that
 * comes by a new path, which is a chain of callers that no earlier call had. Only tests load it. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum call { MALLOC, OPEN, READ, WRITE, FSYNC, RENAME, CLOSE, MMAP, THREAD, FORK, CALLS };
static const char *const names[CALLS] = {"malloc", "open",  "read", "write",          "fsync",
                                         "rename", "close", "mmap", "pthread_create", "fork"};

static enum call failing = CALLS;
static long fail_at;
static bool fail_ever;
static atomic_long count;

/* ---- paths ---- */

#define PATHS 65536 /* slots for hashes of paths, a power of two; 0 is an empty slot */
#define DEPTH 64    /* callers that a path tells apart */
#define NEAR 3      /* callers within the program that count for the end of a path */
#define MODULES 128

/* The program, which comes first, and its libraries: where each lies, and the hash of its name. */
static struct module {
    uintptr_t from, to;
    uint64_t name;
} modules[MODULES];
static int module_count;

static _Atomic uint64_t paths[PATHS];
static int paths_file = -1;

static void *next(const char *name) { return dlsym(RTLD_NEXT, name); }

static void write_line(int file, const char *text, int length)
{
    if (((ssize_t(*)(int, const void *, size_t))next("write"))(file, text, (size_t)length) != length)
        abort();
}

/* The hash of Fowler, Noll and Vo (FNV-1a), a word at a time. */
static uint64_t hash_add(uint64_t hash, uint64_t word) { return (hash ^ word) * 1099511628211u; }

static int note_module(struct dl_phdr_info *info, size_t size, void *context)
{
    (void)size;
    (void)context;
    if (module_count == MODULES)
        return 1;
    struct module *module = &modules[module_count++];
    *module = (struct module){.from = UINTPTR_MAX};
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const uintptr_t from = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr;
        if (info->dlpi_phdr[i].p_type != PT_LOAD)
            continue;
        module->from = from < module->from ? from : module->from;
        module->to = from + info->dlpi_phdr[i].p_memsz > module->to ? from + info->dlpi_phdr[i].p_memsz : module->to;
    }
    for (const char *c = info->dlpi_name; *c != '\0'; c++)
        module->name = hash_add(module->name, (unsigned char)*c);
    return 0;
}

/* Enters a hash in the table `paths`. Returns whether it is new there. */
static bool is_new(uint64_t hash)
{
    for (uint64_t slot = hash;; slot++) {
        uint64_t there = 0;
        if (atomic_compare_exchange_strong(&paths[slot % PATHS], &there, hash))
            return true;
        if (there == hash)
            return false;
    }
}

/* Writes the number of a call whose path is new, with a hash of the whole path within the program and one of the end
 * of the path: all callers in libraries and the nearest ones in the program. Hashes are the same in every process. */
static void note_path(long number)
{
    void *callers[DEPTH];
    const int depth = backtrace(callers, DEPTH);
    uint64_t own = 14695981039346656037u, end = own + 1;
    int in_program = 0;
    for (int i = 0; i < depth; i++) {
        const uintptr_t address = (uintptr_t)callers[i];
        int m = 0;
        while (m < module_count && (address < modules[m].from || address >= modules[m].to))
            m++;
        const uint64_t place = m < module_count ? hash_add(modules[m].name, address - modules[m].from) : 0;
        if (m == 0) {
            own = hash_add(own, place);
            in_program++;
        }
        if (in_program <= NEAR)
            end = hash_add(end, place);
    }
    const bool new_own = is_new(own), new_end = is_new(end);
    char text[96];
    if (new_own || new_end)
        write_line(
            paths_file, text,
            snprintf(text, sizeof text, "%ld %llx %llx\n", number, (unsigned long long)own, (unsigned long long)end));
}

/* ---- which call ---- */

static bool is_under_test(void)
{
    const char *program = getenv("FAULT_PROGRAM");
    struct stat wanted, own;
    return program != NULL && stat(program, &wanted) == 0 && stat("/proc/self/exe", &own) == 0
           && wanted.st_dev == own.st_dev && wanted.st_ino == own.st_ino;
}

__attribute__((constructor)) static void start(void)
{
    if (!is_under_test())
        return;
    const char *call = getenv("FAULT_CALL"), *at = getenv("FAULT_AT"), *span = getenv("FAULT_FOR");
    const char *paths_end = getenv("FAULT_PATHS");
    void *caller;
    (void)backtrace(&caller, 1); /* allocates memory the first time */
    dl_iterate_phdr(note_module, NULL);
    paths_file = paths_end != NULL ? atoi(paths_end) : -1;
    fail_at = at != NULL ? atol(at) : 0;
    fail_ever = span != NULL && strcmp(span, "ever") == 0;
    for (int i = 0; i < CALLS && call != NULL; i++)
        if (strcmp(names[i], call) == 0)
            failing = (enum call)i;
}

/* Counts a call. Returns whether it fails, with `reason` in errno. */
static bool fails(enum call call, int reason)
{
    if (call != failing)
        return false;
    const long number = atomic_fetch_add(&count, 1) + 1;
    if (paths_file >= 0)
        note_path(number);
    if (fail_at == 0 || number < fail_at || (number > fail_at && !fail_ever))
        return false;
    errno = reason;
    return true;
}

/* ---- how often ---- */

static void tell(void)
{
    const char *pipe_end = getenv("FAULT_COUNT");
    char text[32];
    if (pipe_end == NULL || failing == CALLS)
        return;
    failing = CALLS;
    write_line(atoi(pipe_end), text, snprintf(text, sizeof text, "%ld\n", atomic_load(&count)));
}

__attribute__((destructor)) static void end(void) { tell(); }

void _exit(int status)
{
    tell();
    ((void (*)(int))next("_exit"))(status);
    abort();
}

/* ---- memory ---- */

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t number, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

void *malloc(size_t size) { return fails(MALLOC, ENOMEM) ? NULL : __libc_malloc(size); }
void *calloc(size_t number, size_t size) { return fails(MALLOC, ENOMEM) ? NULL : __libc_calloc(number, size); }
void *realloc(void *memory, size_t size) { return fails(MALLOC, ENOMEM) ? NULL : __libc_realloc(memory, size); }
void *aligned_alloc(size_t alignment, size_t size)
{
    return fails(MALLOC, ENOMEM) ? NULL : __libc_memalign(alignment, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size)
{
    if (fails(MALLOC, ENOMEM))
        return ENOMEM;
    *memory = __libc_memalign(alignment, size);
    return *memory == NULL ? ENOMEM : 0;
}

/* The strdup of the C library calls its own malloc. This one calls the malloc above. */
char *strdup(const char *text)
{
    const size_t size = strlen(text) + 1;
    char *copy = malloc(size);
    return copy != NULL ? memcpy(copy, text, size) : NULL;
}

char *strndup(const char *text, size_t most)
{
    const size_t length = strnlen(text, most);
    char *copy = malloc(length + 1);
    if (copy == NULL)
        return NULL;
    copy[length] = '\0';
    return memcpy(copy, text, length);
}

/* ---- files ---- */

#define OPEN_LIKE(name) \
    int name(const char *path, int flags, ...) \
    { \
        va_list arguments; \
        va_start(arguments, flags); \
        const mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, mode_t) : 0; \
        va_end(arguments); \
        return fails(OPEN, EMFILE) ? -1 : ((int (*)(const char *, int, ...))next(#name))(path, flags, mode); \
    }
OPEN_LIKE(open)
OPEN_LIKE(open64)

#define FOPEN_LIKE(name) \
    FILE *name(const char *path, const char *mode) \
    { \
        return fails(OPEN, EMFILE) ? NULL : ((FILE * (*)(const char *, const char *)) next(#name))(path, mode); \
    }
FOPEN_LIKE(fopen)
FOPEN_LIKE(fopen64)

#define TMPFILE_LIKE(name) \
    FILE *name(void) { return fails(OPEN, EMFILE) ? NULL : ((FILE * (*)(void)) next(#name))(); }
TMPFILE_LIKE(tmpfile)
TMPFILE_LIKE(tmpfile64)

FILE *fdopen(int file, const char *mode)
{
    return fails(OPEN, EMFILE) ? NULL : ((FILE * (*)(int, const char *)) next("fdopen"))(file, mode);
}

int pipe(int ends[2]) { return fails(OPEN, EMFILE) ? -1 : ((int (*)(int *))next("pipe"))(ends); }

int socketpair(int domain, int type, int protocol, int ends[2])
{
    return fails(OPEN, EMFILE) ? -1 : ((int (*)(int, int, int, int *))next("socketpair"))(domain, type, protocol, ends);
}

ssize_t read(int file, void *bytes, size_t size)
{
    return fails(READ, EIO) ? -1 : ((ssize_t(*)(int, void *, size_t))next("read"))(file, bytes, size);
}

#define PREAD_LIKE(name) \
    ssize_t name(int file, void *bytes, size_t size, off_t at) \
    { \
        return fails(READ, EIO) ? -1 : ((ssize_t(*)(int, void *, size_t, off_t))next(#name))(file, bytes, size, at); \
    }
PREAD_LIKE(pread)
PREAD_LIKE(pread64)

/* The C library calls the system for its streams without the functions of this file. The functions of streams therefore
 * fail here, with the mark that the GNU C library has for an error of a stream. */
static void mark_error(FILE *stream) { stream->_flags |= 0x20; }

size_t fread(void *bytes, size_t size, size_t number, FILE *stream)
{
    if (fails(READ, EIO)) {
        mark_error(stream);
        return 0;
    }
    return ((size_t(*)(void *, size_t, size_t, FILE *))next("fread"))(bytes, size, number, stream);
}

int fgetc(FILE *stream)
{
    if (fails(READ, EIO)) {
        mark_error(stream);
        return EOF;
    }
    return ((int (*)(FILE *))next("fgetc"))(stream);
}

char *fgets(char *text, int size, FILE *stream)
{
    if (fails(READ, EIO)) {
        mark_error(stream);
        return NULL;
    }
    return ((char *(*)(char *, int, FILE *))next("fgets"))(text, size, stream);
}

ssize_t getline(char **line, size_t *size, FILE *stream)
{
    if (fails(READ, EIO)) {
        mark_error(stream);
        return -1;
    }
    return ((ssize_t(*)(char **, size_t *, FILE *))next("getline"))(line, size, stream);
}

/* Standard error never fails, because a test could not read the program's sentence. */
ssize_t write(int file, const void *bytes, size_t size)
{
    return file != STDERR_FILENO && fails(WRITE, ENOSPC)
               ? -1
               : ((ssize_t(*)(int, const void *, size_t))next("write"))(file, bytes, size);
}

#define PWRITE_LIKE(name) \
    ssize_t name(int file, const void *bytes, size_t size, off_t at) \
    { \
        return fails(WRITE, ENOSPC) \
                   ? -1 \
                   : ((ssize_t(*)(int, const void *, size_t, off_t))next(#name))(file, bytes, size, at); \
    }
PWRITE_LIKE(pwrite)
PWRITE_LIKE(pwrite64)

size_t fwrite(const void *bytes, size_t size, size_t number, FILE *stream)
{
    if (stream != stderr && fails(WRITE, ENOSPC)) {
        mark_error(stream);
        return 0;
    }
    return ((size_t(*)(const void *, size_t, size_t, FILE *))next("fwrite"))(bytes, size, number, stream);
}

int fflush(FILE *stream)
{
    if (stream != NULL && stream != stderr && fails(WRITE, ENOSPC)) {
        mark_error(stream);
        return EOF;
    }
    return ((int (*)(FILE *))next("fflush"))(stream);
}

int fsync(int file) { return fails(FSYNC, EIO) ? -1 : ((int (*)(int))next("fsync"))(file); }

int rename(const char *from, const char *to)
{
    return fails(RENAME, EIO) ? -1 : ((int (*)(const char *, const char *))next("rename"))(from, to);
}

int link(const char *from, const char *to)
{
    return fails(RENAME, EIO) ? -1 : ((int (*)(const char *, const char *))next("link"))(from, to);
}

/* Closes the file before it reports the failure, so that no descriptor stays open. */
int close(int file)
{
    const int closed = ((int (*)(int))next("close"))(file);
    return fails(CLOSE, EIO) ? -1 : closed;
}

/* Whether `file` is the pipe whose number is in the variable `name`. */
static bool is_pipe(const char *name, int file)
{
    const char *number = getenv(name);
    return number != NULL && atoi(number) == file;
}

/* Keeps the pipes of this library open. Their numbers are below 1024, because the test opens few files. */
void closefrom(int lowest)
{
    for (; lowest < 1024; lowest++)
        if (!is_pipe("FAULT_COUNT", lowest) && !is_pipe("FAULT_PATHS", lowest))
            ((int (*)(int))next("close"))(lowest);
    close_range((unsigned)lowest, UINT_MAX, 0);
}

int fclose(FILE *stream)
{
    const int closed = ((int (*)(FILE *))next("fclose"))(stream);
    return fails(CLOSE, EIO) ? EOF : closed;
}

void *mmap(void *place, size_t size, int protection, int flags, int file, off_t at)
{
    return fails(MMAP, ENOMEM) ? MAP_FAILED
                               : ((void *(*)(void *, size_t, int, int, int, off_t))next("mmap"))(
                                   place, size, protection, flags, file, at);
}

/* ---- threads and processes ---- */

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*work)(void *), void *context)
{
    if (fails(THREAD, EAGAIN))
        return EAGAIN;
    return ((int (*)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *))next("pthread_create"))(
        thread, attributes, work, context);
}

pid_t fork(void) { return fails(FORK, EAGAIN) ? -1 : ((pid_t(*)(void))next("fork"))(); }
