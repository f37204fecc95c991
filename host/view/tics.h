/* The tics of an axis: places at round numbers, as many as their labels have room for. */
#ifndef ZEM_TICS_H
#define ZEM_TICS_H

#include <stdbool.h>
#include <stddef.h>

#define ZEM_TICS_MOST 40
#define ZEM_TICS_MINOR_MOST 200

struct zem_tics {
    size_t count, minor_count;
    double place[ZEM_TICS_MOST];
    char label[ZEM_TICS_MOST][32];
    double minor[ZEM_TICS_MINOR_MOST]; /* without labels: the other digits of each decade */
    double widest;                     /* of the labels, in parts of the size of the letters */
};

/* An axis from `first` to `last`, first < last. */
struct zem_tic_axis {
    double first, last;
    bool logarithmic;
    bool across;       /* horizontal: labels take room by their width */
    double length;     /* in parts of the size of the letters */
    bool superscripts; /* whether the font has them; otherwise 1e-06 stands for ten to the power -6 */
};

/* Chooses the densest tics whose labels stand apart: 1, 2 or 5 times a power of ten apart, or 2.5, 3 or 4 times where
 * only one tic would have room; on a logarithmic axis at those multiples of the powers of ten, at the powers alone, or
 * at every n-th of them. */
void zem_tics_choose(struct zem_tics *tics, const struct zem_tic_axis *axis);

#endif
