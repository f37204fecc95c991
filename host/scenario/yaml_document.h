/* YAML text as a tree of nodes with their places. The only room that knows libfyaml. It refuses what a scenario may not
 * contain (anchors, aliases, tags, merge keys, duplicate keys, several documents) and leaves all meaning to the reader.
 */
#ifndef ZEM_YAML_DOCUMENT_H
#define ZEM_YAML_DOCUMENT_H

#include "base/diagnostics.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

enum zem_yaml_kind { ZEM_YAML_SCALAR, ZEM_YAML_SEQUENCE, ZEM_YAML_MAPPING };

struct zem_yaml_node {
    enum zem_yaml_kind kind;
    bool null;        /* a scalar without a value: nothing, ~ or null */
    bool refused;     /* reported already: say nothing more about it */
    int line, column; /* from 1, or 0 and the number of the override */
    const char *text; /* scalars: NUL-terminated */
    size_t length;
    const char *key; /* in a mapping: its key, NUL-terminated; else NULL */
    int key_line, key_column;
    size_t count; /* children of a sequence or mapping */
    struct zem_yaml_node *first, *last, *next;
};

/* Memory of one or several trees, released together. */
struct zem_yaml_arena {
    struct zem_yaml_block *blocks;
};

void zem_yaml_arena_free(struct zem_yaml_arena *arena);

/* Zeroed memory that lives as long as the arena; NULL if there is none. */
void *zem_yaml_allocate(struct zem_yaml_arena *arena, size_t size);

/* Parses one document. `override_number` is 0 for a file; otherwise it becomes the place of every node (line 0).
 * `*root` is NULL for an empty document. Returns 0, ZEM_BAD_INPUT with mistakes added (the tree is then incomplete;
 * mistakes after which parsing can go on only mark nodes as refused and return 0), or ZEM_INTERNAL without memory. */
int zem_yaml_parse(struct zem_yaml_arena *arena, const char *text, size_t length, int override_number,
                   struct zem_yaml_node **root, struct zem_diagnostics *diagnostics, struct zem_error *error);

/* Child of a mapping with this key, or NULL. */
struct zem_yaml_node *zem_yaml_child(const struct zem_yaml_node *mapping, const char *key);

/* New nodes for overrides: a scalar with a copy of the text, an empty mapping; NULL without memory. */
struct zem_yaml_node *zem_yaml_scalar(struct zem_yaml_arena *arena, const char *text);
struct zem_yaml_node *zem_yaml_mapping(struct zem_yaml_arena *arena);

/* Puts `node` into `mapping` under `key`, in place of what was there. Returns false without memory. */
bool zem_yaml_put(struct zem_yaml_arena *arena, struct zem_yaml_node *mapping, const char *key,
                  struct zem_yaml_node *node);

#endif
