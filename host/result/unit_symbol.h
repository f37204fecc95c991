/* Symbols of units, as result files have them. */
#ifndef ZEM_UNIT_SYMBOL_H
#define ZEM_UNIT_SYMBOL_H

/* Returns the symbol of a unit of time that is given by its plural, such as "s" for "seconds", and any other unit as it
 * is. xarray reads a coordinate in "seconds" as durations and would change its type. */
const char *zem_unit_symbol(const char *unit);

#endif
