/* Limits of the child process that reads a file: memory and processor time that the size of the file justifies, and no
 * file written. A crash ends the child with a status that tells it from a lack of memory. Also finds the datasets for
 * which a file stores too few bytes. */
#include "result/hdf5_confinement.h"

#include "result/hdf5_request.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define DEFLATE_RATIO 1032u                /* most bytes that one byte of deflated data can give (zlib's manual) */
#define MEMORY_BASE ((rlim_t)256 << 20)    /* bytes that reading any file may take */
#define SECONDS_BASE 10u                   /* processor time for any file, s */
#define BYTES_PER_SECOND UINT64_C(2000000) /* bytes that get one second more; slow machines read ten times as many */

static void limit(int resource, rlim_t value)
{
    struct rlimit now;
    if (getrlimit(resource, &now) != 0 || (now.rlim_max != RLIM_INFINITY && now.rlim_max < value))
        return;
    now = (struct rlimit){value, value};
    setrlimit(resource, &now);
}

/* The address space of this process in bytes; 0 if it is unknown. */
static rlim_t address_space(void)
{
    unsigned long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file != NULL) {
        if (fscanf(file, "%lu", &pages) != 1)
            pages = 0;
        fclose(file);
    }
    return (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE);
}

/* Ends the child after the signal of a crash. The exit status tells whether memory had run out just before, because
 * HDF5 crashes where it does not check an allocation. */
static void end_at_crash(int number)
{
    (void)number;
    _exit(errno == ENOMEM ? ZEM_HDF5_STATUS_NO_MEMORY : ZEM_HDF5_STATUS_CRASHED);
}

uint64_t zem_hdf5_seconds(uint64_t file_size) { return SECONDS_BASE + file_size / BYTES_PER_SECOND; }

void zem_hdf5_confine(uint64_t file_size)
{
    static const int crashes[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT},
                     ends[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGTSTP};
    struct sigaction action;
    sigset_t kept_away;
    memset(&action, 0, sizeof action);
    sigemptyset(&action.sa_mask);
    action.sa_handler = end_at_crash;
    for (size_t i = 0; i < sizeof crashes / sizeof *crashes; i++)
        sigaction(crashes[i], &action, NULL);
    action.sa_handler = SIG_DFL;
    sigaction(SIGXCPU, &action, NULL);
    /* A signal such as that of Ctrl-C reaches parent and child. The child blocks it, and the parent decides when to end
     * the child. */
    sigemptyset(&kept_away);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        sigaddset(&kept_away, ends[i]);
    sigprocmask(SIG_BLOCK, &kept_away, NULL);
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_FSIZE, 0);
    limit(RLIMIT_CPU, (rlim_t)zem_hdf5_seconds(file_size));
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) /* the sanitizers reserve much address space */
    const rlim_t used = address_space();
    if (used > 0 && file_size < RLIM_INFINITY / 4)
        limit(RLIMIT_AS, used + MEMORY_BASE + 2 * (rlim_t)file_size);
#else
    (void)address_space;
#endif
}

const char *zem_hdf5_storage_problem(hid_t dataset, uint64_t elements, size_t width, uint64_t file_size)
{
    const char *problem = NULL;
    hsize_t chunk[H5S_MAX_RANK];
    const uint64_t stored = H5Dget_storage_size(dataset);
    uint64_t ratio = 1, chunk_elements = 1;
    const hid_t list = H5Dget_create_plist(dataset);
    const H5D_layout_t layout = list < 0 ? H5D_LAYOUT_ERROR : H5Pget_layout(list);
    if (layout == H5D_LAYOUT_ERROR)
        problem = "its layout cannot be read";
    else if (layout != H5D_COMPACT && layout != H5D_CONTIGUOUS && layout != H5D_CHUNKED)
        problem = "its values are in other files";
    else if (layout == H5D_CONTIGUOUS && H5Pget_external_count(list) != 0)
        problem = "its values are in other files";
    else if (layout == H5D_CHUNKED) {
        const int rank = H5Pget_chunk(list, H5S_MAX_RANK, chunk), filters = H5Pget_nfilters(list);
        for (int i = 0; i < filters && problem == NULL; i++) {
            unsigned flags, configuration;
            size_t parameters = 0;
            const H5Z_filter_t filter =
                H5Pget_filter2(list, (unsigned)i, &flags, &parameters, NULL, 0, NULL, &configuration);
            if (filter == H5Z_FILTER_DEFLATE && ratio == 1)
                ratio = DEFLATE_RATIO;
            else if (filter != H5Z_FILTER_SHUFFLE && filter != H5Z_FILTER_FLETCHER32)
                problem = "it is compressed by other means than deflate";
        }
        for (int i = 0; i < rank; i++)
            chunk_elements =
                chunk[i] == 0 || chunk_elements > UINT64_MAX / chunk[i] ? UINT64_MAX : chunk_elements * chunk[i];
        if (problem == NULL && (rank < 1 || chunk_elements > ratio * file_size / width))
            problem = "its chunks are too large for the size of the file";
    }
    if (problem == NULL && (stored > file_size || elements > ratio * stored / width))
        problem = "the file stores too few bytes of it for its size";
    if (list >= 0)
        H5Pclose(list);
    return problem;
}
