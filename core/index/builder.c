/* builder.c - lists of chunks, which are values of the database's tree.
 *
 * A chunk is '1' if it is the last one of its stem, else '0'; the difference between its last and its first document;
 * the count of its first posting; and for each further one the documents left out before it and its count. The first
 * chunk of a stem has postings, sum of counts and first document - 1 before that, and the stem is its key. The key of
 * another chunk is the stem, a NUL, and its first document. Under a key of its own is a list of all documents with the
 * sum of their counts. Documents are numbered from 1. */
#include "builder.h"

#include "index.h"
#include "token.h"
#include "glass_tree.h"

#include <stdlib.h>
#include <string.h>

/* Eight chunks fill a block of 8,192 bytes. */
#define CHUNK_BYTES 1000 /* at most SKS_GLASS_TREE_VALUE_BYTES */
#define FIRST_CHUNK_BYTES 24
#define POSTING_BYTES 10 /* at most */

struct chunk {
    struct chunk *next;
    uint32_t first, last; /* documents */
    uint16_t size, room;
    uint8_t bytes[];
};

struct list {
    struct chunk *chunks, **end; /* end: the pointer to the last chunk, NULL without one */
    uint32_t postings, occurrences;
};

struct sks_builder {
    sks_glass_tree *tree;
    uint32_t stems;
    size_t bytes;
    sks_glass_tree_totals totals;
    struct list lengths, list[];
};

int
sks_builder_create (sks_builder **out, uint32_t stems, sks_error *err)
{
    sks_builder *builder = *out = calloc (1, sizeof *builder + stems * sizeof *builder->list);
    if (!builder)
        return sks_fail_memory (err);
    builder->stems = stems;
    return 0;
}

static void
free_chunks (struct list *list)
{
    for (struct chunk *chunk = list->chunks, *next; chunk; chunk = next) {
        next = chunk->next;
        free (chunk);
    }
}

void
sks_builder_close (sks_builder **builder_p)
{
    sks_builder *builder = *builder_p;
    if (!builder)
        return;
    *builder_p = NULL;
    for (uint32_t i = 0; i < builder->stems; i++)
        free_chunks (&builder->list[i]);
    free_chunks (&builder->lengths);
    sks_glass_tree_close (&builder->tree);
    free (builder);
}

size_t
sks_builder_bytes (const sks_builder *builder)
{
    return builder->bytes;
}

/* ------------------------------------------------------------------ adding */

/* The last chunk of a list, with space for a posting; NULL without memory. */
static struct chunk *
grow (sks_builder *builder, struct list *list, uint32_t document)
{
    struct chunk *chunk = list->end ? *list->end : NULL;
    bool is_new = !chunk || chunk->size > CHUNK_BYTES - POSTING_BYTES;
    size_t room = is_new ? FIRST_CHUNK_BYTES : chunk->room * 2u;
    room = room < CHUNK_BYTES ? room : CHUNK_BYTES;
    struct chunk *larger = realloc (is_new ? NULL : chunk, sizeof *chunk + room);
    if (!larger)
        return NULL;
    builder->bytes += is_new ? sizeof *chunk + room : room - larger->room;
    if (is_new) {
        *larger = (struct chunk) { .first = document, .last = document };
        list->end = chunk ? &chunk->next : &list->chunks;
    }
    larger->room = (uint16_t) room;
    *list->end = larger;
    return larger;
}

/* Add a posting of the document to a list, which has none of it yet. Returns false without memory. */
static bool
append (sks_builder *builder, struct list *list, uint32_t document, uint32_t count)
{
    struct chunk *chunk = list->end ? *list->end : NULL;
    if (!chunk || chunk->size + POSTING_BYTES > chunk->room)
        if (!(chunk = grow (builder, list, document)))
            return false;
    uint8_t *at = chunk->bytes + chunk->size;
    if (chunk->size)
        at = sks_token_put (at, document - chunk->last - 1);
    at = sks_token_put (at, count);
    chunk->size = (uint16_t) (at - chunk->bytes);
    chunk->last = document;
    list->postings++;
    list->occurrences += count;
    return true;
}

int
sks_builder_add (sks_builder *builder, const sks_term *terms, size_t count, sks_error *err)
{
    sks_glass_tree_totals *totals = &builder->totals;
    uint32_t document = ++totals->documents, length = 0;
    bool added = true;
    for (size_t i = 0; i < count; i++) {
        added &= append (builder, &builder->list[terms[i].stem], document, terms[i].count);
        length += terms[i].count;
        totals->most = terms[i].count > totals->most ? terms[i].count : totals->most;
    }
    added &= append (builder, &builder->lengths, document, length);
    totals->length += length;
    totals->longest = length > totals->longest ? length : totals->longest;
    if (length && (!totals->shortest || length < totals->shortest))
        totals->shortest = length;
    return added ? 0 : sks_fail_memory (err);
}

/* ----------------------------------------------------------------- writing */

/* A number whose order of bytes is that of its value: the high bits of the first byte give the number of bytes after
 * the second. */
static uint8_t *
put_ordered (uint8_t *at, uint32_t value)
{
    int more = 0;
    while (more < 3 && value >> (15 + 7 * more))
        more++;
    uint64_t marked = value | (uint64_t) (0xFF00 >> more & 0xFF) << (8 * (more + 1));
    for (int byte = more + 1; byte >= 0; byte--)
        *at++ = (uint8_t) (marked >> 8 * byte);
    return at;
}

/* Write the chunks of a list under a key. Those after the first one have another key: `more`, and their first
 * document. */
static void
write_list (sks_glass_tree *tree, const struct list *list, bool is_counted, const uint8_t *key, size_t size,
            uint8_t *more, size_t more_size)
{
    for (const struct chunk *chunk = list->chunks; chunk; chunk = chunk->next) {
        uint8_t head[5 * 4 + 1], *at = head;
        if (chunk == list->chunks) {
            at = sks_token_put (at, is_counted ? list->postings : 0);
            at = sks_token_put (at, is_counted ? list->occurrences : 0);
            at = sks_token_put (at, chunk->first - 1);
        } else {
            size = (size_t) (put_ordered (more + more_size, chunk->first) - more);
            key = more;
        }
        *at++ = chunk->next ? '0' : '1';
        at = sks_token_put (at, chunk->last - chunk->first);
        sks_glass_tree_add (tree, key, size, head, (size_t) (at - head), chunk->bytes, chunk->size);
    }
}

static int
check_stem (const sks_stem *stem, const char *strings, const sks_stem *last, sks_error *err)
{
    if (stem->size == 0 || stem->size > SKS_MAX_TERM_BYTES)
        return sks_fail (err, SKS_EINVALID, "a term of %u bytes; 1 to %d can be indexed", stem->size,
                         SKS_MAX_TERM_BYTES);
    if (memchr (strings + stem->text, '\0', stem->size))
        return sks_fail (err, SKS_EINVALID, "a term with a NUL cannot be indexed");
    size_t common = last && last->size < stem->size ? last->size : stem->size;
    int order = last ? memcmp (strings + last->text, strings + stem->text, common) : -1;
    return order < 0 || (order == 0 && last->size < stem->size)
               ? 0
               : sks_fail (err, SKS_EINTERNAL, "stems out of order: \"%.*s\"", (int) stem->size, strings + stem->text);
}

int
sks_builder_commit (sks_builder *builder, const char *path, bool is_file, const sks_stem *stem, const char *strings,
                    sks_error *err)
{
    int code = sks_glass_tree_open (&builder->tree, path, is_file, err);
    if (code)
        return code;
    uint8_t key[SKS_MAX_TERM_BYTES + 1 + 5] = { 0, 0xE0 };
    const sks_stem *last = NULL;
    write_list (builder->tree, &builder->lengths, false, key, 2, key, 2);
    for (uint32_t i = 0; i < builder->stems; i++) {
        if (!builder->list[i].chunks)
            continue;
        code = check_stem (&stem[i], strings, last, err);
        if (code)
            return code;
        last = &stem[i];
        memcpy (key, strings + stem[i].text, stem[i].size);
        key[stem[i].size] = '\0';
        write_list (builder->tree, &builder->list[i], true, key, stem[i].size, key, stem[i].size + 1);
    }
    return sks_glass_tree_finish (builder->tree, &builder->totals, err);
}
