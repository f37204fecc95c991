/* Units of measure: reads the spelling of a unit and says how to convert to SI and what kind of quantity it measures.
 * The only room that knows UDUNITS-2. Kinds are compared strictly: a frequency is not the inverse of a time to be
 * converted, and an angle is not a pure number, though UDUNITS-2 alone would convert both. */
#ifndef ZEM_UNIT_H
#define ZEM_UNIT_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

/* Powers of the base units metre, kilogram, second, ampere, kelvin, mole, candela and radian. */
enum { ZEM_BASE_UNITS = 8 };

struct zem_unit {
    double scale;    /* value in SI = number * scale */
    bool is_decimal; /* scale is ten to the `exponent`: convert by zem_number_value, rounded once */
    int exponent;
    int power[ZEM_BASE_UNITS];
};

enum zem_unit_status {
    ZEM_UNIT_OK,
    ZEM_UNIT_UNKNOWN, /* no such unit */
    ZEM_UNIT_NO_SCALE /* a unit with a zero of its own (degC), a logarithm or a date: no plain factor */
};

/* The unit system. It is loaded from the XML database of UDUNITS-2 at the first unit read. */
struct zem_units;

struct zem_units *zem_units_create(void); /* NULL without memory */
void zem_units_free(struct zem_units *units);

/* Reads a unit such as "km/s". Anything but a plain unit is unknown. */
enum zem_unit_status zem_unit_read(struct zem_units *units, const char *text, size_t length, struct zem_unit *unit);

/* Why the database could not be loaded, or NULL if it was or was not needed. Without it every unit is unknown. */
const char *zem_units_failure(const struct zem_units *units);

bool zem_unit_same_kind(const struct zem_unit *a, const struct zem_unit *b);

/* SI value of a decimal number (zem_number_scan) in this unit. */
double zem_unit_to_si(const struct zem_unit *unit, const char *number, size_t length);

/* The same for a number that was computed. */
double zem_unit_scale(const struct zem_unit *unit, double number);

/* The number that stands before this unit for a value in SI. */
double zem_unit_from_si(const struct zem_unit *unit, double si);

/* "a speed", "a length", ...; "a quantity of another kind" for what the scenario never needs. */
const char *zem_unit_kind_name(const struct zem_unit *unit);

/* A usual unit of that kind, "km/s", or NULL. */
const char *zem_unit_kind_example(const struct zem_unit *unit);

#endif
