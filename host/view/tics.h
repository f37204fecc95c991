/* The tics of an axis: places at round numbers, as many as their labels have room for. */
#ifndef ZEM_TICS_H
#define ZEM_TICS_H

#include <stdbool.h>
#include <stddef.h>

#define ZEM_TICS_MOST 40
#define ZEM_TICS_MINOR_MOST 200

/* The tics of an axis: `place` are those with labels, `minor` those without. Both are values on the axis. */
struct zem_tics {
    size_t count, minor_count;
    double place[ZEM_TICS_MOST];
    char label[ZEM_TICS_MOST][32];
    double minor[ZEM_TICS_MINOR_MOST]; /* tics without labels, at the other multiples of each power of ten */
    double widest;                     /* width of the widest label, in units of the size of the letters */
};

/* An axis from `first` to `last`, first < last. */
struct zem_tic_axis {
    double first, last;
    bool logarithmic;
    bool across;       /* whether it is horizontal, so that the room of a label is its width */
    double length;     /* length, in units of the size of the letters */
    bool superscripts; /* whether the font has raised digits; otherwise 1e-06 is written for 10 to the power -6 */
};

/* Chooses the densest tics whose labels do not touch. On a linear axis they are 1, 2 or 5 times a power of ten apart;
 * where these give fewer than two tics, 2.5, 3 or 4 times. On a logarithmic axis they stand at the powers of ten and at
 * some multiples of them, at the powers alone, or at every n-th power. A logarithmic axis of less than a decade without
 * two such tics gets those of a linear axis. */
void zem_tics_choose(struct zem_tics *tics, const struct zem_tic_axis *axis);

#endif
