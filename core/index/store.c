/* store.c - the statements file: opened, written and looked up. */
#include "store.h"
#include "core/base/bisect.h"
#include "core/base/hash.h"
#include "core/base/text.h"
#include "opening.h"
#include "place.h"
#include "sections.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Most entries are no longer than this. */
#define PIECE 16

/* Bytes that are written at a time. They fit into the cache of a core. */
#define WRITTEN ((size_t) 256 << 10)

/* ------------------------------------------------------ opening and closing */

static int
open_store (sks_store **out, const char *folder, unsigned how, sks_error *err)
{
    sks_store *store = *out = calloc (1, sizeof *store);
    if (!store)
        return sks_fail_memory (err);
    int code = sks_opening_read (store, folder, how, err);
    if (code)
        sks_store_close (out);
    return code;
}

int
sks_store_open (sks_store **out, const char *folder, sks_error *err)
{
    return open_store (out, folder, SKS_OPENING_TEXTS | SKS_OPENING_LISTS, err);
}

int
sks_store_open_built (sks_store **out, const char *folder, sks_error *err)
{
    return open_store (out, folder, SKS_OPENING_TEXTS | SKS_OPENING_LISTS | SKS_OPENING_FIXED, err);
}

int
sks_store_open_without_lists (sks_store **out, const char *folder, sks_error *err)
{
    return open_store (out, folder, SKS_OPENING_TEXTS, err);
}

int
sks_store_open_front (sks_store **out, const char *folder, sks_error *err)
{
    return open_store (out, folder, SKS_OPENING_LISTS, err);
}

void
sks_store_close (sks_store **store_p)
{
    if (!store_p || !*store_p)
        return;
    sks_image_drop (&(*store_p)->file);
    sks_image_drop (&(*store_p)->texts);
    sks_image_drop (&(*store_p)->postings_image);
    sks_image_drop (&(*store_p)->additions_image);
    free (*store_p);
    *store_p = NULL;
}

/* ---------------------------------------------------------------- writing */

/* Write bytes, and add them to a hash while they are in the cache of the processor. */
static bool
write_slice (int fd, sks_hash *hash, sks_slice slice, uint64_t offset)
{
    const char *at = slice.bytes;
    for (size_t left = slice.size, next; left; left -= next, at += next, offset += next) {
        next = left < WRITTEN ? left : WRITTEN;
        sks_hash_add (hash, at, next);
        if (!sks_image_write (fd, at, next, offset))
            return false;
    }
    return true;
}

/* Write the slices of a section at place->offset; its size and hash go into the place. */
static bool
write_section (int fd, const sks_slice *slices, size_t count, sks_section_place *place)
{
    sks_hash *hash = sks_hash_begin ();
    bool written = hash;
    if (!hash)
        errno = ENOMEM;
    for (size_t i = 0; written && i < count; i++) {
        written = write_slice (fd, hash, slices[i], place->offset + place->size);
        place->size += slices[i].size;
    }
    place->hash = sks_hash_end (hash);
    return written;
}

/* Write the sections of one of the files; their places go into the header. */
static bool
write_sections (int fd, sks_store *store, int file, uint64_t offset, sks_header *header)
{
    sks_section_part parts[SKS_STORE_SECTIONS];
    sks_sections_list (store, parts);
    for (int i = 0; i < SKS_STORE_SECTIONS; i++) {
        if (sks_sections_file (store, i) != file)
            continue;
        sks_slice whole = { *parts[i].bytes, parts[i].size };
        bool sliced = i == SKS_STORE_TOKENS && store->token_slice_count;
        header->place[i] = (sks_section_place) { .offset = sks_sections_start (offset, parts[i].size) };
        if (!write_section (fd, sliced ? store->token_slices : &whole, sliced ? store->token_slice_count : 1,
                            &header->place[i]))
            return false;
        offset = header->place[i].offset + header->place[i].size;
    }
    return true;
}

static bool
write_header (int fd, sks_header *header)
{
    header->hash = sks_hash_bytes (header, offsetof (sks_header, hash));
    return sks_image_write (fd, header, sizeof *header, 0);
}

/* Write one of the files that have sections. The statements file is last, because its header describes both. */
static int
write_file (sks_store *store, int file, sks_header *header, const char *folder, sks_error *err)
{
    char path[PATH_MAX];
    int code = sks_place_join (path, sizeof path, folder, file ? SKS_TEXTS_FILE : SKS_STATEMENTS_FILE, err);
    if (code)
        return code;
    int fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd < 0)
        return sks_fail_errno (err, "%s", path);
    if (!write_sections (fd, store, file, file ? 0 : sizeof *header, header) || (!file && !write_header (fd, header)) ||
        fsync (fd) < 0)
        code = sks_fail_errno (err, "%s", path);
    if (close (fd) < 0 && !code)
        code = sks_fail_errno (err, "%s", path);
    return code;
}

/* Size and hash of a Xapian file. */
static int
hash_file (const char *folder, const char *name, sks_print *out, sks_error *err)
{
    char path[PATH_MAX];
    int code = sks_place_join (path, sizeof path, folder, name, err);
    return code ? code : sks_image_print (out, UINT64_MAX, path, err);
}

static int
hash_files (sks_store *store, const char *folder, sks_error *err)
{
    char path[PATH_MAX];
    int code = store->postings.size ? 0 : hash_file (folder, SKS_POSTINGS_FILE, &store->postings, err);
    if (!code)
        code = sks_place_join (path, sizeof path, folder, SKS_ADDITIONS_FILE, err);
    if (!code && access (path, F_OK) == 0)
        code = hash_file (folder, SKS_ADDITIONS_FILE, &store->additions, err);
    return code;
}

int
sks_store_write (sks_store *store, const sks_print *postings, const char *folder, sks_error *err)
{
    sks_header header;
    store->postings = postings ? *postings : (sks_print) { 0, 0 };
    store->additions = (sks_print) { 0, 0 };
    int code = store->shards ? 0 : hash_files (store, folder, err);
    sks_sections_make_header (&header, store);
    for (int file = store->shards ? 1 : 0; !code && file >= 0; file--)
        code = write_file (store, file, &header, folder, err);
    return code;
}

/* --------------------------------------------------------------- look-ups */

/* Copy the text of an entry, which is short: so PIECE bytes are copied whatever its size, if there are that many. */
static inline void
put_entry (const sks_store *store, const sks_entry *entry, char *out, size_t room)
{
    const char *text = store->strings + entry->text;
    if (entry->size > PIECE || room < PIECE || (uint64_t) entry->text + PIECE > store->strings_size)
        memcpy (out, text, entry->size);
    else
        memcpy (out, text, PIECE);
}

size_t
sks_store_put_text (const sks_store *store, uint32_t statement, char out[SKS_MAX_STATEMENT_BYTES])
{
    const uint8_t *at = store->tokens + store->offsets[statement];
    const uint8_t *end = store->tokens + store->offsets[statement + 1];
    size_t size = 0;
    while (at < end) {
        const sks_entry *entry = &store->entry[sks_token_next (&at)];
        put_entry (store, entry, out + size, SKS_MAX_STATEMENT_BYTES - size);
        size += entry->size;
    }
    return size;
}

void
sks_store_text (const sks_store *store, uint32_t statement, sks_buffer *out)
{
    char text[SKS_MAX_STATEMENT_BYTES];
    sks_buffer_add (out, text, sks_store_put_text (store, statement, text));
}

bool
sks_store_in_capitals (const sks_store *store, uint32_t entry)
{
    const sks_entry *row = &store->entry[entry];
    const char *text = store->strings + row->text;
    size_t size = row->word & SKS_ENTRY_WORD;
    for (size_t at = 0, length; at < size; at += length)
        if (sks_text_case (text, size, at, &length) == 'a')
            return false;
    return true;
}

static int
compare_bytes (const char *a, size_t a_size, const char *b, size_t b_size)
{
    int order = memcmp (a, b, a_size < b_size ? a_size : b_size);
    return order ? order : (a_size > b_size) - (a_size < b_size);
}

/* The bytes of a form or of a stem. */
struct word {
    uint32_t text, size;
};

static struct word
form_at (const sks_store *store, uint32_t row)
{
    return (struct word) { store->form[row].text, store->form[row].size };
}

static struct word
stem_at (const sks_store *store, uint32_t row)
{
    return (struct word) { store->stem[row].text, store->stem[row].size };
}

static inline uint32_t
find_word (const sks_store *store, uint32_t count, struct word (*at) (const sks_store *, uint32_t), const char *bytes,
           size_t size)
{
    uint32_t low = 0, high = count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        struct word word = at (store, middle);
        int order = compare_bytes (bytes, size, store->strings + word.text, word.size);
        if (order == 0)
            return middle;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return SKS_NONE;
}

uint32_t
sks_store_form (const sks_store *store, const char *bytes, size_t size)
{
    uint32_t form = find_word (store, store->forms, form_at, bytes, size);
    return form != SKS_NONE && store->form[form].joined == SKS_FORM_ABSENT ? SKS_NONE : form;
}

uint32_t
sks_store_stem (const sks_store *store, const char *bytes, size_t size)
{
    uint32_t stem = find_word (store, store->stems, stem_at, bytes, size);
    const sks_stem *row = &store->stem[stem == SKS_NONE ? store->stems : stem];
    return stem == SKS_NONE || row->statements || row->contexts < row[1].contexts ? stem : SKS_NONE;
}

uint32_t
sks_store_cell (const sks_store *store, uint32_t statement)
{
    uint32_t low = 0, high = store->occupations * SKS_LEVELS;
    SKS_BISECT (low, high, cell, store->cells[cell + 1] <= statement)
    return low;
}

/* The first occupation whose SOC code, cut to size bytes, is not before
 * (after == false) or is after (after == true) the prefix. */
static uint32_t
occupation_bound (const sks_store *store, const char *prefix, size_t size, bool after)
{
    uint32_t low = 0, high = store->occupations;
    SKS_BISECT (low, high, at,
                strncmp (sks_store_string (store, store->occupation[at].soc), prefix, size) < (after ? 1 : 0))
    return low;
}

void
sks_store_occupations (const sks_store *store, const char *prefix, size_t size, uint32_t *first, uint32_t *end)
{
    *first = occupation_bound (store, prefix, size, false);
    *end = occupation_bound (store, prefix, size, true);
}

uint32_t
sks_store_occupation (const sks_store *store, const char *soc)
{
    uint32_t first, end;
    if (strlen (soc) != SKS_SOC_BYTES)
        return SKS_NONE;
    sks_store_occupations (store, soc, SKS_SOC_BYTES, &first, &end);
    return first < end ? first : SKS_NONE;
}

static bool
has_long_id (const sks_store *store, uint32_t statement)
{
    return store->positions[statement] & SKS_POSITION_LONG_ID;
}

void
sks_store_id_of_text (const sks_store *store, uint32_t statement, uint32_t cell, const char *text, size_t size,
                      char out[SKS_STATEMENT_ID_BYTES])
{
    const char *soc = sks_store_string (store, store->occupation[cell / SKS_LEVELS].soc);
    uint64_t hash = sks_text_hash (text, size);
    char *at = mempcpy (out, soc, strnlen (soc, SKS_SOC_BYTES));
    *at++ = '/';
    at = stpcpy (at, sks_level_name (sks_cell_level (cell)));
    *at++ = '/';
    for (int i = has_long_id (store, statement) ? SKS_LONG_HASH_DIGITS : SKS_HASH_DIGITS; i--; hash <<= 4)
        *at++ = "0123456789abcdef"[hash >> 60];
    *at = '\0';
}

void
sks_store_id (const sks_store *store, uint32_t statement, char out[SKS_STATEMENT_ID_BYTES])
{
    char text[SKS_MAX_STATEMENT_BYTES];
    size_t size = sks_store_put_text (store, statement, text);
    sks_store_id_of_text (store, statement, sks_store_cell (store, statement), text, size, out);
}

static uint64_t
statement_hash (const sks_store *store, uint32_t statement)
{
    char text[SKS_MAX_STATEMENT_BYTES];
    return sks_text_hash (text, sks_store_put_text (store, statement, text));
}

/* A parsed id. */
struct id {
    char soc[SKS_SOC_BYTES + 1];
    int level;
    uint64_t hash; /* the value of the digits */
    bool is_long;
};

/* Split "SOC/level/DIGITS"; false when it is not of that form. */
static bool
split_id (const char *id, struct id *out)
{
    const char *digits = strrchr (id, '/');
    if (!digits++ || digits < id + SKS_SOC_BYTES + 2 || id[SKS_SOC_BYTES] != '/')
        return false;
    size_t count = strlen (digits);
    if ((count != SKS_HASH_DIGITS && count != SKS_LONG_HASH_DIGITS) || strspn (digits, "0123456789abcdef") != count)
        return false;
    const char *name = id + SKS_SOC_BYTES + 1;
    memcpy (out->soc, id, SKS_SOC_BYTES);
    out->soc[SKS_SOC_BYTES] = '\0';
    out->level = digits - 1 > name ? sks_schema_level_of (name, (size_t) (digits - 1 - name)) : -1;
    out->hash = strtoull (digits, NULL, 16);
    out->is_long = count == SKS_LONG_HASH_DIGITS;
    return out->level >= 0;
}

uint32_t
sks_store_find (const sks_store *store, const char *text)
{
    struct id id;
    uint32_t occupation = split_id (text, &id) ? sks_store_occupation (store, id.soc) : SKS_NONE;
    if (occupation == SKS_NONE)
        return SKS_NONE;
    uint64_t digits = id.is_long ? sks_short_hash (id.hash) : id.hash;
    uint32_t cell = sks_cell (occupation, id.level);
    uint32_t low = store->cells[cell], end = store->cells[cell + 1], high = end;
    SKS_BISECT (low, high, at, sks_short_hash (statement_hash (store, at)) < digits)
    for (; low < end; low++) {
        uint64_t hash = statement_hash (store, low);
        if (sks_short_hash (hash) != digits)
            break;
        if (has_long_id (store, low) == id.is_long && (!id.is_long || hash == id.hash))
            return low;
    }
    return SKS_NONE;
}
