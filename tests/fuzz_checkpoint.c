/* A program of libFuzzer (`make fuzz`). A checkpoint with any changed bytes, and with the SHA-256 of the changed bytes,
 * is read, or refused with a sentence. The work that a read checkpoint leaves lies within the run. */
#include "fuzz.h"

#include "run/checkpoint.h"

#include <nettle/sha2.h>
#include <sys/stat.h>

static const char text[] = "zem: 1\n"
                           "engagement: {kinematics: linear, flight_time: 2 s, closing_speed: 3 km/s}\n"
                           "target: {maneuver: step, acceleration: 6 gravity}\n"
                           "interceptor: {speed: 2 km/s, guidance: pn, navigation_gain: 4, autopilot_lag: 0.2 s}\n"
                           "scoring: {hit_radius: [0.5 m, 1 m]}\n"
                           "sweep: [{parameter: target.acceleration, from: 1 gravity, to: 9 gravity, points: 3}]\n"
                           "run: {trials: 5000}\n";

static struct zem_scenario scenario;
static struct zem_result result;
static struct zem_work_queue queue;
static struct zem_checkpoint state;
static uint8_t *good; /* a checkpoint without its SHA-256 */
static size_t good_size;
static int file;
static char path[32];

/* Writes the checkpoint of a run that is under way: one cell is flown, one is partly given to a device, one has not
 * begun. */
static void write_good(void)
{
    struct zem_error error = {0};
    struct stat found;
    char name[] = "/tmp/zem-fuzz-XXXXXX";
    uint64_t tally[ZEM_TALLY_WORDS_LIMIT] = {0};
    tally[ZEM_TALLY_TRIALS] = 5000;
    require(zem_totals_set(&result.totals, 0, tally) && zem_totals_set(&result.totals, 1, tally), "no totals");
    for (uint64_t cell = 0; cell < result.cells; cell++)
        queue.target[cell] = state.target[cell] = 5000;
    queue.done[0] = queue.done[1] = 5000;
    zem_work_queue_again(&queue, &(struct zem_work_piece){1, 4000, 1, 1000}, 1);
    const int descriptor = mkstemp(name);
    require(descriptor >= 0, "there is no temporary file");
    struct zem_checkpoint_file *writing = zem_checkpoint_write(&state, name, &error);
    require(writing != NULL && zem_checkpoint_publish(writing, name, &error) == ZEM_OK, error.message);
    close(descriptor);
    const int written = open(name, O_RDONLY);
    require(written >= 0 && fstat(written, &found) == 0 && found.st_size > SHA256_DIGEST_SIZE, "no checkpoint");
    good_size = (size_t)found.st_size - SHA256_DIGEST_SIZE;
    good = malloc(good_size);
    require(good != NULL && read(written, good, good_size) == (ssize_t)good_size, "no checkpoint");
    close(written);
    unlink(name);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    struct zem_error error = {0};
    struct zem_diagnostics diagnostics;
    (void)argc, (void)argv;
    zem_diagnostics_init(&diagnostics, "fuzz.yaml");
    require(zem_scenario_read_text(&scenario, "fuzz.yaml", text, strlen(text), NULL, 0, &diagnostics, &error) == ZEM_OK
                && zem_result_init(&result, &scenario, &error) == ZEM_OK
                && zem_work_queue_init(&queue, result.cells) == 0,
            "the scenario of the test is not good");
    zem_diagnostics_free(&diagnostics);
    state = (struct zem_checkpoint){
        .result = &result, .shards = 1, .queue = &queue, .target = calloc(result.cells, sizeof *state.target)};
    require(state.target != NULL, "no memory");
    write_good();
    file = fuzz_file(path);
    return 0;
}

/* Changes bytes of a copy and returns its size. Each change has an offset, a count and that many bytes. A count of 255
 * cuts the file off at the offset. */
static size_t change(uint8_t *bytes, struct fuzz_bytes *fuzz)
{
    size_t size = good_size;
    memcpy(bytes, good, good_size);
    while (fuzz->left > 0) {
        const size_t offset = (size_t)fuzz_number(fuzz, 2) % (size + 1);
        const uint64_t wanted = fuzz_number(fuzz, 1);
        size_t count;
        if (wanted == 255) {
            size = offset;
            continue;
        }
        const uint8_t *block = fuzz_block(fuzz, (size_t)wanted, &count);
        memcpy(bytes + offset, block, offset + count <= size ? count : size - offset);
    }
    return size;
}

/* Takes all work that the checkpoint leaves, in small pieces. */
static void take_all(void)
{
    struct zem_work_piece piece;
    zem_work_queue_rewind(&queue);
    for (int taken = 0; taken < 100 && zem_work_queue_take(&queue, 700, 2, 300, &piece); taken++) {
        require(piece.first_cell < result.cells && piece.cell_count <= result.cells - piece.first_cell,
                "a piece of work lies outside the grid");
        require(piece.cell_count > 0 && piece.trials > 0, "a piece of work is empty");
        zem_work_queue_counted(&queue, &piece);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_bytes fuzz = {data, size};
    struct zem_error error = {0};
    struct sha256_ctx sha;
    uint8_t bytes[good_size + SHA256_DIGEST_SIZE];
    const size_t changed = change(bytes, &fuzz);
    sha256_init(&sha);
    sha256_update(&sha, changed, bytes);
    sha256_digest(&sha, SHA256_DIGEST_SIZE, bytes + changed);
    fuzz_file_fill(file, bytes, changed + SHA256_DIGEST_SIZE);
    const int status = zem_checkpoint_read(&state, path, &error);
    require(status == ZEM_OK || ((status == ZEM_BAD_INPUT || status == ZEM_INPUT_OUTPUT) && error.message[0] != '\0'),
            "a checkpoint was neither read nor refused with a sentence");
    zem_checkpoint_is_of(path, &scenario, 0, 1);
    if (status == ZEM_OK)
        take_all();
    return 0;
}
