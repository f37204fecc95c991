/* A table of named numbers over named dimensions, as netCDF describes data. A study fills it with what it has found;
 * hdf5_table.h writes it as HDF5 and view/table_text.h as CSV. The table owns nothing: every text and number belongs to
 * the code that filled it. */
#ifndef ZEM_DATA_TABLE_H
#define ZEM_DATA_TABLE_H

#include <stddef.h>
#include <stdint.h>

#define ZEM_TABLE_RANK_MAX 8    /* largest number of dimensions of a variable */
#define ZEM_TABLE_WORDS_MAX 128 /* largest length of a dimension whose points are named by words */
#define ZEM_TABLE_WORD_BYTES 48 /* bytes that suffice for such a word and a blank */

/* A dimension. Its points are either numbers (`values`) or named by words (`words`). */
struct zem_table_dimension {
    const char *name, *unit, *long_name;
    size_t length;
    const double *values;     /* values[length]; NULL if the points are named by `words` */
    const char *const *words; /* words[length], none with a blank; NULL if `values` has the points */
    const char *parameter;    /* key of a sweep axis, such as target.period; NULL for any other dimension */
};

/* The values of a variable. Either `numbers` or `counts` is not NULL. They are in C order, the last dimension
 * fastest. */
struct zem_table_variable {
    const char *name, *unit, *long_name;
    const double *numbers;
    const uint64_t *counts;
    size_t rank;
    size_t dimension[ZEM_TABLE_RANK_MAX]; /* indices into the dimensions of the table, slowest first */
};

/* An attribute of the whole table: a text, several texts, a count or a number. The pointers of the other three kinds
 * are NULL. */
struct zem_table_attribute {
    const char *name;
    const char *text;         /* NULL unless it is a text */
    const char *const *texts; /* NULL unless it is `count` texts */
    size_t count;
    const uint64_t *whole; /* NULL unless it is a count */
    const double *number;  /* NULL unless it is a number */
};

struct zem_table {
    const struct zem_table_dimension *dimension;
    size_t dimension_count;
    const struct zem_table_variable *variable;
    size_t variable_count;
    const struct zem_table_attribute *attribute;
    size_t attribute_count;
};

/* The number of values of a variable. */
static inline size_t zem_table_elements(const struct zem_table *table, const struct zem_table_variable *variable)
{
    size_t elements = 1;
    for (size_t i = 0; i < variable->rank; i++)
        elements *= table->dimension[variable->dimension[i]].length;
    return elements;
}

#endif
