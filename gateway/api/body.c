/* body.c - names at the top level of a JSON text. */
#include "body.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define MOST_NAME_BYTES 2 /* bytes of the longest reserved name */

/* The position after the string whose first quote is at `at`. */
static size_t
skip_string (const char *body, size_t size, size_t at)
{
    for (at++; at < size && body[at] != '"'; at++)
        at += body[at] == '\\';
    return at < size ? at + 1 : size;
}

/* The reserved name that the bytes between two quotes spell, with or without escapes; NULL if they spell another
 * name. */
static const char *
find_reserved (const char *at, const char *end)
{
    static const char *const reserved[] = { "v", "id", "op" };
    char name[MOST_NAME_BYTES + 1] = "";
    for (size_t size = 0; at < end; size++) {
        bool escaped = end - at >= 6 && memcmp (at, "\\u00", 4) == 0;
        char digits[3] = { escaped ? at[4] : '\0', escaped ? at[5] : '\0', '\0' };
        if (size == MOST_NAME_BYTES)
            return NULL;
        name[size] = escaped ? (char) strtoul (digits, NULL, 16) : *at;
        at += escaped ? 6 : 1;
    }
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
        if (strcmp (reserved[i], name) == 0)
            return reserved[i];
    return NULL;
}

long
gw_body_find_reserved (const char *body, size_t size, const char **name)
{
    unsigned depth = 0;
    bool is_name = false;
    for (size_t at = 0, next; at < size; at = next) {
        next = at + 1;
        if (body[at] == '"') {
            next = skip_string (body, size, at);
            if (is_name && (*name = find_reserved (body + at + 1, body + next - 1)))
                return (long) at;
            is_name = false;
        } else if (body[at] == '{' || body[at] == '[') {
            is_name = depth++ == 0;
        } else if ((body[at] == '}' || body[at] == ']') && depth > 0) {
            depth--;
        } else if (body[at] == ',') {
            is_name = depth == 1;
        }
    }
    return -1;
}
