/* embeddings.c - reads JSON of one known shape, piece by piece. */
#include "embeddings.h"

#include "core/base/hash.h"
#include "core/base/text_fold.h"
#include "core/base/utf8.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PIECE_BYTES ((size_t) 256 << 10)
#define ENTRY_BYTES ((size_t) 16 << 10) /* a word with its vector has less */
#define MEASURES 2                      /* numbers after those of the vector: its norm and its rank */

/* The bytes from `at` to `end` were read from the file but are not parsed yet. A NUL follows them, which valid JSON
 * does not contain, so loops over valid bytes stop there. */
struct reader {
    int fd;
    const char *name;
    char *buffer;
    const char *at, *end;
    uint64_t before; /* bytes of the file before the buffer */
    bool ended;
    sks_error *err;
};

static int
refuse (struct reader *r, const char *at, const char *what)
{
    uint64_t byte = r->before + (uint64_t) (at - r->buffer);
    return sks_fail_at (r->err, SKS_EINVALID, (long) byte, "%s: byte %" PRIu64 ": %s", r->name, byte,
                        r->ended && at >= r->end ? "the file ends too early" : what);
}

/* Fill the buffer with at least ENTRY_BYTES, or with all bytes up to the end of the file. */
static int
fill (struct reader *r)
{
    size_t left = (size_t) (r->end - r->at);
    if (r->ended || left >= ENTRY_BYTES)
        return 0;
    r->before += (uint64_t) (r->at - r->buffer);
    memmove (r->buffer, r->at, left);
    r->at = r->buffer;
    while (left < PIECE_BYTES && !r->ended) {
        ssize_t got = read (r->fd, r->buffer + left, PIECE_BYTES - left);
        if (got < 0 && errno != EINTR)
            return sks_fail_errno (r->err, "%s", r->name);
        r->ended = got == 0;
        left += got > 0 ? (size_t) got : 0;
    }
    r->end = r->buffer + left;
    r->buffer[left] = '\0';
    return 0;
}

static void
skip_blanks (struct reader *r)
{
    while (*r->at == ' ' || *r->at == '\n' || *r->at == '\r' || *r->at == '\t')
        r->at++;
}

static int
expect (struct reader *r, char sign)
{
    static const char *const wanted[] = { "\" is missing", ", is missing", ": is missing",
                                          "[ is missing",  "] is missing", "{ is missing" };
    skip_blanks (r);
    if (*r->at != sign)
        return refuse (r, r->at, wanted[strchr ("\",:[]{", sign) - "\",:[]{"]);
    r->at++;
    return 0;
}

/* Read a string. *text points into the buffer, where escapes are not decoded. */
static int
read_string (struct reader *r, const char **text, size_t *size, bool *escaped)
{
    int code = expect (r, '"');
    if (code)
        return code;
    *text = r->at;
    *escaped = false;
    while (*r->at != '"') {
        if ((unsigned char) *r->at < ' ')
            return refuse (r, r->at, "an invalid byte in a string");
        if (*r->at == '\\' && r->at + 1 < r->end) {
            *escaped = true;
            r->at++;
        }
        r->at++;
    }
    *size = (size_t) (r->at - *text);
    size_t bad;
    if (!sks_utf8_valid (*text, *size, &bad))
        return refuse (r, *text + bad, "not UTF-8");
    r->at++;
    return 0;
}

/* Read a number in units of 1e-8, rounded. */
static int
read_number (struct reader *r, int64_t *out, int64_t most)
{
    static const int64_t powers[] = { 1,           10,           100,           1000,           10000,
                                      100000,      1000000,      10000000,      100000000,      1000000000,
                                      10000000000, 100000000000, 1000000000000, 10000000000000, 100000000000000 };
    enum { POWERS = sizeof powers / sizeof *powers, DIGITS = 17 };
    skip_blanks (r);
    const char *start = r->at, *p = start + (*start == '-'), *first = p;
    int64_t number = 0;
    int shift = 8, digits = 0; /* the number is `number` times 10 to the power of shift */
    for (; *p >= '0' && *p <= '9'; p++, digits++)
        number = digits < DIGITS ? number * 10 + (*p - '0') : number;
    if (!digits || (*first == '0' && digits > 1) || digits > DIGITS - 8)
        return refuse (r, digits ? first : p, digits ? "an invalid number in a vector" : "a number is missing");
    if (*p == '.') {
        const char *point = ++p;
        for (; *p >= '0' && *p <= '9'; p++)
            if (digits < DIGITS) {
                number = number * 10 + (*p - '0');
                digits += number != 0;
                shift--;
            }
        if (p == point)
            return refuse (r, p, "a digit is missing");
    }
    if (*p == 'e' || *p == 'E') {
        int exponent = 0;
        p++;
        bool minus = *p == '-';
        p += *p == '-' || *p == '+';
        const char *figures = p;
        for (; *p >= '0' && *p <= '9'; p++)
            exponent = exponent < 1000 ? exponent * 10 + (*p - '0') : exponent;
        if (p == figures)
            return refuse (r, p, "a digit is missing");
        shift += minus ? -exponent : exponent;
    }
    if (number && shift > 0)
        number = shift < POWERS && number <= most / powers[shift] ? number * powers[shift] : most + 1;
    while (number && shift < 0) {
        int step = -shift < POWERS ? -shift : POWERS - 1;
        number = shift + step < 0 ? number / powers[step] : (number + powers[step] / 2) / powers[step];
        shift += step;
    }
    if (number > most)
        return refuse (r, start, "a number too large for a vector");
    *out = *start == '-' ? -number : number;
    r->at = p;
    return 0;
}

/* Skip a value of any size, by its brackets and strings only. */
static int
skip_value (struct reader *r)
{
    unsigned depth = 0;
    bool quoted = false;
    for (;; r->at++) {
        if (r->end - r->at < 2) {
            int code = fill (r);
            if (code)
                return code;
        }
        if (r->at >= r->end)
            return refuse (r, r->at, "");
        if (quoted) {
            quoted = *r->at != '"';
            r->at += *r->at == '\\' && r->end - r->at > 1;
        } else if (*r->at == '"')
            quoted = true;
        else if (*r->at == '[' || *r->at == '{')
            depth++;
        else if (!depth && (*r->at == ',' || *r->at == '}'))
            return 0;
        else if (*r->at == ']' || *r->at == '}')
            depth -= depth > 0;
    }
}

/* Read everything up to the first word of "vectors". */
static int
read_head (struct reader *r)
{
    int64_t dimensions = 0;
    int code = fill (r);
    if (!code)
        code = expect (r, '{');
    while (!code) {
        const char *name;
        size_t size;
        bool escaped;
        if ((code = read_string (r, &name, &size, &escaped)) || (code = expect (r, ':')))
            return code;
        if (size == 7 && memcmp (name, "vectors", size) == 0) {
            if (dimensions != SKS_VECTOR_DIMENSIONS)
                return refuse (r, r->at, "the member \"dimensions\" is not 100");
            return expect (r, '{');
        }
        if (size == 10 && memcmp (name, "dimensions", size) == 0) {
            code = read_number (r, &dimensions, (int64_t) 1000000 * SKS_EMBEDDING_UNITS);
            dimensions /= SKS_EMBEDDING_UNITS;
        } else
            code = skip_value (r);
        if (!code && !(code = fill (r))) {
            skip_blanks (r);
            code = *r->at == '}' ? refuse (r, r->at, "there is no member \"vectors\"") : expect (r, ',');
        }
    }
    return code;
}

static int
read_vector (struct reader *r, int32_t numbers[SKS_VECTOR_DIMENSIONS])
{
    int code = expect (r, ':');
    if (!code)
        code = expect (r, '[');
    for (int i = 0; !code && i < SKS_VECTOR_DIMENSIONS + MEASURES; i++) {
        int64_t number = 0,
                most = (int64_t) (i < SKS_VECTOR_DIMENSIONS ? SKS_MAX_EMBEDDING : 100000000) * SKS_EMBEDDING_UNITS;
        if (i)
            code = expect (r, ',');
        if (!code)
            code = read_number (r, &number, most);
        if (i < SKS_VECTOR_DIMENSIONS)
            numbers[i] = (int32_t) number;
    }
    return code ? code : expect (r, ']');
}

size_t
sks_embeddings_fold (const char *text, size_t size, char out[SKS_MAX_WORD_BYTES])
{
    sks_word word;
    sks_compound compound;
    if (!sks_utf8_valid (text, size, NULL) || !sks_text_word (text, size, 0, &word) || word.start)
        return 0;
    if (word.end == size)
        return sks_text_fold (text, size, out);
    return sks_text_compound (text, size, word, &compound) > 1 && compound.end == size
               ? sks_text_join (text, &compound, out)
               : 0;
}

/* A hash table of the words kept: a slot has the number of a word + 1, or 0. */
struct kept {
    uint32_t *slots;
    size_t mask;
};

/* Keep a word, unless it was kept already. *is_new is set to whether it is new. */
static int
keep_word (sks_embeddings *e, struct kept *kept, const char *word, size_t size, bool *is_new, sks_error *err)
{
    size_t at = sks_hash_key (word, size) & kept->mask;
    for (; kept->slots[at]; at = (at + 1) & kept->mask) {
        uint32_t other = kept->slots[at] - 1;
        if (e->starts[other + 1] - e->starts[other] == size && !memcmp (e->text.bytes + e->starts[other], word, size)) {
            *is_new = false;
            return 0;
        }
    }
    *is_new = true;
    kept->slots[at] = ++e->count;
    sks_buffer_add (&e->text, word, size);
    e->starts[e->count] = (uint32_t) e->text.size;
    return sks_buffer_status (&e->text, err);
}

static int
read_entries (sks_embeddings *e, struct reader *r, struct kept *kept, uint32_t most)
{
    int code = 0;
    while (!code && !(code = fill (r))) {
        const char *text, *start = r->at;
        char word[SKS_MAX_WORD_BYTES];
        size_t size;
        bool escaped, is_new = false;
        int32_t numbers[SKS_VECTOR_DIMENSIONS];
        skip_blanks (r);
        if (*r->at == '}')
            break;
        if ((e->read && (code = expect (r, ','))) || (code = read_string (r, &text, &size, &escaped)) ||
            (code = read_vector (r, numbers))) {
            /* The entry began with at least ENTRY_BYTES in the buffer, and used all of them. */
            if (!r->ended && r->end - start >= (ptrdiff_t) ENTRY_BYTES && r->at >= r->end)
                return refuse (r, start, "a word with its vector is too long");
            return code;
        }
        /* A text with escapes has quotation marks or backslashes, so it is not a word. */
        size = escaped ? 0 : sks_embeddings_fold (text, size, word);
        if (size && e->count < most)
            code = keep_word (e, kept, word, size, &is_new, r->err);
        if (is_new)
            memcpy (e->numbers + (size_t) (e->count - 1) * SKS_VECTOR_DIMENSIONS, numbers, sizeof numbers);
        if (e->read++ < SKS_MEAN_WORDS) {
            e->averaged++;
            for (int i = 0; i < SKS_VECTOR_DIMENSIONS; i++)
                e->mean[i] += numbers[i];
        }
        if (e->count == most && e->read >= SKS_MEAN_WORDS)
            break;
    }
    return code || e->count ? code : refuse (r, r->at, "there is no word");
}

int
sks_embeddings_read (sks_embeddings *out, int fd, const char *name, uint32_t most, sks_error *err)
{
    *out = (sks_embeddings) { .text = SKS_BUFFER_INIT (UINT32_MAX) };
    struct reader r = { .fd = fd, .name = name, .err = err };
    struct kept kept = { NULL, 1 };
    while (kept.mask < (size_t) most * 2)
        kept.mask = kept.mask * 2 + 1;
    r.at = r.end = r.buffer = calloc (1, PIECE_BYTES + 1);
    kept.slots = calloc (kept.mask + 1, sizeof *kept.slots);
    out->starts = calloc ((size_t) most + 1, sizeof *out->starts);
    out->numbers = malloc ((size_t) most * SKS_VECTOR_DIMENSIONS * sizeof *out->numbers);
    int code = r.buffer && kept.slots && out->starts && out->numbers ? 0 : sks_fail_memory (err);
    if (!code)
        code = read_head (&r);
    if (!code)
        code = read_entries (out, &r, &kept, most);
    for (int i = 0; !code && i < SKS_VECTOR_DIMENSIONS; i++)
        out->mean[i] /= out->averaged;
    free (r.buffer);
    free (kept.slots);
    return code;
}

void
sks_embeddings_free (sks_embeddings *embeddings)
{
    free (embeddings->starts);
    free (embeddings->numbers);
    sks_buffer_free (&embeddings->text);
}
