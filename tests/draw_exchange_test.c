/* When a source of chance is exchanged, its draws come from the partner trial, and those of no other source do. The
 * kernels are compiled here for one trial at a time. */
#define ZEM_LANES 1
#define ZEM_DRAW_EXCHANGE "device/native/draw_exchange.h"
#include "kernels/model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct cell_parameters cell_of(feature_set features)
{
    struct cell_parameters cell = {.features = features, .switching_rate = 2.0f};
    for (u32 k = 0; k < ZEM_VARIED_COUNT; k++)
        cell.varied[k] = (struct quantity){.base = 1.0f, .scale = 0.5f, .kind = 1u + k % 2u};
    return cell;
}

static struct address address_of(u32 exchanged, u32 shot)
{
    return (struct address){.trial_low = 9u, .seed_low = 5u, .shot = shot, .exchanged = exchanged};
}

static void a_quantity_is_exchanged_by_itself(void **state)
{
    (void)state;
    const struct cell_parameters cell = cell_of(0u);
    for (u32 exchanged = 0; exchanged < ZEM_VARIED_COUNT; exchanged++)
        for (u32 k = 0; k < ZEM_VARIED_COUNT; k++) {
            const struct address mixed = address_of(1u << exchanged, 0u),
                                 own = address_of(0u, k == exchanged ? ZEM_PARTNER : 0u);
            assert_true(sample_quantity(&cell, &mixed, ZEM_STREAM_TARGET, k)
                        == sample_quantity(&cell, &own, ZEM_STREAM_TARGET, k));
        }
}

/* Writes the times of the first reversals of a telegraph, s, and its first sign, with the draws of `shot`. */
enum { REVERSALS = 6 };
static void reversals_of(u32 shot, float time[REVERSALS], float *sign)
{
    const struct cell_parameters cell = cell_of(ZEM_FEATURE_TELEGRAPH);
    const struct address address = address_of(0u, shot);
    time[0] = reversal_interval(&cell, draw(&address, ZEM_STREAM_TELEGRAPH, 0u).word[0]);
    *sign = draw(&address, ZEM_STREAM_TELEGRAPH, 0u).word[1] & 0x80000000u ? -1.0f : 1.0f;
    for (u32 k = 1; k < REVERSALS; k++)
        time[k] = time[k - 1] + reversal_interval(&cell, draw(&address, ZEM_STREAM_TELEGRAPH, k).word[0]);
}

static void all_reversals_of_a_telegraph_are_exchanged(void **state)
{
    (void)state;
    const struct cell_parameters cell = cell_of(ZEM_FEATURE_TELEGRAPH);
    for (u32 exchanged = 0; exchanged < 2u; exchanged++) {
        const struct address address = address_of(exchanged << ZEM_SOURCE_REVERSALS, 0u);
        float time[REVERSALS], sign;
        reversals_of(exchanged * ZEM_PARTNER, time, &sign);
        struct target target = target_sample(&cell, &address, 0.0f);
        assert_true(target.sign == sign && target.next_reversal == time[0]);
        for (u32 k = 1; k < REVERSALS; k++) {
            target_reverse(&cell, &address, 1, &target);
            assert_true(target.next_reversal == time[k]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_quantity_is_exchanged_by_itself),
        cmocka_unit_test(all_reversals_of_a_telegraph_are_exchanged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
