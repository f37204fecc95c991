/* Computes a SHA-256 over a normal form of a JSON document, which does not depend on the order of members, white space
 * or the spelling of numbers. In this form a value is a letter for its kind followed by its content, and the members of
 * an object are sorted by the bytes of their names. */
#include "bench/bench_seal.h"

#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add(struct sha256_ctx *sha, const char *text, size_t size)
{
    sha256_update(sha, size, (const uint8_t *)text);
}

/* Adds a text with its length in front, so that the end of a text is always known. */
static void add_text(struct sha256_ctx *sha, const char *text, size_t size)
{
    char length[32];
    add(sha, length, (size_t)snprintf(length, sizeof length, "s%zu:", size));
    add(sha, text, size);
}

/* Adds a number, real or whole, with ten significant digits, as files have it. 110.0 and 110 give the same bytes. */
static void add_number(struct sha256_ctx *sha, double number)
{
    char text[48];
    add(sha, text, (size_t)snprintf(text, sizeof text, "d%.9e;", number));
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int add_value(struct sha256_ctx *sha, const json_t *value, const char *left_out);

static int add_object(struct sha256_ctx *sha, const json_t *object, const char *left_out)
{
    const size_t size = json_object_size(object);
    const char **names = calloc(size + 1, sizeof *names), *name;
    size_t count = 0;
    json_t *value;
    int status = names != NULL ? ZEM_OK : ZEM_INTERNAL;
    if (names == NULL)
        return status;
    json_object_foreach((json_t *)object, name, value)
    {
        if (left_out == NULL || strcmp(name, left_out) != 0)
            names[count++] = name;
    }
    qsort(names, count, sizeof *names, compare_names);
    add(sha, "{", 1);
    for (size_t k = 0; status == ZEM_OK && k < count; k++) {
        add_text(sha, names[k], strlen(names[k]));
        status = add_value(sha, json_object_get(object, names[k]), NULL);
    }
    add(sha, "}", 1);
    free(names);
    return status;
}

static int add_value(struct sha256_ctx *sha, const json_t *value, const char *left_out)
{
    int status = ZEM_OK;
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return add_object(sha, value, left_out);
    case JSON_ARRAY:
        add(sha, "[", 1);
        for (size_t k = 0; status == ZEM_OK && k < json_array_size(value); k++)
            status = add_value(sha, json_array_get(value, k), NULL);
        add(sha, "]", 1);
        return status;
    case JSON_STRING:
        add_text(sha, json_string_value(value), json_string_length(value));
        return ZEM_OK;
    case JSON_INTEGER:
    case JSON_REAL:
        add_number(sha, json_number_value(value));
        return ZEM_OK;
    case JSON_TRUE:
        add(sha, "t", 1);
        return ZEM_OK;
    case JSON_FALSE:
        add(sha, "f", 1);
        return ZEM_OK;
    case JSON_NULL:
        break;
    }
    add(sha, "n", 1);
    return ZEM_OK;
}

int zem_bench_seal(const json_t *document, char seal[ZEM_BENCH_SEAL_SIZE], struct zem_error *error)
{
    static const char format[] = "zem bench 1";
    struct sha256_ctx sha;
    uint8_t digest[SHA256_DIGEST_SIZE];
    sha256_init(&sha);
    add(&sha, format, sizeof format);
    if (add_value(&sha, document, ZEM_BENCH_SEAL_MEMBER) != ZEM_OK)
        return zem_error_set(error, ZEM_INTERNAL, "bench: no memory for the seal of a result");
    sha256_digest(&sha, sizeof digest, digest);
    for (size_t k = 0; k < sizeof digest; k++)
        snprintf(seal + 2 * k, 3, "%02x", digest[k]);
    return ZEM_OK;
}
