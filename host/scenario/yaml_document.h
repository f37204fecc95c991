/* Parses YAML text into a tree of nodes with their places in the text. Only yaml_document.c may include libfyaml. The
 * parser refuses what a scenario may not contain: anchors, aliases, tags, merge keys, duplicate keys and several
 * documents. It does not interpret the nodes. */
#ifndef ZEM_YAML_DOCUMENT_H
#define ZEM_YAML_DOCUMENT_H

#include "base/diagnostics.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

enum zem_yaml_kind { ZEM_YAML_SCALAR, ZEM_YAML_SEQUENCE, ZEM_YAML_MAPPING };

/* A node of the tree: a scalar (a text), a sequence or a mapping. The children of a sequence or mapping are a linked
 * list from `first` to `last`; `next` is the next child of the same parent. */
struct zem_yaml_node {
    enum zem_yaml_kind kind;
    bool null;        /* a scalar without value: empty, ~ or null */
    bool refused;     /* a mistake in the node was reported; no more messages about it */
    int line, column; /* from 1; for an override: 0 and the number of the override */
    const char *text; /* scalars: the text, NUL-terminated */
    size_t length;
    const char *key; /* key in a mapping, NUL-terminated; else NULL */
    int key_line, key_column;
    size_t count; /* number of children of a sequence or mapping */
    struct zem_yaml_node *first, *last, *next;
};

/* The memory of one or several trees, which are freed together. */
struct zem_yaml_arena {
    struct zem_yaml_block *blocks;
};

void zem_yaml_arena_free(struct zem_yaml_arena *arena);

/* Returns zeroed memory that lives as long as the arena, or NULL without memory. */
void *zem_yaml_allocate(struct zem_yaml_arena *arena, size_t size);

/* Parses one document into `*root`, which is NULL if the text is empty. The arena owns the nodes. `override_number` is
 * 0 for a file. For an override, every node has line 0 and this number as its column. Returns 0; ZEM_BAD_INPUT with
 * mistakes added and an incomplete tree if parsing had to stop; or ZEM_INTERNAL without memory. A mistake that does not
 * stop parsing is added to `diagnostics`, and the function returns 0. */
int zem_yaml_parse(struct zem_yaml_arena *arena, const char *text, size_t length, int override_number,
                   struct zem_yaml_node **root, struct zem_diagnostics *diagnostics, struct zem_error *error);

/* Returns the child of a mapping with this key, or NULL. */
struct zem_yaml_node *zem_yaml_child(const struct zem_yaml_node *mapping, const char *key);

/* Return new nodes for overrides: a scalar with a copy of the text, and an empty mapping. NULL without memory. */
struct zem_yaml_node *zem_yaml_scalar(struct zem_yaml_arena *arena, const char *text);
struct zem_yaml_node *zem_yaml_mapping(struct zem_yaml_arena *arena);

/* Puts `node` into `mapping` under `key`. It replaces a node that is already there. Returns false without memory. */
bool zem_yaml_put(struct zem_yaml_arena *arena, struct zem_yaml_node *mapping, const char *key,
                  struct zem_yaml_node *node);

#endif
