/* Philox4x32-10, the counter-based random number generator of Salmon, Moraes, Dror and Shaw, "Parallel random numbers:
 * as easy as 1, 2, 3", SC11 (2011). It turns a counter of four words and a key into four random words, and has no other
 * state. The key is the seed. The counter is the address of a draw:
 *
 *   word 0  trial, low 32 bits
 *   word 1  cell, or 0 with common random numbers
 *   word 2  draw index (24 bits), shot (8 bits, high)
 *   word 3  stream (8 bits), trial bits 32 to 55 (24 bits, high)
 *
 * Known answers are in tests/philox_test.c and in the self-test of every device. */
#ifndef ZEM_PHILOX_H
#define ZEM_PHILOX_H

/* Streams of random numbers. Each use has a stream of its own, so that a new stream leaves the numbers of the others as
 * they are. Append new streams at the end only. */
enum zem_stream {
    ZEM_STREAM_TARGET,    /* per-trial quantities of the target, shared by the shots of a salvo */
    ZEM_STREAM_HANDOVER,  /* heading errors and displacements of one shot */
    ZEM_STREAM_SEEKER,    /* measurement noise */
    ZEM_STREAM_TELEGRAPH, /* reversals of a telegraph maneuver, shared by the shots of a salvo */
    ZEM_STREAM_LETHALITY, /* the draw that decides a hit by Carleton lethality */
    ZEM_STREAM_DISPERSED  /* dispersed keys, which the host draws; shared by the shots of a salvo */
};

/* Four words: a counter, which is the input of the generator, or the random words that are its output. */
struct counter {
    bits word[4];
};

/* The factors of a round, and what the key grows by after each round. */
#define ZEM_PHILOX_FACTOR0 0xD2511F53u
#define ZEM_PHILOX_FACTOR1 0xCD9E8D57u
#define ZEM_PHILOX_GROWTH0 0x9E3779B9u
#define ZEM_PHILOX_GROWTH1 0xBB67AE85u
#define ZEM_PHILOX_ROUNDS 10u

/* Carries the words `w` of `count` counters through the rounds that are left after `done` rounds, and stores the random
 * words in `c`. All counters go through each round together. A round depends on the one before, so the calculations of
 * one counter alone could not overlap. */
ZEM_FUNCTION void philox_finish(struct word w[][4], u32 count, u32 done, u32 key0, u32 key1, struct counter *c)
{
    key0 += done * ZEM_PHILOX_GROWTH0;
    key1 += done * ZEM_PHILOX_GROWTH1;
    ZEM_UNROLL
    for (u32 round = done; round < ZEM_PHILOX_ROUNDS; round++) {
        ZEM_UNROLL
        for (u32 k = 0; k < count; k++) {
            const struct word product0 = word_multiply(w[k][0], ZEM_PHILOX_FACTOR0),
                              product1 = word_multiply(w[k][2], ZEM_PHILOX_FACTOR1);
            w[k][0] = word_mix_high(product1, w[k][1], key0);
            w[k][1] = product1;
            w[k][2] = word_mix_high(product0, w[k][3], key1);
            w[k][3] = product0;
        }
        key0 += ZEM_PHILOX_GROWTH0;
        key1 += ZEM_PHILOX_GROWTH1;
    }
    ZEM_UNROLL
    for (u32 k = 0; k < count; k++) {
        ZEM_UNROLL
        for (int j = 0; j < 4; j++)
            c[k].word[j] = word_bits(w[k][j]);
    }
}

/* Returns the four random words of a counter. */
ZEM_PART struct counter philox(struct counter c, u32 key0, u32 key1)
{
    struct word w[1][4];
    ZEM_UNROLL
    for (int j = 0; j < 4; j++)
        w[0][j] = word_of(c.word[j]);
    philox_finish(w, 1u, 0u, key0, key1, &c);
    return c;
}

/* The highest of the 8 bits of the counter that hold the shot. No run sets it. With this bit set, a trial draws other
 * random numbers than in a run: those of an imagined second trial, its partner. Sensitivity studies let single sources
 * of chance of a trial take the draws of its partner instead of its own. */
#define ZEM_PARTNER 0x80u

/* The address of a trial: everything in key and counter but the draw index and the stream. */
struct address {
    bits trial_low, trial_high; /* trial number */
    u32 cell_word, seed_low, seed_high;
    u32 shot;
#ifdef ZEM_DRAW_EXCHANGE
    u32 exchanged; /* set of the sources (enum zem_source) that take the partner's draws */
#endif
};

/* Returns the address from which a source of chance (enum zem_source) takes its draws. Here it is the address of the
 * trial. A program may let some sources take the draws of the partner (ZEM_PARTNER). It then defines ZEM_DRAW_EXCHANGE
 * as the name of a header with its own source_address. */
#ifdef ZEM_DRAW_EXCHANGE
#include ZEM_DRAW_EXCHANGE
#else
ZEM_FUNCTION struct address source_address(const struct address *address, u32 source)
{
    (void)source;
    return *address;
}
#endif

/* Returns the counter of one draw: trial, cell, shot, stream and draw index. The index may differ between lanes
 * (trials). */
ZEM_FUNCTION struct counter draw_counter(const struct address *address, u32 stream, bits index)
{
    struct counter c;
    c.word[0] = address->trial_low;
    c.word[1] = splat_bits(address->cell_word);
    c.word[2] = index | (address->shot << 24);
    c.word[3] = (address->trial_high << 8) | stream;
    return c;
}

/* Return the four random words of one draw. draw_lanes takes an index for each lane (trial), and draw takes one index
 * for all lanes. */
ZEM_FUNCTION struct counter draw_lanes(const struct address *address, u32 stream, bits index)
{
    return philox(draw_counter(address, stream, index), address->seed_low, address->seed_high);
}
ZEM_FUNCTION struct counter draw(const struct address *address, u32 stream, u32 index)
{
    return draw_lanes(address, stream, splat_bits(index));
}

#define ZEM_SERIES_ROUNDS 2u /* rounds of a draw that draw_series_words carries out */

/* A series: the draws of one stream of a trial. Each draw has an index, which is the same in all lanes (trials). In the
 * first two rounds every factor depends either on the trial or on the index, and none on both. The words after two
 * rounds therefore have a part that comes from the trial, which is computed once for the series, and a part that is the
 * same in all lanes. `first`, `second` and `third` are the trial's parts of the words 0, 1 and 2. Word 3 has no such
 * part. */
struct draw_series {
    struct word first, second, third;
};
ZEM_FUNCTION struct draw_series draw_series_begin(const struct address *address, u32 stream)
{
    const struct counter c = draw_counter(address, stream, splat_bits(0u));
    const struct word product0 = word_multiply(word_of(c.word[0]), ZEM_PHILOX_FACTOR0);
    const struct word mixed = word_mix_high(product0, word_of(c.word[3]), address->seed_high);
    struct draw_series series;
    series.second = word_multiply(mixed, ZEM_PHILOX_FACTOR1);
    series.first = word_mix_high(series.second, word_splat(0u), 0u);
    series.third = product0;
    return series;
}

/* Sets `w` to the words of a draw of a series after ZEM_SERIES_ROUNDS rounds. */
ZEM_FUNCTION void draw_series_words(const struct draw_series *series, const struct address *address, u32 index,
                                    struct word w[4])
{
    const u64 product1 = (u64)(index | (address->shot << 24)) * ZEM_PHILOX_FACTOR1;
    const u64 product0 = (u64)((u32)(product1 >> 32) ^ address->cell_word ^ address->seed_low) * ZEM_PHILOX_FACTOR0;
    w[0] = word_mix(series->first, (u32)product1 ^ (address->seed_low + ZEM_PHILOX_GROWTH0));
    w[1] = series->second;
    w[2] = word_mix(series->third, (u32)(product0 >> 32) ^ (address->seed_high + ZEM_PHILOX_GROWTH1));
    w[3] = word_splat((u32)product0);
}

#endif
