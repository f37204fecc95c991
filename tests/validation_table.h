/* The functions of the table that only the main program of the validation suite calls. */
#ifndef VALIDATION_TABLE_H
#define VALIDATION_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Chooses the long form (all trials) or the short one, and whether the program ends with the first row that fails. */
void form_set(bool full, bool until_failure);

/* Writes all rows as Markdown. */
void table_write(FILE *file);

/* Prints every line in which the file differs from the rows of this run and returns the number of these lines. In the
 * short form the measured values of random rows are not compared. */
size_t table_compare(FILE *file);

#endif
