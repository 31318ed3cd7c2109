/* opening.c - the header first, then sections and Xapian files in two threads, then the checks in two threads; all of a
 * small index in one. */
#include "opening.h"

#include "checks.h"
#include "checks_tokens.h"
#include "core/base/hash.h"
#include "core/base/threads.h"
#include "glass.h"
#include "place.h"
#include "sections.h"

#include <inttypes.h>
#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The files with sections while they are being read: the statements file and, with `texts`, that of an index in
 * shards. */
struct reading {
    sks_store *store;
    unsigned how;
    struct file {
        sks_image *image;
        int fd; /* -1: not read */
        char path[PATH_MAX];
    } files[SKS_STORE_FILES];
};

static int
begin_reading (struct reading *r, sks_store *store, const char *folder, unsigned how, sks_error *err)
{
    r->store = store;
    r->how = how;
    r->files[0].image = &store->file;
    r->files[1].image = &store->texts;
    r->files[0].fd = r->files[1].fd = -1;
    int code = sks_place_join (r->files[0].path, PATH_MAX, folder, SKS_STATEMENTS_FILE, err);
    return code ? code : sks_place_join (r->files[1].path, PATH_MAX, folder, SKS_TEXTS_FILE, err);
}

static int
begin_image (const struct reading *r, sks_image *out, int *fd, const char *path, sks_error *err)
{
    return r->how & SKS_OPENING_FIXED ? sks_image_map (out, fd, path, err) : sks_image_begin (out, fd, path, err);
}

static void
end_reading (struct reading *r)
{
    for (int i = 0; i < SKS_STORE_FILES; i++)
        if (r->files[i].fd >= 0)
            close (r->files[i].fd);
}

/* ------------------------------------------------------------------- header */

static int
check_header (const sks_header *header, const char *path, sks_error *err)
{
    if (memcmp (header->magic, sks_sections_magic, sizeof header->magic) != 0)
        return sks_fail (err, SKS_EINDEX, "%s: not a statements file", path);
    if (header->format != SKS_INDEX_FORMAT)
        return sks_fail (err, SKS_EINDEX, "%s: index format %u, this program reads %d; run skillsearch-index --rebuild",
                         path, header->format, SKS_INDEX_FORMAT);
    if (header->sections != SKS_STORE_SECTIONS || header->hash != sks_hash_bytes (header, offsetof (sks_header, hash)))
        return sks_fail (err, SKS_EINDEX, "%s: the header is damaged", path);
    return 0;
}

/* Open the statements file and read its header. */
static int
begin_statements (struct reading *r, sks_header *header, sks_error *err)
{
    struct file *file = &r->files[0];
    int code = begin_image (r, file->image, &file->fd, file->path, err);
    if (!code && file->image->size < sizeof *header)
        code = sks_fail (err, SKS_EINDEX, "%s: not a statements file", file->path);
    if (!code)
        code = sks_image_take (file->image, file->fd, 0, sizeof *header, file->path, err);
    if (code)
        return code;
    memcpy (header, file->image->bytes, sizeof *header);
    code = check_header (header, file->path, err);
    if (!code)
        sks_sections_read_header (r->store, header);
    return code;
}

/* The number in the name of a generation's folder, 0 if it has another name. */
static uint64_t
number_in_name (const char *folder)
{
    size_t size = strlen (folder);
    while (size > 1 && folder[size - 1] == '/')
        size--;
    size_t first = size;
    while (first && folder[first - 1] >= '0' && folder[first - 1] <= '9')
        first--;
    size_t name = first - (first >= 4 ? 4 : 0);
    bool whole = first < size && strncmp (folder + name, "gen-", 4) == 0 && (!name || folder[name - 1] == '/');
    return whole ? strtoull (folder + first, NULL, 10) : 0;
}

/* Refuse a folder whose name has another number than its content: it was renamed or copied by hand. */
static int
check_number (const sks_store *store, const char *folder, const char *path, sks_error *err)
{
    uint64_t number = number_in_name (folder);
    if (!number || number == store->generation)
        return 0;
    return sks_fail (err, SKS_EINDEX,
                     "%s: the file is of generation %" PRIu64 ", but its folder is called gen-%" PRIu64, path,
                     store->generation, number);
}

static bool
is_zero (const char *bytes, uint64_t size)
{
    while (size && !bytes[size - 1])
        size--;
    return !size;
}

/* Place the sections of one file. They must be consecutive, so that every byte of the file is checked. */
static int
place_file (struct reading *r, int number, uint64_t end, const sks_header *header, sks_error *err)
{
    const struct file *f = &r->files[number];
    sks_section_part parts[SKS_STORE_SECTIONS];
    sks_sections_list (r->store, parts);
    const char *bytes = f->image->bytes;
    for (int i = 0; i < SKS_STORE_SECTIONS; i++) {
        const sks_section_place *place = &header->place[i];
        if (sks_sections_file (r->store, i) != number)
            continue;
        if (place->size != parts[i].size || place->offset != sks_sections_start (end, place->size) ||
            place->offset > f->image->size || place->size > f->image->size - place->offset)
            return sks_fail (err, SKS_EINDEX, "%s: section %d does not fit; the file is cut short", f->path, i);
        int code = sks_image_take (f->image, f->fd, end, place->offset, f->path, err);
        if (code)
            return code;
        if (!is_zero (bytes + end, place->offset - end))
            return sks_fail (err, SKS_EINDEX, "%s: section %d is damaged", f->path, i);
        *parts[i].bytes = bytes + place->offset;
        end = place->offset + place->size;
    }
    if (end != f->image->size)
        return sks_fail (err, SKS_EINDEX, "%s: damaged: unexpected data after the last section", f->path);
    return 0;
}

static int
place_sections (struct reading *r, const sks_header *header, sks_error *err)
{
    struct file *texts = &r->files[1];
    r->store->tokens_size = header->place[SKS_STORE_TOKENS].size;
    r->store->strings_size = header->place[SKS_STORE_STRINGS].size;
    int code = place_file (r, 0, sizeof *header, header, err);
    if (code || !r->store->shards || !(r->how & SKS_OPENING_TEXTS))
        return code;
    code = begin_image (r, texts->image, &texts->fd, texts->path, err);
    return code ? code : place_file (r, 1, 0, header, err);
}

/* -------------------------------------------------------------------- parts */

/* What one thread reads and checks at a time: a section, or a Xapian file. */
struct task {
    const struct reading *reading;
    const sks_section_place *place; /* of the section */
    int section;
    const char *folder, *name; /* of the Xapian file; NULL: a section */
    const sks_print *wanted;
    sks_image *image; /* of the Xapian file; NULL: its bytes are not kept */
};

static bool
numbers_hold (const void *store, size_t from, size_t end)
{
    return sks_checks_numbers (store, from, end);
}

/* Read a section. The tokens, more than half of the file, are checked in the same pass. */
static int
take_section (const struct task *task, sks_error *err)
{
    const struct reading *r = task->reading;
    const struct file *f = &r->files[sks_sections_file (r->store, task->section)];
    const sks_section_place *place = task->place;
    bool holds;
    uint64_t found;
    int code =
        sks_image_take_hashed (f->image, f->fd, place->offset, place->offset + place->size, f->path,
                               task->section == SKS_STORE_TOKENS ? numbers_hold : NULL, r->store, &holds, &found, err);
    if (code)
        return code;
    if (found != place->hash)
        return sks_fail (err, SKS_EINDEX, "%s: section %d is damaged", f->path, task->section);
    return holds ? 0 : sks_fail (err, SKS_EINDEX, "%s: damaged: invalid tokens", f->path);
}

_Static_assert(SKS_IMAGE_PIECE % SKS_GLASS_BLOCK == 0, "a piece has whole blocks");

static void
add_piece (void *glass, const void *piece, size_t size)
{
    sks_glass_add (glass, piece, size);
}

/* Check a file whose bytes are not kept; its blocks only if libxapian reads it. */
static int
check_xapian_file (const struct task *task, const char *path, sks_error *err)
{
    sks_print found;
    bool is_read = task->reading->how & SKS_OPENING_LISTS;
    sks_glass *glass = is_read ? sks_glass_begin (task->wanted->size) : NULL;
    int code = sks_image_scan (&found, task->wanted->size, glass ? add_piece : NULL, glass, path, err);
    if (!code && (found.size != task->wanted->size || found.hash != task->wanted->hash))
        code = sks_fail (err, SKS_EINDEX, "%s: the file is damaged", path);
    int blocks = is_read ? sks_glass_end (glass, path, code ? NULL : err) : 0;
    return code ? code : blocks;
}

static int
take_xapian_file (const struct task *task, sks_error *err)
{
    char path[PATH_MAX];
    bool ignored;
    uint64_t found = 0;
    int fd = -1;
    int code = sks_place_join (path, sizeof path, task->folder, task->name, err);
    if (!code && !task->image)
        return check_xapian_file (task, path, err);
    if (!code)
        code = sks_image_begin (task->image, &fd, path, err);
    if (!code && task->image->size != task->wanted->size)
        code = sks_fail (err, SKS_EINDEX, "%s: the file is damaged", path);
    if (!code)
        code = sks_image_take_hashed (task->image, fd, 0, task->image->size, path, NULL, NULL, &ignored, &found, err);
    if (fd >= 0)
        close (fd);
    if (!code && found != task->wanted->hash)
        code = sks_fail (err, SKS_EINDEX, "%s: the file is damaged", path);
    return code ? code : sks_glass_check (task->image->bytes, task->image->size, path, err);
}

static int
take_part (void *argument, sks_error *err)
{
    const struct task *task = argument;
    return task->name ? take_xapian_file (task, err) : take_section (task, err);
}

/* The longest tasks, the tokens and the postings, are at the two ends, where the threads begin (threads.h). */
static int
take_parts (const struct reading *r, const sks_header *header, const char *folder, sks_error *err)
{
    sks_store *store = r->store;
    bool keeps = r->how & SKS_OPENING_LISTS && !(r->how & SKS_OPENING_FIXED);
    struct task tasks[SKS_STORE_SECTIONS + 2];
    size_t count = 0;
    for (int i = 0; i < SKS_STORE_SECTIONS; i++)
        if (r->files[sks_sections_file (store, i)].fd >= 0)
            tasks[count++] = (struct task) { .reading = r, .place = &header->place[i], .section = i };
    if (store->additions.size)
        tasks[count++] = (struct task) { .reading = r,
                                         .folder = folder,
                                         .name = SKS_ADDITIONS_FILE,
                                         .wanted = &store->additions,
                                         .image = keeps ? &store->additions_image : NULL };
    if (!store->shards)
        tasks[count++] = (struct task) { .reading = r,
                                         .folder = folder,
                                         .name = SKS_POSTINGS_FILE,
                                         .wanted = &store->postings,
                                         .image = keeps ? &store->postings_image : NULL };
    return sks_threads_meet (take_part, tasks, count, sizeof *tasks, store->file.size < SKS_SECTIONS_ALONE, err);
}

int
sks_opening_read (sks_store *store, const char *folder, unsigned how, sks_error *err)
{
    struct reading reading;
    sks_header header;
    int code = begin_reading (&reading, store, folder, how, err);
    if (!code)
        code = begin_statements (&reading, &header, err);
    if (!code)
        code = check_number (store, folder, reading.files[0].path, err);
    if (!code)
        code = place_sections (&reading, &header, err);
    if (!code)
        code = take_parts (&reading, &header, folder, err);
    if (!code)
        code = sks_checks_store (store, reading.files[0].path, err);
    end_reading (&reading);
    return code;
}

uint64_t
sks_opening_number (const char *folder)
{
    sks_store store = { .generation = 0 };
    struct reading reading;
    sks_header header;
    if (begin_reading (&reading, &store, folder, 0, NULL) == 0)
        begin_statements (&reading, &header, NULL);
    end_reading (&reading);
    sks_image_drop (&store.file);
    return store.generation;
}
