/* The files of a page of `zem report`, inside the program, so that the command needs no other file: the style sheet,
 * the two scripts, and the HTML of the section "explore". embed_page.awk writes the table at build time from the files
 * of this folder. */
#ifndef ZEM_PAGE_FILE_H
#define ZEM_PAGE_FILE_H

#include <stdio.h>
#include <string.h>

struct zem_page_file {
    const char *name; /* "page.css" */
    const char *text; /* the whole file; every line ends in a newline */
};

/* The files. The last entry has the name NULL. */
extern const struct zem_page_file zem_page_files[];

/* Writes the text of the file `name` to `out`. The name must be in the table. */
static inline void zem_page_file_write(const char *name, FILE *out)
{
    const struct zem_page_file *file = zem_page_files;
    while (strcmp(file->name, name) != 0)
        file++;
    fputs(file->text, out);
}

#endif
