/* kernels/fpmath.h and the kernel functions that use it, compiled for vectors of four lanes. fpmath_test.c compares
 * their results with those of the scalar form. */
#define ZEM_LANES 4
#include "kernels/model.h"

#include "fpmath_lanes.h"

void fpmath_lanes(const uint32_t words[FPMATH_LANES], uint32_t answers[FPMATH_LANES][FPMATH_ANSWERS])
{
    bits word;
    real answer[FPMATH_ANSWERS];
    for (int k = 0; k < ZEM_LANES; k++)
        word[k] = words[k];
    const real x = as_real(word), size = magnitude(x);
    answer[0] = reciprocal(x);
    answer[1] = divide(splat(3.0f), x);
    answer[2] = square_root(size);
    answer[3] = inverse_square_root(size);
    answer[4] = exponential(clip(x, splat(87.0f)));
    answer[5] = logarithm(size);
    sine_cosine_turns(clip(x, splat(1.0e6f)), &answer[6], &answer[7]);
    normal_pair(word, word << 8, &answer[8], &answer[9]);
    answer[10] = air_density(lesser(size, splat(4.0e5f)));
    answer[11] = uniform(word);
    for (int k = 0; k < ZEM_LANES; k++)
        for (int a = 0; a < FPMATH_ANSWERS; a++)
            answers[k][a] = lane_bits(as_bits(answer[a]), k);
}
