/* Totals, whose histograms are stored in integers as narrow as the trials allow, compared with tallies of 64-bit words.
 * Every operation gives what it gives with 64-bit words, and a count that does not fit is refused instead of cut.
 * Random tallies have a fixed seed. No check can fail by chance. */
#define _GNU_SOURCE /* madvise */
#include "result/totals.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include <cmocka.h>

#define CELLS 5
#define WORDS ZEM_TALLY_WORDS(3, 2)

static uint64_t random_number(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

/* Fills a tally with random words. The counts of its histogram are at most `most`. */
static void random_tally(uint64_t *tally, uint64_t most, uint64_t *state)
{
    for (size_t word = 0; word < WORDS; word++)
        tally[word] = random_number(state) >> 1;
    for (size_t slot = 0; slot < ZEM_HISTOGRAM_SLOTS; slot++)
        tally[ZEM_TALLY_HISTOGRAM + slot] =
            most == UINT64_MAX ? random_number(state) : random_number(state) % (most + 1);
}

static void assert_cell(const struct zem_totals *totals, uint64_t cell, const uint64_t *expected)
{
    uint64_t tally[WORDS], counts[ZEM_HISTOGRAM_SLOTS];
    zem_totals_get(totals, cell, tally);
    zem_totals_histogram(totals, cell, counts);
    assert_memory_equal(tally, expected, sizeof tally);
    assert_memory_equal(counts, expected + ZEM_TALLY_HISTOGRAM, sizeof counts);
    for (size_t word = 0; word < WORDS; word++)
        assert_true(zem_totals_word(totals, cell, word) == expected[word]);
}

static const uint64_t largest[] = {UINT8_MAX, UINT16_MAX, UINT32_MAX, UINT64_MAX};

static void a_cell_gives_back_what_was_put_in(void **state)
{
    (void)state;
    uint64_t random = 7, tally[CELLS][WORDS];
    for (size_t i = 0; i < 4; i++) {
        struct zem_totals totals;
        assert_int_equal(zem_totals_init(&totals, CELLS, WORDS, largest[i]), 0);
        assert_int_equal(totals.width, 1u << i);
        for (uint64_t cell = 0; cell < CELLS; cell++) {
            random_tally(tally[cell], largest[i], &random);
            assert_true(zem_totals_set(&totals, cell, tally[cell]));
        }
        for (uint64_t cell = 0; cell < CELLS; cell++)
            assert_cell(&totals, cell, tally[cell]);
        assert_true(zem_totals_same(&totals, &totals, 1));
        zem_totals_clear(&totals);
        memset(tally, 0, sizeof tally);
        for (uint64_t cell = 0; cell < CELLS; cell++)
            assert_cell(&totals, cell, tally[cell]);
        zem_totals_free(&totals);
    }
}

/* Adds batches to one totals, and in another order, as two shards, to a second one. Both are the sums in 64-bit
 * words. */
static void sums_are_those_of_full_words(void **state)
{
    (void)state;
    uint64_t random = 8, sum[CELLS][WORDS] = {{0}}, tally[WORDS];
    struct zem_totals totals, parts[2];
    assert_int_equal(zem_totals_init(&totals, CELLS, WORDS, 60000), 0);
    assert_int_equal(zem_totals_init(&parts[0], CELLS, WORDS, 60000), 0);
    assert_int_equal(zem_totals_init(&parts[1], CELLS, WORDS, 60000), 0);
    for (int batch = 0; batch < 20; batch++)
        for (uint64_t cell = 0; cell < CELLS; cell++) {
            random_tally(tally, 3000, &random);
            for (size_t word = 0; word < WORDS; word++)
                sum[cell][word] += tally[word];
            assert_true(zem_totals_add(&totals, cell, tally));
            assert_true(zem_totals_add(&parts[batch % 2], cell, tally));
        }
    assert_true(zem_totals_add_all(&parts[0], &parts[1]));
    for (uint64_t cell = 0; cell < CELLS; cell++) {
        assert_cell(&totals, cell, sum[cell]);
        assert_true(zem_totals_same(&totals, &parts[0], cell));
        assert_false(zem_totals_same(&totals, &parts[1], cell));
    }
    zem_totals_free(&totals);
    zem_totals_free(&parts[0]);
    zem_totals_free(&parts[1]);
}

static void a_count_that_does_not_fit_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct zem_totals totals, more;
        uint64_t tally[WORDS] = {3, 3}, one[WORDS] = {1, 1};
        assert_int_equal(zem_totals_init(&totals, CELLS, WORDS, largest[i]), 0);
        assert_int_equal(zem_totals_init(&more, CELLS, WORDS, UINT64_MAX), 0);
        tally[ZEM_TALLY_HISTOGRAM + 200] = largest[i];
        one[ZEM_TALLY_HISTOGRAM + 200] = 1;
        assert_true(zem_totals_set(&totals, 1, tally));
        assert_false(zem_totals_add(&totals, 1, one));
        assert_cell(&totals, 1, tally);
        one[ZEM_TALLY_HISTOGRAM + 200] = largest[i] + 1;
        assert_false(zem_totals_set(&totals, 1, one));
        assert_cell(&totals, 1, tally);
        assert_true(zem_totals_set(&more, 1, one));
        assert_false(zem_totals_add_all(&totals, &more));
        zem_totals_free(&totals);
        zem_totals_free(&more);
    }
}

/* The number of times that the system had to give a page since the process began. */
static long pages_given(void)
{
    struct rusage used;
    assert_int_equal(getrusage(RUSAGE_SELF, &used), 0);
    return used.ru_minflt;
}

static void cells_that_were_touched_are_there(void **state)
{
    (void)state;
    const uint64_t cells = 20000; /* more than a thousand pages */
    struct zem_totals totals;
    uint64_t seed = 5, tally[WORDS], before[WORDS];
    random_tally(before, 3, &seed);
    assert_int_equal(zem_totals_init(&totals, cells, WORDS, UINT8_MAX), 0);
    assert_true(zem_totals_add(&totals, 7, before));
    zem_totals_touch(&totals, 0, cells);
    assert_cell(&totals, 7, before);
    memset(tally, 0, sizeof tally);
    const long pages = pages_given();
    for (uint64_t cell = 0; cell < cells; cell++)
        assert_true(zem_totals_add(&totals, cell, tally));
    const long late = pages_given() - pages;
    assert_cell(&totals, 7, before);
    zem_totals_free(&totals);
#ifdef MADV_POPULATE_WRITE
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    const bool possible = page != MAP_FAILED && madvise(page, 4096, MADV_POPULATE_WRITE) == 0;
    munmap(page, 4096);
#else
    const bool possible = false;
#endif
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
    print_message("a sanitizer takes pages for itself\n");
    skip();
#endif
    if (!possible) {
        print_message("this system gives pages one by one only\n");
        skip();
    }
    assert_true(late < 50); /* some pages of the program itself may be new */
}

/* A cell with 16 trials and three hit radii has 24 words of 64 bits and 258 counts of a byte each. */
static void a_cell_takes_the_bytes_that_are_documented(void **state)
{
    (void)state;
    assert_int_equal(zem_totals_width(16), 1);
    assert_int_equal(zem_totals_cell_bytes(ZEM_TALLY_WORDS(3, 1), 1), 24 * 8 + 258);
    assert_int_equal(zem_totals_cell_bytes(ZEM_TALLY_WORDS(3, 1), 2), 24 * 8 + 516);
    struct zem_totals totals;
    assert_int_equal(zem_totals_init(&totals, UINT64_MAX / 2, WORDS, 1), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cell_gives_back_what_was_put_in),
        cmocka_unit_test(sums_are_those_of_full_words),
        cmocka_unit_test(a_count_that_does_not_fit_is_refused),
        cmocka_unit_test(cells_that_were_touched_are_there),
        cmocka_unit_test(a_cell_takes_the_bytes_that_are_documented),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
