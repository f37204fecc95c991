/* The scenarios of models/ inside the program, so that a command finds them by name in every folder. embed_examples.awk
 * writes the table at build time. */
#ifndef ZEM_EXAMPLE_H
#define ZEM_EXAMPLE_H

struct zem_example {
    const char *name;  /* "weave" */
    const char *file;  /* "weave.yaml" */
    const char *title; /* the title of the scenario */
    const char *text;  /* the contents of the file */
};

/* The examples in the order of their names; the last entry has the name NULL. */
extern const struct zem_example zem_examples[];

/* Returns the example of this name, or NULL. */
const struct zem_example *zem_example_find(const char *name);

/* Returns the name of an example that is nearest to the misspelt `name`, or NULL if none is near. */
const char *zem_example_nearest(const char *name);

#endif
