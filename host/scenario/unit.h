/* Units of measure: finds the factor of a unit to SI and the kind of quantity that it measures. Only unit.c may include
 * UDUNITS-2. Kinds are compared strictly: a frequency does not convert to a time, nor an angle to a pure number,
 * although UDUNITS-2 would convert both. */
#ifndef ZEM_UNIT_H
#define ZEM_UNIT_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

/* The number of base units: metre, kilogram, second, ampere, kelvin, mole, candela and radian. */
enum { ZEM_BASE_UNITS = 8 };

/* A unit as a factor and a product of base units, each to its power. */
struct zem_unit {
    double scale;    /* value in SI = scale * number */
    bool is_decimal; /* `scale` is 10 to the power `exponent`, so zem_unit_to_si rounds only once */
    int exponent;
    int power[ZEM_BASE_UNITS];
};

enum zem_unit_status {
    ZEM_UNIT_OK,
    ZEM_UNIT_UNKNOWN, /* there is no such unit */
    ZEM_UNIT_NO_SCALE /* the unit is more than a factor: it has an offset (degC), a logarithm or a date */
};

/* The unit system of UDUNITS-2. It is loaded from an XML database when the first unit is read that is not one of the
 * most common ones. */
struct zem_units;

struct zem_units *zem_units_create(void); /* returns NULL without memory */
void zem_units_free(struct zem_units *units);

/* Reads a unit such as "km/s" from `length` bytes of text. A text other than a product of units with powers gives
 * ZEM_UNIT_UNKNOWN. */
enum zem_unit_status zem_unit_read(struct zem_units *units, const char *text, size_t length, struct zem_unit *unit);

/* Returns why the database could not be loaded, or NULL if it has not failed. Without the database all but the most
 * common units are unknown. */
const char *zem_units_failure(const struct zem_units *units);

bool zem_unit_same_kind(const struct zem_unit *a, const struct zem_unit *b);

/* Converts a decimal number in this unit, which is text that zem_number_scan has found, to SI. */
double zem_unit_to_si(const struct zem_unit *unit, const char *number, size_t length);

/* Converts a computed number in this unit to SI. */
double zem_unit_scale(const struct zem_unit *unit, double number);

/* Converts a value in SI to this unit. */
double zem_unit_from_si(const struct zem_unit *unit, double si);

/* Returns the name of the kind of quantity that a unit measures, such as "a speed" or "a length", or "a quantity of
 * another kind" if no key has this kind. */
const char *zem_unit_kind_name(const struct zem_unit *unit);

/* Returns a usual value of the kind of quantity with its unit, such as "3 km/s", or NULL. */
const char *zem_unit_kind_example(const struct zem_unit *unit);

#endif
