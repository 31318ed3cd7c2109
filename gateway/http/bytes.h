/* bytes.h - a growable buffer, and strings of JSON in it.
 *
 * A failure (no memory) is recorded: write everything, then check failed once. */
#ifndef GW_BYTES_H
#define GW_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct gw_bytes {
    char *data; /* no NUL at its end unless gw_bytes_text was called */
    size_t size, capacity;
    bool failed;
} gw_bytes;

void gw_bytes_free (gw_bytes *bytes);
void gw_bytes_clear (gw_bytes *bytes);
void gw_bytes_add (gw_bytes *bytes, const void *data, size_t size);
void gw_bytes_puts (gw_bytes *bytes, const char *text);
void gw_bytes_printf (gw_bytes *bytes, const char *format, ...) __attribute__ ((format (printf, 2, 3)));

/* Replaces bytes that are not UTF-8. */
#define GW_REPLACEMENT "\xef\xbf\xbd"

/* The length in bytes of the UTF-8 character at text, which has size bytes (above
 * 0); 0 if it is not valid. */
size_t gw_bytes_character (const char *text, size_t size, uint32_t *code);

/* The size of the beginning of a text: at most `most` bytes, without a part of a UTF-8 character. */
size_t gw_bytes_cut (const char *text, size_t most);

bool gw_bytes_are_utf8 (const char *text);

/* text as a JSON string with its quotes; bytes that are not UTF-8 are replaced. */
void gw_bytes_json (gw_bytes *bytes, const char *text);

/* text as printable ASCII, for messages; other bytes become \xff. */
void gw_bytes_plain (gw_bytes *bytes, const char *text, size_t size);

/* The bytes with a NUL at their end; NULL after a failure. Borrowed: valid until
 * the next write. */
const char *gw_bytes_text (gw_bytes *bytes);

#endif
