/* store.c - the statements file: section table, writing, opening, look-ups. */
#include "store.h"
#include "checks.h"
#include "core/base/bisect.h"
#include "core/base/hash.h"
#include "core/base/text.h"
#include "glass.h"
#include "centroid.h"
#include "place.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the statements file is little-endian and is used as it is"
#endif

static const char magic[8] = "SKSTMTS\n";

enum section {
    TOKENS,
    OFFSETS,
    POSITIONS,
    LENGTHS,
    CELLS,
    OCCUPATIONS,
    GROUPS,
    SECTORS,
    ENTRIES,
    FORMS,
    STEMS,
    STEM_FORMS,
    CONTEXTS,
    EDITIONS,
    CITATIONS,
    DOCUMENTS,
    VECTORS,
    STRINGS,
    SECTIONS
};

struct place {
    uint64_t offset, size, hash;
};

struct header {
    char magic[8];
    uint32_t format, sections;
    uint64_t generation, created, words;
    sks_print postings, additions;
    uint32_t statements, occupations, groups, sectors, entries, forms, stems, contexts, documents, base, editions,
        citations;
    struct place place[SECTIONS];
    uint64_t vectors;
    uint64_t hash; /* of all bytes before it */
};

/* The address of each section in memory and its required size. Writing and opening share this table. */
struct part {
    const void **bytes;
    uint64_t size;
};

static void
list_parts (sks_store *s, struct part parts[SECTIONS])
{
    uint64_t n = s->statements;
    parts[TOKENS] = (struct part) { (const void **) &s->tokens, s->tokens_size };
    parts[OFFSETS] = (struct part) { (const void **) &s->offsets, (n + 1) * sizeof *s->offsets };
    parts[POSITIONS] = (struct part) { (const void **) &s->positions, n * sizeof *s->positions };
    parts[LENGTHS] = (struct part) { (const void **) &s->lengths, n * sizeof *s->lengths };
    parts[CELLS] =
        (struct part) { (const void **) &s->cells, ((uint64_t) s->occupations * SKS_LEVELS + 1) * sizeof *s->cells };
    parts[OCCUPATIONS] = (struct part) { (const void **) &s->occupation, s->occupations * sizeof *s->occupation };
    parts[GROUPS] = (struct part) { (const void **) &s->group, s->groups * sizeof *s->group };
    parts[SECTORS] = (struct part) { (const void **) &s->sector, s->sectors * sizeof *s->sector };
    parts[ENTRIES] = (struct part) { (const void **) &s->entry, s->entries * sizeof *s->entry };
    parts[FORMS] = (struct part) { (const void **) &s->form, s->forms * sizeof *s->form };
    parts[STEMS] = (struct part) { (const void **) &s->stem, (s->stems + (uint64_t) 1) * sizeof *s->stem };
    parts[STEM_FORMS] = (struct part) { (const void **) &s->stem_forms, s->forms * sizeof *s->stem_forms };
    parts[CONTEXTS] = (struct part) { (const void **) &s->context, s->contexts * sizeof *s->context };
    parts[EDITIONS] = (struct part) { (const void **) &s->edition, (s->editions + (uint64_t) 1) * sizeof *s->edition };
    parts[CITATIONS] = (struct part) { (const void **) &s->citation, s->citations * sizeof *s->citation };
    parts[DOCUMENTS] = (struct part) { (const void **) &s->document, s->documents * sizeof *s->document };
    parts[VECTORS] = (struct part) { (const void **) &s->vector, s->vectors ? n * SKS_CENTROID_DIMENSIONS : 0 };
    parts[STRINGS] = (struct part) { (const void **) &s->strings, s->strings_size };
}

static uint64_t
aligned (uint64_t offset)
{
    return (offset + 63) & ~(uint64_t) 63;
}

/* ---------------------------------------------------------------- opening */

static int
check_header (const struct header *header, const char *path, sks_error *err)
{
    if (memcmp (header->magic, magic, sizeof magic) != 0)
        return sks_fail (err, SKS_EINDEX, "%s: not a statements file", path);
    if (header->format != SKS_INDEX_FORMAT)
        return sks_fail (err, SKS_EINDEX, "%s: index format %u, this program reads %d; run skillsearch-index --rebuild",
                         path, header->format, SKS_INDEX_FORMAT);
    if (header->sections != SECTIONS || header->hash != sks_hash_bytes (header, offsetof (struct header, hash)))
        return sks_fail (err, SKS_EINDEX, "%s: the header is damaged", path);
    return 0;
}

static bool
is_zero (const char *bytes, uint64_t size)
{
    while (size && !bytes[size - 1])
        size--;
    return !size;
}

/* The statements file while it is being read. */
struct reading {
    sks_store *store;
    const char *path;
    int fd;
};

static int
take_header (struct reading *r, struct header *out, sks_error *err)
{
    const sks_image *file = &r->store->file;
    if (file->size < sizeof *out)
        return sks_fail (err, SKS_EINDEX, "%s: not a statements file", r->path);
    int code = sks_image_take (file, r->fd, 0, sizeof *out, r->path, err);
    if (code)
        return code;
    memcpy (out, file->bytes, sizeof *out);
    return check_header (out, r->path, err);
}

/* Hash a section piece by piece while the piece is in the cache. Check the tokens, more than half of the file, in the
 * same pass. */
static int
take_section (struct reading *r, int section, const struct place *place, sks_error *err)
{
    const char *bytes = (const char *) r->store->file.bytes + place->offset;
    sks_hash *hash = sks_hash_begin ();
    int code = hash ? 0 : sks_fail_memory (err);
    bool holds = true;
    for (size_t done = 0, next; !code && done < place->size; done = next) {
        next = place->size - done < SKS_IMAGE_PIECE ? place->size : done + SKS_IMAGE_PIECE;
        code = sks_image_take (&r->store->file, r->fd, place->offset + done, place->offset + next, r->path, err);
        if (!code) {
            sks_hash_add (hash, bytes + done, next - done);
            holds &= section != TOKENS || sks_checks_numbers (r->store, done, next);
        }
    }
    uint64_t found = sks_hash_end (hash);
    if (code)
        return code;
    if (found != place->hash)
        return sks_fail (err, SKS_EINDEX, "%s: section %d is damaged", r->path, section);
    return holds ? 0 : sks_fail (err, SKS_EINDEX, "%s: damaged: invalid tokens", r->path);
}

/* Sections are consecutive, so every byte of the file is checked. */
static int
take_sections (struct reading *r, const struct header *header, sks_error *err)
{
    sks_store *store = r->store;
    struct part parts[SECTIONS];
    store->tokens_size = header->place[TOKENS].size;
    store->strings_size = header->place[STRINGS].size;
    list_parts (store, parts);
    const char *file = store->file.bytes;
    uint64_t end = sizeof *header;
    for (int i = 0; i < SECTIONS; i++) {
        const struct place *place = &header->place[i];
        if (place->size != parts[i].size || place->offset != aligned (end) || place->offset > store->file.size ||
            place->size > store->file.size - place->offset)
            return sks_fail (err, SKS_EINDEX, "%s: section %d does not fit; the file is cut short", r->path, i);
        int code = sks_image_take (&store->file, r->fd, end, place->offset, r->path, err);
        if (code)
            return code;
        if (!is_zero (file + end, place->offset - end))
            return sks_fail (err, SKS_EINDEX, "%s: section %d is damaged", r->path, i);
        *parts[i].bytes = file + place->offset;
        code = take_section (r, i, place, err);
        if (code)
            return code;
        end = place->offset + place->size;
    }
    if (end != store->file.size)
        return sks_fail (err, SKS_EINDEX, "%s: damaged: unexpected data after the last section", r->path);
    return 0;
}

/* A second thread reads, hashes and checks the Xapian files while this one reads and checks the statements file. */
struct xapian_file {
    const char *folder, *name;
    uint64_t size; /* as the header has it; 0: there is no such file */
    int copy;
    sks_print found;
    sks_error err, wrong; /* why it cannot be read; why libxapian must not open it */
    int code, wrong_code;
};

struct xapian_files {
    struct xapian_file postings, additions;
    pthread_t thread;
    bool running;
};

static void
drop_copy (int copy)
{
    if (copy >= 0)
        close (copy);
}

static void
read_xapian_file (struct xapian_file *file)
{
    char path[PATH_MAX];
    sks_image image;
    file->copy = -1;
    if (!file->size)
        return;
    file->code = sks_place_join (path, sizeof path, file->folder, file->name, &file->err);
    if (!file->code)
        file->code = sks_image_print (&file->found, &image, &file->copy, path, file->size, &file->err);
    if (file->code)
        return;
    file->wrong_code = sks_glass_check (image.bytes, image.size, path, &file->wrong);
    sks_image_drop (&image);
}

static void *
read_xapian_files (void *argument)
{
    struct xapian_files *files = argument;
    read_xapian_file (&files->postings);
    read_xapian_file (&files->additions);
    return NULL;
}

/* If no thread can be started the work is done here. The thread blocks all signals. */
static void
begin_xapian_files (struct xapian_files *files, const sks_store *store, const char *folder)
{
    sigset_t all, before;
    *files = (struct xapian_files) { .postings = { folder, SKS_POSTINGS_FILE, store->postings.size },
                                     .additions = { folder, SKS_ADDITIONS_FILE, store->additions.size } };
    sigfillset (&all);
    pthread_sigmask (SIG_SETMASK, &all, &before);
    files->running = pthread_create (&files->thread, NULL, read_xapian_files, files) == 0;
    pthread_sigmask (SIG_SETMASK, &before, NULL);
    if (!files->running)
        read_xapian_files (files);
}

static int
take_xapian_file (struct xapian_file *file, const sks_print *wanted, int *out, sks_error *err)
{
    if (file->code) {
        *err = file->err;
        return file->code;
    }
    if (file->found.size != wanted->size || file->found.hash != wanted->hash)
        return sks_fail (err, SKS_EINDEX, "%s/%s: the file is damaged", file->folder, file->name);
    if (file->wrong_code) {
        *err = file->wrong;
        return file->wrong_code;
    }
    *out = file->copy;
    file->copy = -1;
    return 0;
}

/* Wait for the Xapian files; the store takes them if it could be opened so far. */
static int
end_xapian_files (struct xapian_files *files, sks_store *store, int code, sks_error *err)
{
    sks_error ignored;
    if (files->running)
        pthread_join (files->thread, NULL);
    if (!code)
        code = take_xapian_file (&files->postings, &store->postings, &store->postings_copy, err ? err : &ignored);
    if (!code && store->additions.size)
        code = take_xapian_file (&files->additions, &store->additions, &store->additions_copy, err ? err : &ignored);
    drop_copy (files->postings.copy);
    drop_copy (files->additions.copy);
    return code;
}

static void
fill_store (sks_store *store, const struct header *header)
{
    store->generation = header->generation;
    store->created = header->created;
    store->words = header->words;
    store->content =
        sks_hash_bytes (&header->postings, offsetof (struct header, hash) - offsetof (struct header, postings));
    store->postings = header->postings;
    store->additions = header->additions;
    store->statements = header->statements;
    store->occupations = header->occupations;
    store->groups = header->groups;
    store->sectors = header->sectors;
    store->entries = header->entries;
    store->forms = header->forms;
    store->stems = header->stems;
    store->contexts = header->contexts;
    store->documents = header->documents;
    store->base = header->base;
    store->editions = header->editions;
    store->citations = header->citations;
    store->vectors = header->vectors;
}

/* Open the statements file and read its header. */
static int
begin_statements (struct reading *r, struct header *header, sks_error *err)
{
    int code = sks_image_begin (&r->store->file, &r->fd, r->path, err);
    if (!code)
        code = take_header (r, header, err);
    if (!code)
        fill_store (r->store, header);
    return code;
}

static int
take_files (struct reading *r, const struct header *header, const char *folder, sks_error *err)
{
    struct xapian_files files;
    begin_xapian_files (&files, r->store, folder);
    int code = take_sections (r, header, err);
    if (!code)
        code = sks_checks_store (r->store, r->path, err);
    return end_xapian_files (&files, r->store, code, err);
}

int
sks_store_open (sks_store **out, const char *folder, sks_error *err)
{
    sks_store *store = *out = calloc (1, sizeof *store);
    if (!store)
        return sks_fail_memory (err);
    store->postings_copy = store->additions_copy = -1;
    char path[PATH_MAX];
    struct reading reading = { store, path, -1 };
    struct header header;
    int code = sks_place_join (path, sizeof path, folder, SKS_STATEMENTS_FILE, err);
    if (!code)
        code = begin_statements (&reading, &header, err);
    if (!code)
        code = take_files (&reading, &header, folder, err);
    if (reading.fd >= 0)
        close (reading.fd);
    if (code)
        sks_store_close (out);
    return code;
}

void
sks_store_close (sks_store **store_p)
{
    if (!store_p || !*store_p)
        return;
    sks_image_drop (&(*store_p)->file);
    drop_copy ((*store_p)->postings_copy);
    drop_copy ((*store_p)->additions_copy);
    free (*store_p);
    *store_p = NULL;
}

/* ---------------------------------------------------------------- writing */

static int
write_sections (int fd, sks_store *store, struct header *header)
{
    struct part parts[SECTIONS];
    list_parts (store, parts);
    uint64_t offset = aligned (sizeof *header);
    for (int i = 0; i < SECTIONS; i++) {
        header->place[i] = (struct place) { offset, parts[i].size, sks_hash_bytes (*parts[i].bytes, parts[i].size) };
        if (!sks_image_write (fd, *parts[i].bytes, parts[i].size, offset))
            return -1;
        offset = aligned (offset + parts[i].size);
    }
    header->hash = sks_hash_bytes (header, offsetof (struct header, hash));
    return sks_image_write (fd, header, sizeof *header, 0) ? 0 : -1;
}

static void
fill_header (struct header *header, const sks_store *store)
{
    memset (header, 0, sizeof *header);
    memcpy (header->magic, magic, sizeof magic);
    header->format = SKS_INDEX_FORMAT;
    header->sections = SECTIONS;
    header->generation = store->generation;
    header->created = store->created;
    header->words = store->words;
    header->postings = store->postings;
    header->additions = store->additions;
    header->statements = store->statements;
    header->occupations = store->occupations;
    header->groups = store->groups;
    header->sectors = store->sectors;
    header->entries = store->entries;
    header->forms = store->forms;
    header->stems = store->stems;
    header->contexts = store->contexts;
    header->documents = store->documents;
    header->base = store->base;
    header->editions = store->editions;
    header->citations = store->citations;
    header->vectors = store->vectors;
}

/* Size and hash of a Xapian file. */
static int
hash_file (const char *folder, const char *name, sks_print *out, sks_error *err)
{
    char path[PATH_MAX];
    int code = sks_place_join (path, sizeof path, folder, name, err);
    return code ? code : sks_image_print (out, NULL, NULL, path, UINT64_MAX, err);
}

int
sks_store_write (sks_store *store, const char *folder, sks_error *err)
{
    char path[PATH_MAX];
    int code = hash_file (folder, SKS_POSTINGS_FILE, &store->postings, err);
    if (!code)
        code = sks_place_join (path, sizeof path, folder, SKS_ADDITIONS_FILE, err);
    store->additions = (sks_print) { 0, 0 };
    if (!code && access (path, F_OK) == 0)
        code = hash_file (folder, SKS_ADDITIONS_FILE, &store->additions, err);
    struct header header;
    fill_header (&header, store);
    if (!code)
        code = sks_place_join (path, sizeof path, folder, SKS_STATEMENTS_FILE, err);
    if (code)
        return code;
    int fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd < 0)
        return sks_fail_errno (err, "%s", path);
    if (write_sections (fd, store, &header) < 0 || fsync (fd) < 0)
        code = sks_fail_errno (err, "%s", path);
    if (close (fd) < 0 && !code)
        code = sks_fail_errno (err, "%s", path);
    return code;
}

/* --------------------------------------------------------------- look-ups */

size_t
sks_store_put_text (const sks_store *store, uint32_t statement, char out[SKS_MAX_STATEMENT_BYTES])
{
    const uint8_t *at = store->tokens + store->offsets[statement];
    const uint8_t *end = store->tokens + store->offsets[statement + 1];
    size_t size = 0;
    while (at < end) {
        const sks_entry *entry = &store->entry[sks_token_next (&at)];
        memcpy (out + size, store->strings + entry->text, entry->size);
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
    return find_word (store, store->forms, form_at, bytes, size);
}

uint32_t
sks_store_stem (const sks_store *store, const char *bytes, size_t size)
{
    return find_word (store, store->stems, stem_at, bytes, size);
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
sks_store_id_of_text (const sks_store *store, uint32_t statement, const char *text, size_t size,
                      char out[SKS_STATEMENT_ID_BYTES])
{
    uint32_t cell = sks_store_cell (store, statement);
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
    sks_store_id_of_text (store, statement, text, size, out);
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
    uint64_t hash; /* only the digits of a short id */
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
