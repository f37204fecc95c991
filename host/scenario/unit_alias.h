/* Usual misspellings of units, which UDUNITS-2 reads as another unit or not at all. A message about a refused value
 * advises the right unit. A value with such a spelling is never accepted. */
#ifndef ZEM_UNIT_ALIAS_H
#define ZEM_UNIT_ALIAS_H

#include "scenario/unit.h"

struct zem_unit_alias {
    const char *wrong, *right; /* the misspelling, "kph", and the unit that is meant, "km/h" */
    const char *why;           /* why the spelling is refused */
};

/* Returns the row of a misspelling, or NULL if there is none. A row with the same letters is preferred to one that
 * differs in capitals. Only rows count whose unit measures the same kind of quantity as `needed`. `right` gets the unit
 * of the row. */
const struct zem_unit_alias *zem_unit_alias_find(struct zem_units *units, const char *text,
                                                 const struct zem_unit *needed, struct zem_unit *right);

#endif
