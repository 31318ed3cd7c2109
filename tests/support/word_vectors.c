/* word_vectors.c - the table of skillsearch-vectors over words that are given as text. */
#include "word_vectors.h"

#include "vectors/table.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 256 };

/* One line; returns the next one. */
static const char *
add_line (sks_embeddings *e, const char *line)
{
    size_t size = strcspn (line, " \n");
    int32_t *numbers = e->numbers + (size_t) e->count * SKS_VECTOR_DIMENSIONS;
    ck_assert_uint_lt (e->count, MOST);
    sks_buffer_add (&e->text, line, size);
    for (line += size; *line == ' ';) {
        char *end;
        *numbers++ = (int32_t) (strtod (line, &end) * SKS_EMBEDDING_UNITS);
        line = end;
    }
    e->starts[++e->count] = (uint32_t) e->text.size;
    return line + (*line == '\n');
}

sks_vectors *
word_vectors_make (sks_buffer *bytes, const char *lines)
{
    sks_embeddings e = { .text = SKS_BUFFER_INIT (1 << 16) };
    sks_vectors *vectors;
    sks_error err;
    e.starts = calloc (MOST + 1, sizeof *e.starts);
    e.numbers = calloc ((size_t) MOST * SKS_VECTOR_DIMENSIONS, sizeof *e.numbers);
    ck_assert (e.starts && e.numbers);
    while (*lines)
        lines = add_line (&e, lines);
    ck_assert_msg (sks_table_build (bytes, &e, NULL, &err) == 0, "%s", err.text);
    sks_embeddings_free (&e);
    ck_assert_msg (sks_vectors_map (&vectors, bytes->bytes, bytes->size, "made", &err) == 0, "%s", err.text);
    return vectors;
}
