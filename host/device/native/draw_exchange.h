/* Defines source_address for flights in which single sources of chance take the draws of another trial, the partner.
 * The partner has the address of the trial, with a bit of the shot set that no shot of a salvo has. So its draws are
 * those of no trial of any run. native_exchange.c defines ZEM_DRAW_EXCHANGE as the name of this file. */
#ifndef ZEM_DRAW_EXCHANGE_H
#define ZEM_DRAW_EXCHANGE_H

/* The shot is 8 bits of the counter (kernels/philox.h), of which salvos use the lowest three. */
ZEM_CHECK(ZEM_SHOTS_LIMIT <= 8);
ZEM_CHECK(ZEM_SOURCE_COUNT <= 32);

ZEM_FUNCTION struct address source_address(const struct address *address, u32 source)
{
    struct address drawn = *address;
    if (address->exchanged >> source & 1u)
        drawn.shot |= ZEM_PARTNER;
    return drawn;
}

#endif
