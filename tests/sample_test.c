/* What kernels/sample.h makes of random words, compared with double precision (kernel_errors.h): uniforms, normals, and
 * which words a quantity uses. */
#include "kernel_errors.h"

#define TURN 6.283185307179586476925

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
    normal_pair(k << 8, 0u, &first, &second); /* with the angle 0 the first normal is the radius */
    const double exact = sqrt(-2.0 * log((double)(k + 1u) * 0x1p-24));
    return exact == 0.0 ? (first == 0.0f ? 0.0 : HUGE_VAL) : ulps(first, exact);
}
/* Returns the angle of a word, in turns. The top bit counts half a turn. The next 24 bits are a signed number of steps
 * of 2^-25 turns. */
static double word_turns(u32 word)
{
    const double quarter = (double)(word >> 7 & 0x00FFFFFFu);
    return (word >> 31 ? 0.5 : 0.0) + (quarter < 0x1p23 ? quarter : quarter - 0x1p24) * 0x1p-25;
}
static double normal_error(u32 k) /* absolute error in units of 2^-24 of the radius */
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
static void every_angle_belongs_to_one_word_in_128(void **state)
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

static void normals_stay_within_their_error_bounds(void **state)
{
    (void)state;
    real first, second;
    assert_error("radius of a normal pair, ulp", worst(radius_error, 0u, 1u << 24, 1u), 1.17);
    assert_error("normal pair, 2^-24 of its radius", worst(normal_error, 0u, 1u << 24, 1u), 4.87);
    normal_pair(0u, 0u, &first, &second);
    assert_true(first > 5.768f && first < 5.769f && second == 0.0f); /* sqrt(2 ln 2^24), the largest normal */
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(uniforms_are_exact),
        cmocka_unit_test(normals_stay_within_their_error_bounds),
        cmocka_unit_test(every_angle_belongs_to_one_word_in_128),
        cmocka_unit_test(quantities_take_their_own_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
