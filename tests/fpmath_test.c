/* Every function of kernels/fpmath.h, sample.h and atmosphere.h against double precision: over all 2^23 mantissas of
 * the binades that differ, all 2^24 uniforms, and with a stride elsewhere. A limit is the largest error that was
 * measured here, rounded up in its third digit: the bits are fixed, so the errors are, and a change that makes one
 * worse shows. The double functions of the C library err by 1e-16, a hundred millionth of what is measured. What
 * vectors, the native engines and OpenCL devices make of the same text is held against this scalar reading at the end.
 */
#include "kernels/model.h"

#include "device/backend.h"
#include "device/native/native_engine.h"
#include "fpmath_lanes.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* Unoptimised and instrumented builds look at every 16th argument. */
#if defined(__OPTIMIZE__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) \
    && !defined(ZEM_TEST_COARSE)
#define EVERY 1u
#else
#define EVERY 16u
#endif

#define BINADE (1u << 23)
#define SIGN 0x80000000u
#define TURN 6.283185307179586476925

static u32 bits_of(float x) { return as_bits(x); }

/* Distance of a float from the exact value, in units of the last place of the latter. */
static double ulps(float value, double exact)
{
    int exponent;
    frexp(exact, &exponent);
    return fabs((double)value - exact) / ldexp(1.0, exponent - 24);
}

/* Error at the argument whose bits are `word`. */
typedef double error_function(u32 word);

/* Largest error over the words from `first` below `end`; an error that is not a number is infinite. */
static double worst(error_function *error, u32 first, u32 end, u32 stride)
{
    const u32 step = stride * EVERY, count = (end - first + step - 1u) / step;
    double largest = 0.0;
#pragma omp parallel for schedule(static) reduction(max : largest)
    for (u32 k = 0; k < count; k++) {
        const double e = error(first + k * step);
        largest = e <= largest ? largest : e >= 0.0 ? e : HUGE_VAL;
    }
    return largest;
}

/* The error measured is at most the limit, and the limit says no more than it must. */
static void assert_error(const char *what, double error, double limit)
{
    printf("%s: largest error %.6g, limit %.6g\n", what, error, limit);
    if (!(error <= limit))
        fail_msg("%s: error %.6g exceeds %.6g", what, error, limit);
    if (EVERY == 1u && error < 0.9 * limit)
        fail_msg("%s: error %.6g is so far below its limit %.6g that the limit says nothing", what, error, limit);
}

/* Number of the words 0, EVERY, ... below `count` at which a property does not hold. */
static u32 violations(int (*holds)(u32 word), u32 first, u32 count, u32 stride)
{
    u32 bad = 0;
#pragma omp parallel for schedule(static) reduction(+ : bad)
    for (u32 k = 0; k < count / (stride * EVERY); k++)
        bad += holds(first + k * stride * EVERY) ? 0u : 1u;
    return bad;
}

static float scaled(float x, int exponent) { return (float)ldexp(x, exponent); }

/* ------------------------------------------------------------------ reciprocal, division */
static double reciprocal_error(u32 word) { return ulps(reciprocal(as_real(word)), 1.0 / (double)as_real(word)); }

static int reciprocal_scales(u32 word)
{
    const u32 mantissa = word % BINADE;
    const float one = reciprocal(as_real(bits_of(1.0f) | mantissa));
    for (int exponent = -124; exponent < 125; exponent++) /* 2^-exponent times the answer to 1.mantissa, exactly */
        if (reciprocal(scaled(as_real(bits_of(1.0f) | mantissa), exponent)) != scaled(one, -exponent)
            || reciprocal(-scaled(as_real(bits_of(1.0f) | mantissa), exponent)) != -scaled(one, -exponent))
            return 0;
    return 1;
}

static void reciprocal_over_all_mantissas(void **state)
{
    (void)state;
    assert_error("reciprocal, ulp", worst(reciprocal_error, bits_of(1.0f), bits_of(2.0f), 1u), 0.501);
    assert_int_equal(violations(reciprocal_scales, 0u, BINADE, 1009u),
                     0);                                  /* so the other binades have the same errors */
    for (int exponent = -124; exponent < 125; exponent++) /* powers of two are exact */
        assert_true(reciprocal(scaled(1.0f, exponent)) == scaled(1.0f, -exponent));
}

/* Two well-mixed words from one. */
static void words_from(u32 seed, u32 *a, u32 *b)
{
    const u64 mixed = trial_mix(seed, 0u, 0u);
    *a = (u32)mixed;
    *b = (u32)(mixed >> 32);
}

/* 2^-32 to 2^32 and both signs: no quotient leaves the normal numbers. */
static float moderate(u32 word) { return as_real((word & 0x9FFFFFFFu) + 0x2F800000u); }

static double division_error(u32 word)
{
    u32 a, b;
    words_from(word, &a, &b);
    return ulps(divide(moderate(a), moderate(b)), (double)moderate(a) / (double)moderate(b));
}

static double small_division_error(u32 word) /* all quotients of integers below 4096: exact ones and near ties */
{
    const float a = (float)(1u + (word & 0xFFFu)), b = (float)(1u + (word >> 12));
    return ulps(divide(a, b), (double)a / (double)b);
}

static void division_of_two_arguments(void **state)
{
    (void)state;
    /* correctly rounded, as far as seen */
    assert_error("division, 2^25 pairs, ulp", worst(division_error, 0u, 1u << 25, 1u), 0.500001);
    assert_error("division, integers, ulp", worst(small_division_error, 0u, 1u << 24, 1u), 0.500001);
    assert_true(divide(0.0f, 3.0f) == 0.0f && divide(6.0f, 3.0f) == 2.0f && divide(-1.0f, 4.0f) == -0.25f);
}

/* ------------------------------------------------------------------ square roots */
static double inverse_square_root_error(u32 word)
{
    return ulps(inverse_square_root(as_real(word)), 1.0 / sqrt((double)as_real(word)));
}
static double square_root_error(u32 word) { return ulps(square_root(as_real(word)), sqrt((double)as_real(word))); }

static int roots_scale(u32 word)
{
    const float base = as_real(bits_of(1.0f) + word % (2u * BINADE));
    const float root = square_root(base), inverse = inverse_square_root(base);
    for (int exponent = -49; exponent < 62; exponent++) {
        const float x = scaled(base, 2 * exponent);
        if (square_root(x) != scaled(root, exponent) || inverse_square_root(x) != scaled(inverse, -exponent))
            return 0;
    }
    return 1;
}

static void square_roots_over_all_mantissas(void **state)
{
    (void)state;
    assert_error("inverse square root, ulp", worst(inverse_square_root_error, bits_of(1.0f), bits_of(4.0f), 1u), 1.2);
    assert_error("square root, ulp", worst(square_root_error, bits_of(1.0f), bits_of(4.0f), 1u), 0.74);
    assert_int_equal(violations(roots_scale, 0u, 2u * BINADE, 1009u), 0);
}

static int vanishes(u32 word) { return square_root(as_real(word)) == 0.0f; }

static void square_root_of_next_to_nothing_is_zero(void **state)
{
    (void)state;
    assert_int_equal(violations(vanishes, 0u, bits_of(1.0e-30f), 61u), 0); /* zero, subnormal numbers and up to 1e-30 */
    assert_true(square_root(1.0e-30f) > 0.0f && square_root(as_real(bits_of(1.0e-30f) - 1u)) == 0.0f);
    assert_true(inverse_square_root(0.0f) > 1e18f && inverse_square_root(0.0f) < 1e20f); /* large and finite */
}

/* ------------------------------------------------------------------ exponential, logarithm */
static double exponential_error(u32 word) { return ulps(exponential(as_real(word)), exp((double)as_real(word))); }

static void exponential_over_its_range(void **state)
{
    (void)state;
    const u32 edge = bits_of(0.0625f);
    const double positive = worst(exponential_error, edge, bits_of(88.0f) + 1u, 1u);
    const double negative = worst(exponential_error, edge | SIGN, bits_of(-87.0f) + 1u, 1u);
    const double small =
        fmax(worst(exponential_error, 0u, edge, 61u), worst(exponential_error, SIGN, edge | SIGN, 61u));
    assert_error("exponential, ulp", fmax(fmax(positive, negative), small), 1.06);
    assert_true(exponential(0.0f) == 1.0f && exponential(-0.0f) == 1.0f);
    assert_true(exponential(as_real(bits_of(-87.0f) + 1u)) == 0.0f && exponential(-1.0e4f) == 0.0f
                && exponential(-1.0e20f) == 0.0f);
    assert_true(exponential(-87.0f) > 1.17549435e-38f); /* a normal number */
}

static double logarithm_error(u32 word)
{
    const double exact = log((double)as_real(word));
    return exact == 0.0 ? (logarithm(as_real(word)) == 0.0f ? 0.0 : HUGE_VAL) : ulps(logarithm(as_real(word)), exact);
}

static void logarithm_over_its_range(void **state)
{
    (void)state;
    const double near = worst(logarithm_error, bits_of(0.25f), bits_of(4.0f), 1u);
    const double wide = worst(logarithm_error, BINADE, bits_of(HUGE_VALF), 31u);
    assert_error("logarithm from 1/4 to 4, ulp", near, 0.904);
    assert_error("logarithm of every 31st number, ulp", wide, 0.863);
}

/* ------------------------------------------------------------------ sine and cosine of turns */
static double remainder_of(float turns) { return (double)turns - rint((double)turns); }

static double sine_error(u32 word)
{
    const float u = as_real(word);
    const double exact = sin(TURN * remainder_of(u)); /* zero where exact halves are: both zero, or nothing is */
    const double part = fabs(remainder_of(u));
    const float value = sine_turns(u);
    return part == 0.0 || part == 0.5 ? (value == 0.0f ? 0.0 : HUGE_VAL) : ulps(value, exact);
}
/* The cosine is a sum with 1: its error is absolute, in units of 2^-24. */
static double cosine_error(u32 word)
{
    real sine, cosine;
    sine_cosine_turns(as_real(word), &sine, &cosine);
    const double error = fabs((double)cosine - cos(TURN * remainder_of(as_real(word)))) * 0x1p24;
    return bits_of(sine) == bits_of(sine_turns(as_real(word))) ? error : HUGE_VAL; /* the two sines are one */
}

static void sine_and_cosine_over_their_range(void **state)
{
    (void)state;
    const u32 low = bits_of(0.03125f), high = bits_of(2.0f), largest = bits_of(1048576.0f);
    assert_error("sine from 2^-5 to 2 turns, ulp", worst(sine_error, low, high, 1u), 2.86);
    assert_error("sine elsewhere, ulp",
                 fmax(worst(sine_error, BINADE * 32u, low, 97u), worst(sine_error, high | SIGN, largest | SIGN, 13u)),
                 2.72);
    assert_error("cosine from 2^-5 to 2 turns, 2^-24", worst(cosine_error, low, high, 1u), 1.96);
    assert_error("cosine elsewhere, 2^-24",
                 fmax(worst(cosine_error, 0u, low, 97u), worst(cosine_error, high | SIGN, largest | SIGN, 13u)), 1.94);
}

/* ------------------------------------------------------------------ sample.h */
static int uniform_is_exact(u32 k)
{
    const u32 word = k << 8 | (k * 0x9E3779B9u) >> 24; /* the low byte does not count */
    return (double)uniform(word) == (double)k * 0x1p-24 && (double)uniform_positive(word) == (double)(k + 1u) * 0x1p-24;
}

static void uniforms_are_exact(void **state)
{
    (void)state;
    assert_int_equal(violations(uniform_is_exact, 0u, 1u << 24, 1u), 0);
    assert_true(uniform(0u) == 0.0f && uniform(0xFFFFFFFFu) < 1.0f && uniform_positive(0u) > 0.0f
                && uniform_positive(0xFFFFFFFFu) == 1.0f);
}

static double radius_error(u32 k)
{
    real first, second;
    normal_pair(k << 8, 0u, &first, &second); /* angle 0: the radius itself */
    const double exact = sqrt(-2.0 * log((double)(k + 1u) * 0x1p-24));
    return exact == 0.0 ? (first == 0.0f ? 0.0 : HUGE_VAL) : ulps(first, exact);
}
/* The angle that a word stands for, in turns: its top bit counts half a turn, the next 24, as a signed number, 2^-25
 * each. */
static double word_turns(u32 word)
{
    const double quarter = (double)(word >> 7 & 0x00FFFFFFu);
    return (word >> 31 ? 0.5 : 0.0) + (quarter < 0x1p23 ? quarter : quarter - 0x1p24) * 0x1p-25;
}
static double normal_error(u32 k) /* absolute, in units of 2^-24 of the radius */
{
    real first, second;
    u32 a, b;
    words_from(k, &a, &b);
    normal_pair(a, k << 8, &first, &second);
    const double radius = sqrt(-2.0 * log((double)((a >> 8) + 1u) * 0x1p-24)), angle = TURN * word_turns(k << 8);
    const double error = fmax(fabs((double)first - radius * cos(angle)), fabs((double)second - radius * sin(angle)));
    return radius == 0.0 ? 0.0 : error / radius * 0x1p24;
}

/* Every multiple of 2^-25 of a turn is the angle of one word in 128. */
static void words_go_once_round_the_circle(void **state)
{
    (void)state;
    static unsigned char seen[1u << 25];
    for (u32 k = 0; k < 1u << 25; k++) {
        const double turns = word_turns(k << 7) * 0x1p25;
        const u32 place = (u32)(i32)turns & 0x01FFFFFFu;
        assert_true(turns == floor(turns) && seen[place] == 0);
        seen[place] = 1;
    }
}

static void normals_over_all_uniforms(void **state)
{
    (void)state;
    real first, second;
    assert_error("radius of a normal pair, ulp", worst(radius_error, 0u, 1u << 24, 1u), 1.17);
    assert_error("normal pair, 2^-24 of its radius", worst(normal_error, 0u, 1u << 24, 1u), 4.87);
    normal_pair(0u, 0u, &first, &second);
    assert_true(first > 5.768f && first < 5.769f && second == 0.0f); /* sqrt(2 ln 2^24), the largest there is */
}

static void quantities_take_their_own_words(void **state)
{
    (void)state;
    struct cell_parameters cell = {.seed_low = 3u, .seed_high = 5u};
    const struct address address = {
        .trial_low = 77u, .trial_high = 1u, .cell_word = 9u, .seed_low = 3u, .seed_high = 5u, .shot = 2u};
    for (u32 index = 0; index < ZEM_VARIED_COUNT; index++) {
        const struct counter c = draw(&address, ZEM_STREAM_HANDOVER, index / 2u); /* two quantities share a draw */
        real normal, unused;
        normal_pair(c.word[index % 2u * 2u], c.word[index % 2u * 2u + 1u], &normal, &unused);
        cell.varied[index] = (struct quantity){.base = 10.0f, .scale = 4.0f, .kind = ZEM_QUANTITY_CONSTANT};
        assert_true(sample_quantity(&cell, &address, ZEM_STREAM_HANDOVER, index) == 10.0f);
        cell.varied[index].kind = ZEM_QUANTITY_UNIFORM;
        assert_true(sample_quantity(&cell, &address, ZEM_STREAM_HANDOVER, index)
                    == fmaf(4.0f, uniform(c.word[index % 2u * 2u]), 10.0f));
        cell.varied[index].kind = ZEM_QUANTITY_NORMAL;
        assert_true(sample_quantity(&cell, &address, ZEM_STREAM_HANDOVER, index) == fmaf(4.0f, normal, 10.0f));
    }
}

/* ------------------------------------------------------------------ atmosphere.h */
/* U.S. Standard Atmosphere 1976 as its equations stand: temperature and pressure layer by layer (equations 23, 33a,
 * 33b, 42), with g0 = 9.80665, M0 = 28.9644 g/mol, R* = 8314.32 J/(kmol K). Above 84.852 km the exponential goes on. */
static double standard_density(double altitude)
{
    static const double base[8] = {0, 11000, 20000, 32000, 47000, 51000, 71000, 84852},
                        lapse[8] = {-0.0065, 0, 0.001, 0.0028, 0, -0.0028, -0.002, 0};
    const double g = 9.80665 * 28.9644 / 8314.32, height = altitude * 6356766.0 / (altitude + 6356766.0);
    double temperature = 288.15, pressure = 101325.0;
    for (int k = 0; k < 8; k++) {
        const double top = k < 7 && height > base[k + 1] ? base[k + 1] : height, thickness = top - base[k];
        const double next = temperature + lapse[k] * thickness;
        pressure *= lapse[k] != 0.0 ? pow(temperature / next, g / lapse[k]) : exp(-g * thickness / temperature);
        temperature = next;
        if (top == height)
            break;
    }
    return pressure * 28.9644 / (8314.32 * temperature);
}

static double density_error(u32 word) /* relative */
{
    const double exact = standard_density((double)as_real(word));
    return fabs((double)air_density(as_real(word)) - exact) / exact;
}

static void air_density_over_all_altitudes(void **state)
{
    (void)state;
    /* Published (tables I): kg/m3 at geometric km. The table has five digits. */
    static const double table[][2] = {{0, 1.2250},     {10, 4.1351e-1}, {20, 8.8910e-2},
                                      {30, 1.8410e-2}, {40, 3.9957e-3}, {50, 1.0269e-3},
                                      {60, 3.0968e-4}, {70, 8.2829e-5}, {80, 1.8458e-5}};
    for (size_t k = 0; k < sizeof table / sizeof *table; k++)
        assert_true(fabs((double)air_density((float)(1000.0 * table[k][0])) / table[k][1] - 1.0) < 4e-5);
    assert_error("air density from 1 to 86 km, relative", worst(density_error, bits_of(1000.0f), bits_of(86000.0f), 1u),
                 2.94e-6);
    assert_error(
        "air density from -5 to 1 km, relative",
        fmax(worst(density_error, 0u, bits_of(1000.0f), 127u), worst(density_error, SIGN, bits_of(-5000.0f), 127u)),
        1.39e-7);
    assert_error("air density from 86 to 400 km, relative",
                 worst(density_error, bits_of(86000.0f), bits_of(400000.0f), 1u), 1.49e-5);
}

static int density_falls(u32 word) { return air_density(as_real(word)) >= air_density(as_real(word + 64u)); }

static void air_density_falls_with_altitude_down_to_zero(void **state)
{
    (void)state;
    const u32 first = bits_of(100.0f);
    assert_int_equal(violations(density_falls, first, bits_of(400000.0f) - first, 64u),
                     0); /* 64 floats apart: rounding may lift a neighbour */
    assert_true(air_density(1.0e6f) == 0.0f && air_density(1.0e9f) == 0.0f);
}

/* ------------------------------------------------------------------ other readings of the same text */
/* What fpmath_lanes.c answers in lanes, in one. */
static void scalar_reading(u32 word, u32 answers[FPMATH_ANSWERS])
{
    const float x = as_real(word), size = magnitude(x);
    float answer[FPMATH_ANSWERS];
    answer[0] = reciprocal(x);
    answer[1] = divide(3.0f, x);
    answer[2] = square_root(size);
    answer[3] = inverse_square_root(size);
    answer[4] = exponential(clip(x, 87.0f));
    answer[5] = logarithm(size);
    sine_cosine_turns(clip(x, 1.0e6f), &answer[6], &answer[7]);
    normal_pair(word, word << 8, &answer[8], &answer[9]);
    answer[10] = air_density(lesser(size, 4.0e5f));
    answer[11] = uniform(word);
    memcpy(answers, answer, sizeof answer);
}

static int lanes_agree(u32 word)
{
    u32 words[FPMATH_LANES], answers[FPMATH_LANES][FPMATH_ANSWERS], expected[FPMATH_ANSWERS];
    for (u32 k = 0; k < FPMATH_LANES;
         k++) { /* four numbers that differ in all their parts, every exponent from -60 to 60 */
        const u32 mixed = (word + k) * 0x9E3779B9u;
        words[k] = (mixed & 0x807FFFFFu) | (67u + (mixed >> 23) % 121u) << 23;
    }
    fpmath_lanes(words, answers);
    for (u32 k = 0; k < FPMATH_LANES; k++) {
        scalar_reading(words[k], expected);
        if (memcmp(expected, answers[k], sizeof expected) != 0)
            return 0;
    }
    return 1;
}

static void vectors_answer_as_this_reading(void **state)
{
    (void)state;
    assert_int_equal(violations(lanes_agree, 0u, 1u << 24, 4u), 0);
}

#define ANSWER_ARGUMENTS (1u << 18)

static u32 *scalar_answers(u32 count)
{
    u32 *answers = malloc((size_t)count * ZEM_KNOWN_ANSWERS * sizeof *answers);
    assert_non_null(answers);
    for (u32 k = 0; k < count; k++)
        known_answer(k, answers + (size_t)k * ZEM_KNOWN_ANSWERS);
    return answers;
}

static void native_engines_answer_as_this_reading(void **state)
{
    (void)state;
    const u32 count = ANSWER_ARGUMENTS / 4u / EVERY;
    u32 *expected = scalar_answers(count);
    unsigned usable = 0;
    for (unsigned e = 0; e < zem_native_engine_count; e++) {
        const struct zem_native_engine *engine = zem_native_engines[e];
        if (!zem_native_isa_usable(engine->isa))
            continue;
        usable++;
        for (u32 k = 0; k < count; k++) {
            u32 answers[ZEM_KNOWN_ANSWERS];
            engine->known_answer(k, answers);
            if (memcmp(answers, expected + (size_t)k * ZEM_KNOWN_ANSWERS, sizeof answers) != 0)
                fail_msg("engine %s of %s differs at argument %u", engine->variant, engine->isa, k);
        }
    }
    free(expected);
    printf("%u of %u engines can run here\n", usable, zem_native_engine_count);
    assert_true(usable > 0);
}

static void opencl_devices_answer_as_this_reading(void **state)
{
    (void)state;
    struct zem_device_list list;
    struct zem_error error = {0};
    unsigned usable = 0;
    assert_int_equal(zem_devices_list(&list, &error), 0);
    for (size_t d = 0; d < list.count; d++) {
        const struct zem_device *device = &list.items[d];
        const struct zem_engine_options options = {
            .features_possible = 0u, .stages = 1u, .radius_count = 1u, .shots = 1u};
        struct zem_engine *engine = NULL;
        if (device->backend != &zem_backend_opencl || device->reason[0] != '\0')
            continue;
        usable++;
        u32 *expected = scalar_answers(ANSWER_ARGUMENTS),
            *answers = calloc(ANSWER_ARGUMENTS, ZEM_KNOWN_ANSWERS * sizeof *answers);
        assert_non_null(answers);
        if (device->backend->open(device, &options, &engine, &error) != 0
            || device->backend->known_answers(engine, ANSWER_ARGUMENTS, answers, &error) != 0)
            fail_msg("%s", error.message);
        device->backend->close(engine);
        assert_memory_equal(answers, expected, (size_t)ANSWER_ARGUMENTS * ZEM_KNOWN_ANSWERS * sizeof *answers);
        free(answers);
        free(expected);
    }
    zem_devices_free(&list);
    if (usable == 0) {
        printf("no usable OpenCL device\n");
        skip();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reciprocal_over_all_mantissas),
        cmocka_unit_test(division_of_two_arguments),
        cmocka_unit_test(square_roots_over_all_mantissas),
        cmocka_unit_test(square_root_of_next_to_nothing_is_zero),
        cmocka_unit_test(exponential_over_its_range),
        cmocka_unit_test(logarithm_over_its_range),
        cmocka_unit_test(sine_and_cosine_over_their_range),
        cmocka_unit_test(uniforms_are_exact),
        cmocka_unit_test(normals_over_all_uniforms),
        cmocka_unit_test(words_go_once_round_the_circle),
        cmocka_unit_test(quantities_take_their_own_words),
        cmocka_unit_test(air_density_over_all_altitudes),
        cmocka_unit_test(air_density_falls_with_altitude_down_to_zero),
        cmocka_unit_test(vectors_answer_as_this_reading),
        cmocka_unit_test(native_engines_answer_as_this_reading),
        cmocka_unit_test(opencl_devices_answer_as_this_reading),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
