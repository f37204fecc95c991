/* The style, the script and the part to explore of an HTML page, inside the program, so that `zem report` needs no file
 * of its own. embed_page.awk writes the table at build time from the files of this room. */
#ifndef ZEM_PAGE_FILE_H
#define ZEM_PAGE_FILE_H

#include <stdio.h>
#include <string.h>

struct zem_page_file {
    const char *name; /* "page.css" */
    const char *text; /* the whole file, lines each with a newline */
};

/* The last entry has the name NULL. */
extern const struct zem_page_file zem_page_files[];

/* Writes the file of this name, which is in the table. */
static inline void zem_page_file_write(const char *name, FILE *out)
{
    const struct zem_page_file *file = zem_page_files;
    while (strcmp(file->name, name) != 0)
        file++;
    fputs(file->text, out);
}

#endif
