/* json.h - a strict checker in front of cJSON, and a writer.
 *
 * cJSON accepts what RFC 8259 forbids (text after the value, control bytes as white space, "01", raw control bytes in
 * strings), keeps both of two equal names, cuts a string at \u0000 and does not check UTF-8. So the checker reads
 * every text before cJSON does. Each failure names its byte.
 *
 * Numbers are doubles, as in cJSON; 1e999 is refused. */
#ifndef SKS_JSON_H
#define SKS_JSON_H

#include "buffer.h"

#include <stdbool.h>

struct cJSON;

/* The limits of a text. */
typedef struct sks_json_limits {
    size_t bytes;   /* of the whole text */
    unsigned depth; /* nesting of arrays and objects; at most SKS_JSON_DEPTH */
    size_t members; /* names in one object */
    size_t values;  /* numbers, strings, words, arrays and objects; names do not count */
    size_t items;   /* of one array; 0: any number */
} sks_json_limits;

#define SKS_JSON_DEPTH 64

/* The error text of a value that is not UTF-8. */
#define SKS_JSON_NOT_UTF8 "invalid UTF-8"

/* Check that bytes is one JSON value of RFC 8259 and nothing else except white space: valid UTF-8, no NUL and no
 * \u0000, no lone surrogate, no equal names in one object, every number finite. A byte order mark is refused, and a
 * number of more than 63 bytes, which cJSON would cut. Returns 0, SKS_ELIMIT or SKS_EINVALID with the byte in err->at,
 * or SKS_ENOMEM. If the text is cut, err->text begins with "the text ends too early", and the byte is the end of the
 * text, or the beginning of a string that is not closed. */
int sks_json_check (const char *bytes, size_t size, const sks_json_limits *limits, sks_error *err);

/* Check, then parse. bytes need no NUL at their end.
 *   *out   caller owns it; free with cJSON_Delete. NULL on failure. */
int sks_json_parse (struct cJSON **out, const char *bytes, size_t size, const sks_json_limits *limits, sks_error *err);

/* Write text as a JSON string with its quotes; text is valid UTF-8. Escapes
 * quote, backslash and control characters, nothing else. */
void sks_json_put_bytes (sks_buffer *buffer, const char *text, size_t size);
void sks_json_put_string (sks_buffer *buffer, const char *text);

/* "name": with a comma before it unless it is the first of its object. The name is a constant of the program, without
 * characters to escape. */
void sks_json_put_name (sks_buffer *buffer, const char *name);

/* "name":"text" and "name":123. A NULL text becomes null. */
void sks_json_put_text (sks_buffer *buffer, const char *name, const char *text);
void sks_json_put_count (sks_buffer *buffer, const char *name, uint64_t value);

/* "name":true and "name":1.5. */
void sks_json_put_flag (sks_buffer *buffer, const char *name, bool value);
void sks_json_put_real (sks_buffer *buffer, const char *name, double value);

/* "name":[ and "name":{ ; the caller closes them. */
void sks_json_open_list (sks_buffer *buffer, const char *name);
void sks_json_open_object (sks_buffer *buffer, const char *name);

/* "{" as the next item of an array, with a comma before it unless it is the first. */
void sks_json_open_item (sks_buffer *buffer);

/* "name":["text", ...]. */
void sks_json_put_texts (sks_buffer *buffer, const char *name, const char *const *texts, size_t count);

/* text as the next item of an array, with a comma before it unless it is the first. */
void sks_json_put_item (sks_buffer *buffer, const char *text);

/* The value with up to 6 decimals and no trailing zeros, from 1e9 on with an exponent; independent of the locale. A
 * value that is not finite becomes 0. */
void sks_json_put_number (sks_buffer *buffer, double value);

#endif
