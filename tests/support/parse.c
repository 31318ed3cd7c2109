/* parse.c - a query parsed from memory that ends where its text ends. */
#include "parse.h"

#include "core/engine/reading.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

sks_query_tree parse_tree;
sks_error parse_error;
static sks_arena *arena;

void
parse_begin (void)
{
    arena = sks_arena_create ();
    ck_assert_ptr_nonnull (arena);
}

void
parse_end (void)
{
    sks_arena_destroy (&arena);
}

int
parse_bytes (const char *text, size_t size)
{
    char *exact = malloc (size + !size);
    ck_assert_ptr_nonnull (exact);
    memcpy (exact, text, size);
    sks_arena_clear (arena);
    int code = sks_query_parse (&parse_tree, arena, &(sks_labels) { NULL, NULL }, exact, size, &parse_error);
    free (exact);
    return code;
}

int
parse_text (const char *text)
{
    return parse_bytes (text, strlen (text));
}

const char *
parse_reading (const char *text, int amount)
{
    static char reading[16384];
    sks_buffer out = SKS_BUFFER_INIT (sizeof reading - 1);
    int code = parse_text (text);
    ck_assert_msg (code == 0, "\"%s\" was refused: %s (byte %ld)", text, parse_error.text, parse_error.at);
    sks_reading_put (&out, parse_tree.root, amount);
    ck_assert_int_eq (sks_buffer_status (&out, NULL), 0);
    snprintf (reading, sizeof reading, "%s", sks_buffer_text (&out));
    sks_buffer_free (&out);
    return reading;
}

void
assert_reading (const char *text, int amount, const char *expected)
{
    const char *reading = parse_reading (text, amount);
    ck_assert_msg (strcmp (reading, expected) == 0, "\"%s\" reads as %s, not as %s", text, reading, expected);
}

void
assert_refused (const char *text, int code, long at)
{
    int got = parse_text (text);
    ck_assert_msg (got == code, "\"%s\" gave %d, not %d", text, got, code);
    ck_assert_msg (parse_error.at == at, "\"%s\" was refused at byte %ld, not %ld: %s", text, parse_error.at, at,
                   parse_error.text);
    ck_assert_int_eq (parse_error.code, code);
    ck_assert_uint_gt (strlen (parse_error.text), 0);
}
