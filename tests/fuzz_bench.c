/* A program of libFuzzer (`make fuzz`). A recorded result of `zem bench --json` may consist of any bytes. If it is a
 * JSON object, its seal, a checksum of its other members, may be made right. The result must be judged, or refused with
 * a sentence. Nothing is flown. */
#include "fuzz.h"

#include "bench/bench_report.h"
#include "bench/bench_seal.h"

int __wrap_zem_run(const struct zem_scenario *scenario, const struct zem_run_options *options,
                   struct zem_result *result, struct zem_error *error);

/* Replaces zem_run, by the linker's --wrap: work that would be flown again has fixed digests. */
int __wrap_zem_run(const struct zem_scenario *scenario, const struct zem_run_options *options,
                   struct zem_result *result, struct zem_error *error)
{
    (void)scenario, (void)options, (void)error;
    memset(result->digest, 'a', sizeof result->digest - 1);
    memset(result->miss_digest, 'b', sizeof result->miss_digest - 1);
    return ZEM_OK;
}

static int files[2];
static char path[2][32];

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    for (int k = 0; k < 2; k++)
        files[k] = fuzz_file(path[k]);
    require(freopen("/dev/null", "w", stdout) != NULL, "there is no /dev/null");
    return 0;
}

/* Returns a copy of the document with a right seal, which the caller frees; NULL if it is no JSON object. */
static char *sealed(const uint8_t *data, size_t size)
{
    struct zem_error error = {0};
    char seal[ZEM_BENCH_SEAL_SIZE], *text = NULL;
    json_t *document = json_loadb((const char *)data, size, 0, NULL);
    if (json_is_object(document) && zem_bench_seal(document, seal, &error) == ZEM_OK
        && json_object_set_new(document, ZEM_BENCH_SEAL_MEMBER, json_string(seal)) == 0)
        text = json_dumps(document, 0);
    json_decref(document);
    return text;
}

/* The lowest bits of the first byte choose whether the seal is made right, whether a table or JSON is asked for,
 * whether work is flown again, and whether the document is compared with itself. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *const names[] = {path[0], path[1]};
    struct zem_error error = {0};
    if (size == 0)
        return 0;
    const unsigned how = data[0];
    char *text = how & 1 ? sealed(data + 1, size - 1) : NULL;
    for (int k = 0; k < 2; k++)
        fuzz_file_fill(files[k], text != NULL ? text : (const char *)data + 1, text != NULL ? strlen(text) : size - 1);
    const struct zem_bench_compare_options options = {.json = how & 2, .check = how & 4};
    const int status = zem_bench_compare(names, how & 8 ? 2 : 1, &options, &error);
    require(status == ZEM_OK
                || ((status == ZEM_DIFFERENCE || status == ZEM_BAD_INPUT || status == ZEM_NO_INPUT)
                    && error.message[0] != '\0'),
            "a document was neither judged nor refused with a sentence");
    free(text);
    return 0;
}
