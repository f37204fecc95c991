/* The scenarios of models/, inside the program, so that a command finds them by name wherever it runs.
 * embed_examples.awk writes the table at build time. */
#ifndef ZEM_EXAMPLE_H
#define ZEM_EXAMPLE_H

struct zem_example {
    const char *name;  /* "weave" */
    const char *file;  /* "weave.yaml" */
    const char *title; /* the title of the scenario */
    const char *text;  /* the whole file, lines each with a newline */
};

/* The examples in the order of their names; the last entry has the name NULL. */
extern const struct zem_example zem_examples[];

/* The example of this name, or NULL. */
const struct zem_example *zem_example_find(const char *name);

/* The name of the example that is nearest to a misspelt one, or NULL if none is near. */
const char *zem_example_nearest(const char *name);

#endif
