/* Builds the tree from the events of libfyaml's parser. Events are used in place of libfyaml's own tree, because they
 * have the places of their tokens, do not resolve aliases, and allow a limit of the depth. */
#include "scenario/yaml_document.h"

#include <libfyaml.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX 16     /* levels of nesting; a scenario needs four */
#define MAPPING_MAX 1000 /* the most keys of one mapping; limits the time of the search for duplicates */
#define BLOCK_SIZE 65536

struct zem_yaml_block {
    struct zem_yaml_block *next;
    size_t used, size;
    _Alignas(16) unsigned char bytes[];
};

/* The state of the parser: the mappings and sequences that are open, and the key whose value comes next. */
struct builder {
    struct zem_yaml_arena *arena;
    struct zem_diagnostics *diagnostics;
    int override_number;
    struct zem_yaml_node *root;
    struct zem_yaml_node *open[DEPTH_MAX];
    size_t depth;
    const char *key;
    int key_line, key_column;
    bool key_duplicate;
    size_t documents;
    bool out_of_memory;
};

void *zem_yaml_allocate(struct zem_yaml_arena *arena, size_t size)
{
    size = (size + 15) & ~(size_t)15;
    struct zem_yaml_block *block = arena->blocks;
    if (block == NULL || block->size - block->used < size) {
        size_t capacity = size > BLOCK_SIZE ? size : BLOCK_SIZE;
        block = calloc(1, sizeof *block + capacity);
        if (block == NULL)
            return NULL;
        block->size = capacity;
        block->next = arena->blocks;
        arena->blocks = block;
    }
    void *memory = block->bytes + block->used;
    block->used += size;
    return memory;
}

void zem_yaml_arena_free(struct zem_yaml_arena *arena)
{
    while (arena->blocks != NULL) {
        struct zem_yaml_block *next = arena->blocks->next;
        free(arena->blocks);
        arena->blocks = next;
    }
}

static const char *text_copy(struct zem_yaml_arena *arena, const char *text, size_t length)
{
    char *copy = zem_yaml_allocate(arena, length + 1);
    if (copy != NULL && length > 0)
        memcpy(copy, text, length);
    return copy;
}

struct zem_yaml_node *zem_yaml_child(const struct zem_yaml_node *mapping, const char *key)
{
    if (mapping == NULL || mapping->kind != ZEM_YAML_MAPPING)
        return NULL;
    for (struct zem_yaml_node *node = mapping->first; node != NULL; node = node->next)
        if (strcmp(node->key, key) == 0)
            return node;
    return NULL;
}

struct zem_yaml_node *zem_yaml_mapping(struct zem_yaml_arena *arena)
{
    struct zem_yaml_node *node = zem_yaml_allocate(arena, sizeof *node);
    if (node != NULL)
        node->kind = ZEM_YAML_MAPPING;
    return node;
}

struct zem_yaml_node *zem_yaml_scalar(struct zem_yaml_arena *arena, const char *text)
{
    struct zem_yaml_node *node = zem_yaml_allocate(arena, sizeof *node);
    if (node == NULL)
        return NULL;
    node->kind = ZEM_YAML_SCALAR;
    node->length = strlen(text);
    node->text = text_copy(arena, text, node->length);
    return node->text != NULL ? node : NULL;
}

static void child_append(struct zem_yaml_node *parent, struct zem_yaml_node *node)
{
    if (parent->last != NULL)
        parent->last->next = node;
    else
        parent->first = node;
    parent->last = node;
    parent->count++;
}

bool zem_yaml_put(struct zem_yaml_arena *arena, struct zem_yaml_node *mapping, const char *key,
                  struct zem_yaml_node *node)
{
    node->key = text_copy(arena, key, strlen(key));
    if (node->key == NULL)
        return false;
    node->key_line = node->line;
    node->key_column = node->column;
    struct zem_yaml_node *previous = NULL, *old = mapping->first;
    while (old != NULL && strcmp(old->key, key) != 0) {
        previous = old;
        old = old->next;
    }
    if (old == NULL) {
        node->next = NULL;
        child_append(mapping, node);
        return true;
    }
    node->next = old->next;
    if (previous != NULL)
        previous->next = node;
    else
        mapping->first = node;
    if (mapping->last == old)
        mapping->last = node;
    return true;
}

/* Writes the dotted path of the value that is being read, for messages. */
static void path_write(const struct builder *builder, char *path, size_t size)
{
    size_t length = 0;
    path[0] = '\0';
    for (size_t i = 1; i <= builder->depth; i++) {
        const char *key = i < builder->depth ? builder->open[i]->key : builder->key;
        if (key == NULL || length >= size)
            continue;
        int written = snprintf(path + length, size - length, "%s%.60s", length > 0 ? "." : "", key);
        length += written > 0 ? (size_t)written : 0;
    }
}

static void place_set(const struct builder *builder, const struct fy_mark *mark, int *line, int *column)
{
    if (builder->override_number > 0) {
        *line = 0;
        *column = builder->override_number;
    } else if (mark != NULL) {
        *line = mark->line + 1;
        *column = mark->column + 1;
    }
}

static void mistake_at(struct builder *builder, const struct fy_mark *mark, const char *message)
{
    int line = builder->key_line, column = builder->key_column;
    char path[256];
    place_set(builder, mark, &line, &column);
    path_write(builder, path, sizeof path);
    zem_diagnostics_add(builder->diagnostics, ZEM_MISTAKE, line, column, path, "%s", message);
}

/* Reports anchors and tags. The node is then read as if they were not there. */
static void properties_refuse(struct builder *builder, struct fy_token *anchor, struct fy_token *tag)
{
    if (anchor != NULL)
        mistake_at(builder, fy_token_start_mark(anchor),
                   "an anchor (&) is not allowed in a scenario; write the value out");
    if (tag != NULL)
        mistake_at(builder, fy_token_start_mark(tag), "a tag (!) is not allowed in a scenario; leave it out");
}

static bool text_is_null(const char *text, size_t length, bool plain)
{
    return plain && (length == 0 || (length == 1 && text[0] == '~') || (length == 4 && memcmp(text, "null", 4) == 0));
}

/* Appends a node to the innermost open mapping or sequence. The value of a duplicate key is dropped. */
static void node_place(struct builder *builder, struct zem_yaml_node *node)
{
    if (builder->depth == 0) {
        builder->root = node;
        return;
    }
    struct zem_yaml_node *parent = builder->open[builder->depth - 1];
    node->key = builder->key;
    node->key_line = builder->key_line;
    node->key_column = builder->key_column;
    builder->key = NULL;
    if (!builder->key_duplicate)
        child_append(parent, node);
    builder->key_duplicate = false;
}

/* Takes a scalar as the key of a mapping. Returns 0, or ZEM_BAD_INPUT if parsing cannot continue. */
static int key_take(struct builder *builder, const struct fy_mark *mark, const char *text, size_t length)
{
    struct zem_yaml_node *mapping = builder->open[builder->depth - 1];
    place_set(builder, mark, &builder->key_line, &builder->key_column);
    builder->key = text_copy(builder->arena, text, length);
    if (builder->key == NULL) {
        builder->out_of_memory = true;
        return ZEM_BAD_INPUT;
    }
    if (strcmp(builder->key, "<<") == 0)
        mistake_at(builder, mark, "a merge key (<<) is not allowed in a scenario; write the values out");
    const struct zem_yaml_node *old = zem_yaml_child(mapping, builder->key);
    builder->key_duplicate = old != NULL;
    if (old != NULL) {
        char message[128];
        snprintf(message, sizeof message, "written twice, first in line %d; keep one", old->key_line);
        mistake_at(builder, mark, builder->override_number > 0 ? "written twice; keep one" : message);
    }
    if (mapping->count >= MAPPING_MAX) {
        mistake_at(builder, mark, "too many keys; a scenario has fewer than 100");
        return ZEM_BAD_INPUT;
    }
    return 0;
}

static bool key_expected(const struct builder *builder)
{
    return builder->depth > 0 && builder->open[builder->depth - 1]->kind == ZEM_YAML_MAPPING && builder->key == NULL;
}

static int scalar_take(struct builder *builder, struct fy_event *event)
{
    struct fy_token *token = event->scalar.value;
    const struct fy_mark *mark = fy_event_start_mark(event);
    size_t length = 0;
    const char *text = token != NULL ? fy_token_get_text(token, &length) : "";
    /* Without memory libfyaml gives the text "" with the length 0. */
    if (text == NULL || (length == 0 && token != NULL && fy_token_get_text_length(token) > 0)) {
        builder->out_of_memory = true;
        return ZEM_BAD_INPUT;
    }
    if (token != NULL && fy_token_start_mark(token) != NULL)
        mark = fy_token_start_mark(token);
    properties_refuse(builder, event->scalar.anchor, event->scalar.tag);
    if (key_expected(builder))
        return key_take(builder, mark, text, length);
    struct zem_yaml_node *node = zem_yaml_allocate(builder->arena, sizeof *node);
    const char *copy = text_copy(builder->arena, text, length);
    if (node == NULL || copy == NULL) {
        builder->out_of_memory = true;
        return ZEM_BAD_INPUT;
    }
    bool plain = token == NULL || fy_token_scalar_style(token) == FYSS_PLAIN;
    *node = (struct zem_yaml_node){.kind = ZEM_YAML_SCALAR,
                                   .text = copy,
                                   .length = strlen(copy),
                                   .null = text_is_null(text, length, plain),
                                   .line = builder->key_line,
                                   .column = builder->key_column};
    /* An empty value has no token, so the place of its key is used. */
    if (builder->key == NULL || length > 0)
        place_set(builder, mark, &node->line, &node->column);
    node_place(builder, node);
    return 0;
}

static int alias_take(struct builder *builder, struct fy_event *event)
{
    const struct fy_mark *mark = fy_event_start_mark(event);
    mistake_at(builder, mark, "an alias (*) is not allowed in a scenario; write the value out");
    if (key_expected(builder))
        return ZEM_BAD_INPUT;
    struct zem_yaml_node *node = zem_yaml_scalar(builder->arena, "");
    if (node == NULL) {
        builder->out_of_memory = true;
        return ZEM_BAD_INPUT;
    }
    node->refused = true;
    place_set(builder, mark, &node->line, &node->column);
    node_place(builder, node);
    return 0;
}

static int collection_open(struct builder *builder, struct fy_event *event, enum zem_yaml_kind kind)
{
    const struct fy_mark *mark = fy_event_start_mark(event);
    if (kind == ZEM_YAML_MAPPING)
        properties_refuse(builder, event->mapping_start.anchor, event->mapping_start.tag);
    else
        properties_refuse(builder, event->sequence_start.anchor, event->sequence_start.tag);
    if (key_expected(builder)) {
        mistake_at(builder, mark, "a key must be a word, not a list or a mapping");
        return ZEM_BAD_INPUT;
    }
    if (builder->depth == DEPTH_MAX) {
        mistake_at(builder, mark, "nested too deeply; a scenario has at most four levels");
        return ZEM_BAD_INPUT;
    }
    struct zem_yaml_node *node = zem_yaml_mapping(builder->arena);
    if (node == NULL) {
        builder->out_of_memory = true;
        return ZEM_BAD_INPUT;
    }
    node->kind = kind;
    place_set(builder, mark, &node->line, &node->column);
    node_place(builder, node);
    builder->open[builder->depth++] = node;
    return 0;
}

static int event_take(struct builder *builder, struct fy_event *event)
{
    switch (event->type) {
    case FYET_DOCUMENT_START:
        if (builder->documents++ > 0) {
            mistake_at(builder, fy_event_start_mark(event), "a second document begins here; a scenario file holds one");
            return ZEM_BAD_INPUT;
        }
        return 0;
    case FYET_SCALAR:
        return scalar_take(builder, event);
    case FYET_ALIAS:
        return alias_take(builder, event);
    case FYET_MAPPING_START:
        return collection_open(builder, event, ZEM_YAML_MAPPING);
    case FYET_SEQUENCE_START:
        return collection_open(builder, event, ZEM_YAML_SEQUENCE);
    case FYET_MAPPING_END:
    case FYET_SEQUENCE_END:
        builder->depth--;
        return 0;
    default:
        return 0;
    }
}

/* Reports the first error of libfyaml. Further errors are consequences of the first. */
static void syntax_report(struct builder *builder, struct fy_diag *diag)
{
    void *position = NULL;
    const struct fy_diag_error *first = fy_diag_errors_iterate(diag, &position);
    int line = builder->key_line, column = builder->key_column;
    struct fy_mark mark = {0};
    if (first != NULL && first->line >= 0 && first->column >= 0) {
        mark.line = first->line - 1;
        mark.column = first->column - 1;
        place_set(builder, &mark, &line, &column);
    }
    const char *message = first != NULL && first->msg != NULL ? first->msg : "the text cannot be parsed";
    zem_diagnostics_add(
        builder->diagnostics, ZEM_MISTAKE, line, column, "",
        "not YAML: %.*s; look at the indentation, colons, brackets and quotes of this line and the one before",
        (int)strcspn(message, "\n"), message);
}

static int events_take(struct builder *builder, struct fy_parser *parser, struct fy_diag *diag)
{
    bool ended = false;
    while (!ended) {
        struct fy_event *event = fy_parser_parse(parser);
        if (event == NULL)
            break;
        ended = event->type == FYET_STREAM_END;
        int status = event_take(builder, event);
        fy_parser_event_free(parser, event);
        if (status != 0)
            return status;
    }
    if (!ended || fy_parser_get_stream_error(parser)) {
        syntax_report(builder, diag);
        return ZEM_BAD_INPUT;
    }
    return 0;
}

/* Destroys `diag`. Collecting is switched off first, because libfyaml 0.7.12 frees collected errors only then, and not
 * when the object is destroyed. */
static void diag_release(struct fy_diag *diag)
{
    fy_diag_set_collect_errors(diag, false);
    fy_diag_destroy(diag);
}

int zem_yaml_parse(struct zem_yaml_arena *arena, const char *text, size_t length, int override_number,
                   struct zem_yaml_node **root, struct zem_diagnostics *diagnostics, struct zem_error *error)
{
    struct builder builder = {
        .arena = arena, .diagnostics = diagnostics, .override_number = override_number, .key_column = override_number};
    struct fy_parser *parser = NULL;
    int status = ZEM_INTERNAL;
    *root = NULL;
    if (length == 0)
        return 0;
    struct fy_diag_cfg diag_options;
    fy_diag_cfg_default(&diag_options);
    diag_options.fp = NULL;
    struct fy_diag *diag = fy_diag_create(&diag_options);
    if (diag == NULL)
        goto done;
    fy_diag_set_collect_errors(diag, true);
    struct fy_parse_cfg options = {
        .search_path = "", .flags = FYPCF_QUIET | FYPCF_COLLECT_DIAG | FYPCF_DEFAULT_VERSION_1_2, .diag = diag};
    parser = fy_parser_create(&options);
    if (parser == NULL || fy_parser_set_string(parser, text, length) != 0)
        goto done;
    status = events_take(&builder, parser, diag);
    if (builder.out_of_memory)
        status = ZEM_INTERNAL;
    *root = builder.root;
done:
    if (parser != NULL)
        fy_parser_destroy(parser);
    if (diag != NULL)
        diag_release(diag);
    if (status == ZEM_INTERNAL)
        return zem_error_set(error, ZEM_INTERNAL, "There is not enough memory to read the scenario.");
    return status;
}
