/* Philox4x32-10 compared with Random123's known answers and with a plain reference, the layout of the counter, and the
 * numbers that are made of it: moments, chi-square, tails, independence of streams. The seeds were chosen before any
 * result was seen. Each statistical limit is five standard deviations (two-sided false-alarm rate 6e-7) or, for
 * chi-square, the 1 - 1e-6 quantile. With about 120 such checks one in ten thousand seeds gives a false alarm. */
#define ZEM_LANES 4 /* vectors, so that the lanes are checked too */
#include "kernels/model.h"

#include "device/native/native_engine.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

struct words {
    u32 w[4];
};

/* Returns ten rounds of Philox as the paper writes them (SC11, section 3.3, with Random123's constants), by 64-bit
 * products. */
static struct words reference(struct words c, u32 key0, u32 key1)
{
    for (int round = 0; round < 10; round++) {
        const u64 a = (u64)0xD2511F53u * c.w[0], b = (u64)0xCD9E8D57u * c.w[2];
        c = (struct words){{(u32)(b >> 32) ^ c.w[1] ^ key0, (u32)b, (u32)(a >> 32) ^ c.w[3] ^ key1, (u32)a}};
        key0 += 0x9E3779B9u;
        key1 += 0xBB67AE85u;
    }
    return c;
}

/* Random123 1.14, tests/kat_vectors: counter, key, answer. */
static const struct {
    struct words counter;
    u32 key[2];
    struct words answer;
} known[] = {
    {{{0, 0, 0, 0}}, {0, 0}, {{0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u}}},
    {{{0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu}},
     {0xffffffffu, 0xffffffffu},
     {{0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu}}},
    {{{0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u}},
     {0xa4093822u, 0x299f31d0u},
     {{0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u}}},
};

static void assert_words(struct words got, struct words expected)
{
    for (int k = 0; k < 4; k++)
        assert_int_equal(got.w[k], expected.w[k]);
}

static struct words words_of_lane(struct counter c, int k)
{
    return (struct words){
        {lane_bits(c.word[0], k), lane_bits(c.word[1], k), lane_bits(c.word[2], k), lane_bits(c.word[3], k)}};
}

static void the_known_answers_of_random123_are_met(void **state)
{
    (void)state;
    for (size_t n = 0; n < sizeof known / sizeof *known; n++) {
        struct counter c;
        for (int k = 0; k < 4; k++)
            c.word[k] = splat_bits(known[n].counter.w[k]);
        c = philox(c, known[n].key[0], known[n].key[1]);
        for (int k = 0; k < ZEM_LANES; k++)
            assert_words(words_of_lane(c, k), known[n].answer);
        assert_words(reference(known[n].counter, known[n].key[0], known[n].key[1]), known[n].answer);
    }
}

static void a_lane_draws_what_it_would_draw_alone(void **state)
{
    (void)state;
    for (u32 n = 0; n < 100000u; n++) {
        struct counter c;
        struct words of_lane[ZEM_LANES];
        for (u32 k = 0; k < ZEM_LANES; k++)
            for (u32 w = 0; w < 4u; w++) {
                const u32 value = (u32)trial_mix(n, k, w);
                of_lane[k].w[w] = value;
                c.word[w][k] = value;
            }
        c = philox(c, n * 0x9E3779B9u, ~n);
        for (int k = 0; k < ZEM_LANES; k++)
            assert_words(words_of_lane(c, k), reference(of_lane[k], n * 0x9E3779B9u, ~n));
    }
}

/* Draws with the counter and the key that kernels/known_answer.h makes of an argument of the self-test. */
static void every_native_engine_draws_the_reference_numbers(void **state)
{
    (void)state;
    unsigned usable = 0;
    for (unsigned e = 0; e < zem_native_engine_count; e++) {
        if (zem_native_engines[e]->in_double || !zem_native_isa_usable(zem_native_engines[e]->isa))
            continue;
        usable++;
        for (u32 n = 0; n < 20000u; n++) {
            const u32 argument = n * 0x01000193u;
            u32 answers[ZEM_KNOWN_ANSWERS];
            zem_native_engines[e]->known_answer(argument, answers);
            const struct words c = {{argument, argument ^ 0x85A308D3u, argument * 0x13198A2Eu, 0x03707344u}};
            assert_memory_equal(answers, reference(c, 0xA4093822u, 0x299F31D0u + argument).w, sizeof c.w);
        }
    }
    assert_true(usable > 0);
}

static struct address address_of(u64 trial, u32 shot)
{
    struct address a = {.cell_word = 0x12345678u, .seed_low = 0xCAFEF00Du, .seed_high = 0x0BADBEEFu, .shot = shot};
    a.trial_low = splat_bits((u32)trial) + lane_numbers();
    a.trial_high = splat_bits((u32)(trial >> 32));
    return a;
}

/* A series computes two rounds in another way than a single draw. */
static void a_series_has_the_numbers_of_its_single_draws(void **state)
{
    (void)state;
    for (u32 n = 0; n < 20000u; n++) {
        const struct address a = {.trial_low = splat_bits((u32)trial_mix(n, 0u, 1u)) + lane_numbers(),
                                  .trial_high = splat_bits((u32)trial_mix(n, 0u, 2u) >> 8),
                                  .cell_word = (u32)trial_mix(n, 0u, 3u),
                                  .seed_low = (u32)trial_mix(n, 0u, 4u),
                                  .seed_high = (u32)trial_mix(n, 0u, 5u),
                                  .shot = n & 0xFFu};
        const u32 stream = n % 7u, index = (u32)trial_mix(n, 0u, 6u) >> 8;
        const struct draw_series series = draw_series_begin(&a, stream);
        const struct counter single = draw(&a, stream, index);
        struct word w[1][4];
        struct counter c;
        draw_series_words(&series, &a, index, w[0]);
        philox_finish(w, 1u, ZEM_SERIES_ROUNDS, a.seed_low, a.seed_high, &c);
        for (int k = 0; k < ZEM_LANES; k++)
            assert_words(words_of_lane(c, k), words_of_lane(single, k));
    }
}

/* The counter has the layout of kernels/philox.h. Word 0: low half of the trial; word 1: cell; word 2: index of the
 * draw and, in the high byte, shot; word 3: stream and trial bits 32 to 55. */
static void counter_has_the_documented_layout(void **state)
{
    (void)state;
    const u64 trials[] = {0, 5, 0xFFFFFFF0u, 0x100000000u, 0xABCDEF12345678u, 0xFFFFFFFFFFFFF0u};
    const u32 draws[] = {0, 1, 0xFFFFFFu}, shots[] = {0, 7},
              streams[] = {ZEM_STREAM_TARGET, ZEM_STREAM_LETHALITY, 255u};
    for (size_t t = 0; t < sizeof trials / sizeof *trials; t++)
        for (size_t n = 0; n < 18; n++) {
            const u32 shot = shots[n % 2], index = draws[n / 2 % 3], stream = streams[n / 6];
            const struct address a = address_of(trials[t], shot);
            const struct counter got = draw(&a, stream, index);
            for (int k = 0; k < ZEM_LANES; k++) {
                const u64 trial = trials[t] + (u64)k;
                const struct words c = {
                    {(u32)trial, 0x12345678u, shot << 24 | index, (u32)(trial >> 32) << 8 | stream}};
                assert_words(words_of_lane(got, k), reference(c, 0xCAFEF00Du, 0x0BADBEEFu));
            }
        }
}

/* The numbers of the streams must never change, because every result depends on them. */
static void streams_keep_their_numbers(void **state)
{
    (void)state;
    assert_int_equal(ZEM_STREAM_TARGET, 0);
    assert_int_equal(ZEM_STREAM_HANDOVER, 1);
    assert_int_equal(ZEM_STREAM_SEEKER, 2);
    assert_int_equal(ZEM_STREAM_TELEGRAPH, 3);
    assert_int_equal(ZEM_STREAM_LETHALITY, 4);
}

/* ------------------------------------------------------------------ statistics */
#define DRAWS (1u << 20)

static void assert_within(const char *what, double value, double expected, double sigma)
{
    printf("%s: %.6g, expected %.6g, %.2f standard deviations\n", what, value, expected, (value - expected) / sigma);
    if (!(fabs(value - expected) <= 5.0 * sigma))
        fail_msg("%s: %.9g, expected %.9g +- %.3g", what, value, expected, sigma);
}

/* Returns the upper 1e-6 point of chi-square with n degrees of freedom (Wilson and Hilferty 1931; accurate to a percent
 * for n > 30). */
static double chi_square_limit(double n)
{
    const double a = 2.0 / (9.0 * n), b = 1.0 - a + 4.7534 * sqrt(a);
    return n * b * b * b;
}

static void assert_chi_square(const char *what, const u32 *counts, unsigned cells, double expected)
{
    double chi_square = 0.0;
    for (unsigned k = 0; k < cells; k++)
        chi_square += ((double)counts[k] - expected) * ((double)counts[k] - expected) / expected;
    printf("%s: chi-square %.1f of %u, limit %.1f\n", what, chi_square, cells - 1u, chi_square_limit(cells - 1.0));
    assert_true(chi_square < chi_square_limit(cells - 1.0));
    assert_true(chi_square > cells - 1.0 - 6.0 * sqrt(2.0 * (cells - 1.0))); /* counts that are too even are not
                                                                                random */
}

static void uniforms_are_uniform_in_every_word(void **state)
{
    (void)state;
    for (int w = 0; w < 4; w++) {
        static u32 counts[1024];
        double sum = 0.0, squares = 0.0;
        memset(counts, 0, sizeof counts);
        for (u32 n = 0; n < DRAWS; n += ZEM_LANES) {
            const struct address a = address_of(n, 0);
            const real u = uniform(draw(&a, ZEM_STREAM_SEEKER, 0u).word[w]);
            for (int k = 0; k < ZEM_LANES; k++) {
                counts[(u32)(u[k] * 1024.0f)]++;
                sum += (double)u[k];
                squares += (double)u[k] * (double)u[k];
            }
        }
        assert_within("mean", sum / DRAWS, 0.5 - 0x1p-25, sqrt(1.0 / 12.0 / DRAWS));
        assert_within("mean square", squares / DRAWS, 1.0 / 3.0, sqrt(4.0 / 45.0 / DRAWS));
        assert_chi_square("1024 cells", counts, 1024, DRAWS / 1024.0);
    }
}

static void every_bit_is_fair(void **state)
{
    (void)state;
    static u32 ones[4][32];
    for (u32 n = 0; n < DRAWS; n += ZEM_LANES) {
        const struct address a = address_of(n, 3);
        const struct counter c = draw(&a, ZEM_STREAM_TARGET, 1u);
        for (int w = 0; w < 4; w++)
            for (int k = 0; k < ZEM_LANES; k++)
                for (int bit = 0; bit < 32; bit++)
                    ones[w][bit] += lane_bits(c.word[w], k) >> bit & 1u;
    }
    for (int w = 0; w < 4; w++)
        for (int bit = 0; bit < 32; bit++)
            if (fabs((double)ones[w][bit] - 0.5 * DRAWS) > 5.0 * sqrt(0.25 * DRAWS))
                fail_msg("bit %d of word %d is set in %u of %u draws", bit, w, ones[w][bit], DRAWS);
}

/* Pairs of uniforms from neighbouring trials, draws, cells, streams, shots and seeds fall evenly on a 32 x 32 board. */
static void draws_of_neighbouring_counters_are_independent(void **state)
{
    (void)state;
    const char *const what[] = {"trial and next trial", "draw and next draw", "stream and next stream",
                                "shot and next shot",   "cell and next cell", "seed and next seed"};
    for (int kind = 0; kind < 6; kind++) {
        static u32 counts[1024];
        memset(counts, 0, sizeof counts);
        for (u32 n = 0; n < DRAWS; n += ZEM_LANES) {
            const struct address a = address_of(n, 0);
            struct address b = address_of(kind == 0 ? (u64)n + 1u : n, kind == 3);
            b.cell_word += kind == 4;
            b.seed_low += kind == 5;
            const bits first = draw(&a, ZEM_STREAM_TARGET, 0u).word[0];
            const bits second = draw(&b, kind == 2 ? ZEM_STREAM_HANDOVER : ZEM_STREAM_TARGET, kind == 1).word[0];
            for (int k = 0; k < ZEM_LANES; k++)
                counts[lane_bits(first, k) >> 27 << 5 | lane_bits(second, k) >> 27]++;
        }
        assert_chi_square(what[kind], counts, 1024, DRAWS / 1024.0);
    }
}

static double normal_cdf(double x) { return 0.5 * erfc(-x / sqrt(2.0)); }

static void normals_have_the_normal_distribution(void **state)
{
    (void)state;
    enum { CELLS = 64 };
    static u32 counts[2][CELLS];
    double moment[2][5] = {{0}}, product = 0.0, squares_product = 0.0, tail[6] = {0};
    for (u32 n = 0; n < DRAWS; n += ZEM_LANES) {
        const struct address a = address_of((u64)n + 0x300000000u, 0);
        const struct counter c = draw(&a, ZEM_STREAM_SEEKER, 2u);
        real x[2];
        normal_pair(c.word[0], c.word[1], &x[0], &x[1]);
        for (int k = 0; k < ZEM_LANES; k++) {
            const double y[2] = {(double)x[0][k], (double)x[1][k]};
            for (int i = 0; i < 2; i++) {
                counts[i][(int)fmin(CELLS * normal_cdf(y[i]), CELLS - 1.0)]++;
                for (int power = 1; power < 5; power++)
                    moment[i][power] += pow(y[i], power) / DRAWS;
                for (int t = 1; t < 6; t++)
                    tail[t] += fabs(y[i]) > t;
            }
            product += y[0] * y[1] / DRAWS;
            squares_product += (y[0] * y[0] - 1.0) * (y[1] * y[1] - 1.0) / DRAWS;
        }
    }
    for (int i = 0; i < 2; i++) { /* the variances of the sample moments are 1, 2, 15 and 105 - 9 over their number */
        assert_within("mean", moment[i][1], 0.0, sqrt(1.0 / DRAWS));
        assert_within("variance", moment[i][2], 1.0, sqrt(2.0 / DRAWS));
        assert_within("third moment", moment[i][3], 0.0, sqrt(15.0 / DRAWS));
        assert_within("fourth moment", moment[i][4], 3.0, sqrt(96.0 / DRAWS));
        assert_chi_square("64 cells of equal probability", counts[i], CELLS, (double)DRAWS / CELLS);
    }
    assert_within("covariance of a pair", product, 0.0, sqrt(1.0 / DRAWS));
    assert_within("covariance of the squares of a pair", squares_product, 0.0, sqrt(4.0 / DRAWS));
    for (int t = 1; t < 5; t++) {
        const double p = 2.0 * normal_cdf(-t), expected = 2.0 * DRAWS * p;
        printf("beyond %d sigma: ", t);
        assert_within("count", tail[t], expected, sqrt(expected * (1.0 - p)));
    }
    assert_true(tail[5] < 12.0); /* 1.2 expected; 12 or more has probability 2e-8 */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_known_answers_of_random123_are_met),
        cmocka_unit_test(a_lane_draws_what_it_would_draw_alone),
        cmocka_unit_test(every_native_engine_draws_the_reference_numbers),
        cmocka_unit_test(a_series_has_the_numbers_of_its_single_draws),
        cmocka_unit_test(counter_has_the_documented_layout),
        cmocka_unit_test(streams_keep_their_numbers),
        cmocka_unit_test(uniforms_are_uniform_in_every_word),
        cmocka_unit_test(every_bit_is_fair),
        cmocka_unit_test(draws_of_neighbouring_counters_are_independent),
        cmocka_unit_test(normals_have_the_normal_distribution),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
