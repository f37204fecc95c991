/* The vector types and operations that the C dialects of single and double precision share. The file that includes this
 * one defines `component`, the type of one lane: float or double. */
#ifndef ZEM_DIALECT_VECTOR_TYPES_H
#define ZEM_DIALECT_VECTOR_TYPES_H

typedef component real __attribute__((vector_size(sizeof(component) * ZEM_LANES)));
typedef u32 bits __attribute__((vector_size(4 * ZEM_LANES)));
typedef i32 signed_bits __attribute__((vector_size(4 * ZEM_LANES)));
ZEM_FUNCTION real splat(component x) { return x - (real){0}; }
ZEM_FUNCTION bits splat_bits(u32 x) { return x - (bits){0}; }
ZEM_FUNCTION real small_to_real(bits x) { return __builtin_convertvector((signed_bits)x, real); }
ZEM_FUNCTION bits signed_shift_right(bits x, int n) { return (bits)((signed_bits)x >> n); }
ZEM_FUNCTION real signed_to_real(bits x) { return __builtin_convertvector((signed_bits)x, real); }
ZEM_FUNCTION float lane(real x, int i) { return (float)x[i]; }
ZEM_FUNCTION u32 lane_bits(bits x, int i) { return x[i]; }
ZEM_FUNCTION void lane_words(bits x, u32 words[ZEM_LANES]) { memcpy(words, &x, sizeof x); }
ZEM_FUNCTION bits lane_numbers(void)
{
    bits x;
    for (int i = 0; i < ZEM_LANES; i++)
        x[i] = (u32)i;
    return x;
}

#endif
