/* Philox4x32-10, the counter-based random number generator of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as
 * easy as 1, 2, 3", SC11 (2011). The counter is the address of a draw; nothing else is remembered:
 *   word 0  trial, low 32 bits
 *   word 1  cell, or 0 with common random numbers
 *   word 2  draw index (24 bits), shot (8 bits, high)
 *   word 3  stream (8 bits), trial bits 32 to 55 (24 bits, high)
 * Known answers are in tests/philox_test.c and in every device's self-test. */
#ifndef ZEM_PHILOX_H
#define ZEM_PHILOX_H

/* Streams of random numbers. A new stream never moves the numbers of another: append only. */
enum zem_stream {
    ZEM_STREAM_TARGET,     /* per-trial quantities of the target, shared by the shots of a salvo */
    ZEM_STREAM_HANDOVER,   /* heading errors and displacements of one shot */
    ZEM_STREAM_SEEKER,     /* measurement noise */
    ZEM_STREAM_TELEGRAPH,  /* reversals of a telegraph manoeuvre, shared by the shots of a salvo */
    ZEM_STREAM_LETHALITY   /* the draw that scores a Carleton hit */
};

struct counter {
    bits word[4];
};

/* The four words of ten rounds. */
ZEM_FUNCTION struct counter philox(struct counter c, u32 key0, u32 key1)
{
    struct word w0 = word_of(c.word[0]), w1 = word_of(c.word[1]), w2 = word_of(c.word[2]), w3 = word_of(c.word[3]);
    for (int round = 0; round < 10; round++) {
        const struct word product0 = word_multiply(w0, 0xD2511F53u), product1 = word_multiply(w2, 0xCD9E8D57u);
        w0 = word_mix_high(product1, w1, key0);
        w1 = product1;
        w2 = word_mix_high(product0, w3, key1);
        w3 = product0;
        key0 += 0x9E3779B9u;
        key1 += 0xBB67AE85u;
    }
    c.word[0] = word_bits(w0);
    c.word[1] = word_bits(w1);
    c.word[2] = word_bits(w2);
    c.word[3] = word_bits(w3);
    return c;
}

/* Where a trial's random numbers come from: everything of the counter but the draw index and the stream. */
struct address {
    bits trial_low, trial_high; /* trial number */
    u32 cell_word, seed_low, seed_high;
    u32 shot;
};

/* Four random words of one draw, whose index may differ from lane to lane. */
ZEM_FUNCTION struct counter draw_lanes(const struct address *address, u32 stream, bits index)
{
    struct counter c;
    c.word[0] = address->trial_low;
    c.word[1] = splat_bits(address->cell_word);
    c.word[2] = index | (address->shot << 24);
    c.word[3] = (address->trial_high << 8) | stream;
    return philox(c, address->seed_low, address->seed_high);
}
ZEM_FUNCTION struct counter draw(const struct address *address, u32 stream, u32 index)
{
    return draw_lanes(address, stream, splat_bits(index));
}

#endif
