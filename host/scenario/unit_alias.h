/* Spellings of units that people try and that UDUNITS-2 reads differently or not at all. Messages about a refused value
 * advise the unit that was meant. No value is ever read by these spellings. */
#ifndef ZEM_UNIT_ALIAS_H
#define ZEM_UNIT_ALIAS_H

#include "scenario/unit.h"

struct zem_unit_alias {
    const char *wrong, *right; /* "kph", and the unit that is meant, "km/h" */
    const char *why;           /* why the spelling is refused */
};

/* The row of a spelling: the one with the same letters, or else one that differs in case alone. Only rows whose unit is
 * of the same kind as `needed` count; `right` gets that unit. NULL if there is none. */
const struct zem_unit_alias *zem_unit_alias_find(struct zem_units *units, const char *text,
                                                 const struct zem_unit *needed, struct zem_unit *right);

#endif
