/* Doctrines applied to every cell (a surface, doctrine_surface.h) as a table for a file. Its dimensions are the
 * doctrine parameters with several values, the sweep axes and the hit radius. */
#ifndef ZEM_DOCTRINE_TABLE_H
#define ZEM_DOCTRINE_TABLE_H

#include "result/data_table.h"
#include "result/table_origin.h"
#include "study/doctrine_surface.h"

/* The names and long names of the quantities, all of which are pure numbers. */
struct zem_doctrine_quantity_row {
    const char *name, *long_name;
};
extern const struct zem_doctrine_quantity_row zem_doctrine_quantity_table[ZEM_DOCTRINE_QUANTITIES];

enum { ZEM_DOCTRINE_VARIABLES = 4 * ZEM_DOCTRINE_QUANTITIES };

/* The table of a surface. Do not copy it, because it points at its own parts. */
struct zem_doctrine_file {
    struct zem_table table;
    struct zem_table_dimension dimension[ZEM_DOCTRINE_KEYS + ZEM_AXES_MAX + 1];
    struct zem_table_variable variable[ZEM_DOCTRINE_VARIABLES];
    char name[ZEM_DOCTRINE_VARIABLES][32], long_name[ZEM_DOCTRINE_VARIABLES][120];
    const char *fire[ZEM_DOCTRINE_VALUES_MAX];
    struct zem_table_origin origin;
    uint64_t shots, trials;
};

/* Fills the table of a surface, which must outlive it. Returns 0, or ZEM_USAGE if the table has more dimensions than a
 * file can have. */
int zem_doctrine_file_init(struct zem_doctrine_file *file, const struct zem_doctrine_surface *surface,
                           struct zem_error *error);

#endif
