/* The errors of every function of kernels/fpmath.h against double precision (kernel_errors.h). At the end the answers
 * of vectors, native engines and OpenCL devices are compared with the scalar ones. */
#include "kernel_errors.h"

#include "device/backend.h"
#include "device/native/native_engine.h"
#include "fpmath_lanes.h"

#define TURN 6.283185307179586476925

static float scaled(float x, int exponent) { return (float)ldexp(x, exponent); }

/* ------------------------------------------------------------------ reciprocal, division */
static double reciprocal_error(u32 word) { return ulps(reciprocal(as_real(word)), 1.0 / (double)as_real(word)); }

static int reciprocal_scales(u32 word)
{
    const u32 mantissa = word % BINADE;
    const float one = reciprocal(as_real(bits_of(1.0f) | mantissa));
    for (int exponent = -124; exponent < 125; exponent++) /* must be 2^-exponent times the answer to 1.mantissa */
        if (reciprocal(scaled(as_real(bits_of(1.0f) | mantissa), exponent)) != scaled(one, -exponent)
            || reciprocal(-scaled(as_real(bits_of(1.0f) | mantissa), exponent)) != -scaled(one, -exponent))
            return 0;
    return 1;
}

static void the_reciprocal_stays_within_its_error_bound(void **state)
{
    (void)state;
    assert_error("reciprocal, ulp", worst(reciprocal_error, bits_of(1.0f), bits_of(2.0f), 1u), 0.501);
    /* The other binades have the same errors, because scaling by a power of two is exact. */
    assert_int_equal(violations(reciprocal_scales, 0u, BINADE, 1009u), 0);
    for (int exponent = -124; exponent < 125; exponent++)
        assert_true(reciprocal(scaled(1.0f, exponent)) == scaled(1.0f, -exponent));
}

/* Makes a float of magnitude 2^-32 to 2^32 from the word, of either sign. Quotients of two of them are normal
 * numbers. */
static float moderate(u32 word) { return as_real((word & 0x9FFFFFFFu) + 0x2F800000u); }

static double division_error(u32 word)
{
    u32 a, b;
    words_from(word, &a, &b);
    return ulps(divide(moderate(a), moderate(b)), (double)moderate(a) / (double)moderate(b));
}

static double small_division_error(u32 word) /* exact quotients and near ties */
{
    const float a = (float)(1u + (word & 0xFFFu)), b = (float)(1u + (word >> 12));
    return ulps(divide(a, b), (double)a / (double)b);
}

static void division_is_correctly_rounded(void **state)
{
    (void)state;
    /* "correctly rounded": an error above 0.5 ulp would show as more than 0.500001 */
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

static void square_roots_stay_within_their_error_bounds(void **state)
{
    (void)state;
    assert_error("inverse square root, ulp", worst(inverse_square_root_error, bits_of(1.0f), bits_of(4.0f), 1u), 1.2);
    assert_error("square root, ulp", worst(square_root_error, bits_of(1.0f), bits_of(4.0f), 1u), 0.74);
    assert_int_equal(violations(roots_scale, 0u, 2u * BINADE, 1009u), 0);
}

static int vanishes(u32 word) { return square_root(as_real(word)) == 0.0f; }

static void the_square_root_of_a_tiny_number_is_zero(void **state)
{
    (void)state;
    assert_int_equal(violations(vanishes, 0u, bits_of(1.0e-30f), 61u), 0); /* arguments from 0 to 1e-30 have the root
                                                                              0 */
    assert_true(square_root(1.0e-30f) > 0.0f && square_root(as_real(bits_of(1.0e-30f) - 1u)) == 0.0f);
    assert_true(inverse_square_root(0.0f) > 1e18f && inverse_square_root(0.0f) < 1e20f); /* large and finite */
}

/* ------------------------------------------------------------------ exponential, logarithm */
static double exponential_error(u32 word) { return ulps(exponential(as_real(word)), exp((double)as_real(word))); }

static void the_exponential_stays_within_its_error_bound(void **state)
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
    assert_true(exponential(-87.0f) > 1.17549435e-38f); /* the result is a normal number */
}

static double logarithm_error(u32 word)
{
    const double exact = log((double)as_real(word));
    return exact == 0.0 ? (logarithm(as_real(word)) == 0.0f ? 0.0 : HUGE_VAL) : ulps(logarithm(as_real(word)), exact);
}

static void the_logarithm_stays_within_its_error_bound(void **state)
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
    const double exact = sin(TURN * remainder_of(u)); /* zero at multiples of half a turn: the value must be, too */
    const double part = fabs(remainder_of(u));
    const float value = sine_turns(u);
    return part == 0.0 || part == 0.5 ? (value == 0.0f ? 0.0 : HUGE_VAL) : ulps(value, exact);
}
/* Returns the absolute error of the cosine in units of 2^-24, because the cosine is computed as a sum with 1. */
static double cosine_error(u32 word)
{
    real sine, cosine;
    sine_cosine_turns(as_real(word), &sine, &cosine);
    const double error = fabs((double)cosine - cos(TURN * remainder_of(as_real(word)))) * 0x1p24;
    return bits_of(sine) == bits_of(sine_turns(as_real(word))) ? error : HUGE_VAL; /* both functions must give one
                                                                                      sine */
}

static void sine_and_cosine_stay_within_their_error_bounds(void **state)
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

/* ------------------------------------------------------------------ the same functions compiled otherwise */
/* Writes for one word the results of the functions that fpmath_lanes.c calls, computed by the scalar forms. */
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
    /* numbers that differ in all their bits, with every exponent from -60 to 60 */
    for (u32 k = 0; k < FPMATH_LANES; k++) {
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

static void vectors_have_the_bits_of_the_scalar_reading(void **state)
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

static void native_engines_have_the_bits_of_the_scalar_reading(void **state)
{
    (void)state;
    const u32 count = ANSWER_ARGUMENTS / 4u / EVERY;
    u32 *expected = scalar_answers(count);
    unsigned usable = 0;
    for (unsigned e = 0; e < zem_native_engine_count; e++) {
        const struct zem_native_engine *engine = zem_native_engines[e];
        if (engine->in_double || !zem_native_isa_usable(engine->isa))
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

static void opencl_devices_have_the_bits_of_the_scalar_reading(void **state)
{
    (void)state;
    struct zem_device_list list;
    struct zem_error error = {0};
    unsigned usable = 0;
    assert_int_equal(zem_devices_list(&list, NULL, 0.0, &error), 0);
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
        cmocka_unit_test(the_reciprocal_stays_within_its_error_bound),
        cmocka_unit_test(division_is_correctly_rounded),
        cmocka_unit_test(square_roots_stay_within_their_error_bounds),
        cmocka_unit_test(the_square_root_of_a_tiny_number_is_zero),
        cmocka_unit_test(the_exponential_stays_within_its_error_bound),
        cmocka_unit_test(the_logarithm_stays_within_its_error_bound),
        cmocka_unit_test(sine_and_cosine_stay_within_their_error_bounds),
        cmocka_unit_test(vectors_have_the_bits_of_the_scalar_reading),
        cmocka_unit_test(native_engines_have_the_bits_of_the_scalar_reading),
        cmocka_unit_test(opencl_devices_have_the_bits_of_the_scalar_reading),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
