/* fuzz_query.c - any bytes as a query text: parsed, read back, never a crash.
 *
 * With libFuzzer (make fuzz) it searches for inputs; with fuzz_replay.c it replays the kept ones. Besides crashes, it
 * checks what the parser promises: an error has a position inside the text, and a tree is within the limits. */
#include "core/base/utf8.h"
#include "core/engine/match.h"
#include "core/engine/reading.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static size_t
count_words (const sks_node *node)
{
    size_t words = node->word_count;
    for (size_t i = 0; i < node->child_count; i++)
        words += count_words (node->children[i]);
    return words;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    sks_query_tree tree;
    sks_error err;
    const char *text = (const char *) data;
    if (!sks_utf8_valid (text, size, NULL))
        return 0;
    sks_arena *arena = sks_arena_create ();
    sks_buffer reading = SKS_BUFFER_INIT (SKS_MAX_QUERY_BYTES * 8);
    int code = sks_query_parse (&tree, arena, &(sks_labels) { NULL, NULL }, text, size, &err);
    if (code) {
        if (code != SKS_EQUERYSYNTAX && code != SKS_ETOOCOMPLEX)
            abort ();
        if (err.at < 0 || (size_t) err.at > size)
            abort ();
    } else {
        sks_reading_put (&reading, tree.root, SKS_AMOUNT_QUARTER);
        if (reading.failed || count_words (tree.root) > SKS_MAX_QUERY_WORDS)
            abort ();
    }
    sks_buffer_free (&reading);
    sks_arena_destroy (&arena);
    return 0;
}
