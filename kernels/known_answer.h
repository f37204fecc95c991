/* The arithmetic part of the self-test: random numbers and elementary functions of one argument, as 32-bit words.
 * Native engines and OpenCL devices must compute the same words. A device whose words differ from the known answers is
 * not used. */
#ifndef ZEM_KNOWN_ANSWER_H
#define ZEM_KNOWN_ANSWER_H

#if defined(__OPENCL_C_VERSION__)
typedef __global u32 *answer_words;
#else
typedef u32 *answer_words;
#endif

/* Returns the bits of the last lane of x. */
ZEM_FUNCTION u32 answer(real x) { return lane_bits(as_bits(x), ZEM_LANES - 1); }

/* Writes ZEM_KNOWN_ANSWERS words to `answers` for the argument, which may be any 32-bit number. */
ZEM_FUNCTION void known_answer(u32 argument, answer_words answers)
{
    struct counter c;
    c.word[0] = splat_bits(argument);
    c.word[1] = splat_bits(argument ^ 0x85A308D3u);
    c.word[2] = splat_bits(argument * 0x13198A2Eu);
    c.word[3] = splat_bits(0x03707344u);
    c = philox(c, 0xA4093822u, 0x299F31D0u + argument);
    for (int k = 0; k < 4; k++)
        answers[k] = lane_bits(c.word[k], ZEM_LANES - 1);

    const real u = uniform_positive(c.word[0]), angle = fmadd(uniform(c.word[1]), splat(200.0f), splat(-100.0f));
    const real wide = as_real((c.word[2] & 0x3FFFFFFFu) + 0x1E000000u); /* from 2^-67 to 2^60 */
    real sine, cosine;
    sine_cosine_turns(angle, &sine, &cosine);
    answers[4] = answer(reciprocal(wide));
    answers[5] = answer(divide(u, wide));
    answers[6] = answer(square_root(wide));
    answers[7] = answer(exponential(angle * 0.8f));
    answers[8] = answer(logarithm(u));
    answers[9] = answer(sine);
    answers[10] = answer(cosine);
    answers[11] = answer(air_density(u * 90000.0f));
}

#endif
