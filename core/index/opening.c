/* opening.c - the header first, then sections and Xapian files in two threads, then the checks in two threads. */
#include "opening.h"

#include "checks.h"
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

/* The statements file while it is being read. */
struct reading {
    sks_store *store;
    const char *path;
    int fd;
};

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
    sks_image *file = &r->store->file;
    int code = sks_image_begin (file, &r->fd, r->path, err);
    if (!code && file->size < sizeof *header)
        code = sks_fail (err, SKS_EINDEX, "%s: not a statements file", r->path);
    if (!code)
        code = sks_image_take (file, r->fd, 0, sizeof *header, r->path, err);
    if (code)
        return code;
    memcpy (header, file->bytes, sizeof *header);
    code = check_header (header, r->path, err);
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

/* Place the sections. They must be consecutive, so that every byte of the file is checked. */
static int
place_sections (struct reading *r, const sks_header *header, sks_error *err)
{
    sks_store *store = r->store;
    sks_section_part parts[SKS_STORE_SECTIONS];
    store->tokens_size = header->place[SKS_STORE_TOKENS].size;
    store->strings_size = header->place[SKS_STORE_STRINGS].size;
    sks_sections_list (store, parts);
    const char *file = store->file.bytes;
    uint64_t end = sizeof *header;
    for (int i = 0; i < SKS_STORE_SECTIONS; i++) {
        const sks_section_place *place = &header->place[i];
        if (place->size != parts[i].size || place->offset != sks_sections_aligned (end) ||
            place->offset > store->file.size || place->size > store->file.size - place->offset)
            return sks_fail (err, SKS_EINDEX, "%s: section %d does not fit; the file is cut short", r->path, i);
        int code = sks_image_take (&store->file, r->fd, end, place->offset, r->path, err);
        if (code)
            return code;
        if (!is_zero (file + end, place->offset - end))
            return sks_fail (err, SKS_EINDEX, "%s: section %d is damaged", r->path, i);
        *parts[i].bytes = file + place->offset;
        end = place->offset + place->size;
    }
    if (end != store->file.size)
        return sks_fail (err, SKS_EINDEX, "%s: damaged: unexpected data after the last section", r->path);
    return 0;
}

/* -------------------------------------------------------------------- parts */

/* What one thread reads and checks at a time: a section, or a Xapian file. */
struct task {
    const struct reading *reading;
    const sks_section_place *place; /* of the section */
    int section;
    const char *folder, *name; /* of the Xapian file; NULL: a section */
    const sks_print *wanted;
    sks_image *image;
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
    const sks_section_place *place = task->place;
    bool holds;
    uint64_t found;
    int code =
        sks_image_take_hashed (&r->store->file, r->fd, place->offset, place->offset + place->size, r->path,
                               task->section == SKS_STORE_TOKENS ? numbers_hold : NULL, r->store, &holds, &found, err);
    if (code)
        return code;
    if (found != place->hash)
        return sks_fail (err, SKS_EINDEX, "%s: section %d is damaged", r->path, task->section);
    return holds ? 0 : sks_fail (err, SKS_EINDEX, "%s: damaged: invalid tokens", r->path);
}

static int
take_xapian_file (const struct task *task, sks_error *err)
{
    char path[PATH_MAX];
    bool ignored;
    uint64_t found = 0;
    int fd = -1;
    int code = sks_place_join (path, sizeof path, task->folder, task->name, err);
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
    struct task tasks[SKS_STORE_SECTIONS + 2];
    size_t count = 0;
    for (int i = 0; i < SKS_STORE_SECTIONS; i++)
        tasks[count++] = (struct task) { .reading = r, .place = &header->place[i], .section = i };
    if (store->additions.size)
        tasks[count++] = (struct task) {
            .folder = folder, .name = SKS_ADDITIONS_FILE, .wanted = &store->additions, .image = &store->additions_image
        };
    tasks[count++] = (struct task) {
        .folder = folder, .name = SKS_POSTINGS_FILE, .wanted = &store->postings, .image = &store->postings_image
    };
    return sks_threads_meet (take_part, tasks, count, sizeof *tasks, err);
}

int
sks_opening_read (sks_store *store, const char *folder, sks_error *err)
{
    char path[PATH_MAX];
    struct reading reading = { store, path, -1 };
    sks_header header;
    int code = sks_place_join (path, sizeof path, folder, SKS_STATEMENTS_FILE, err);
    if (!code)
        code = begin_statements (&reading, &header, err);
    if (!code)
        code = check_number (store, folder, path, err);
    if (!code)
        code = place_sections (&reading, &header, err);
    if (!code)
        code = take_parts (&reading, &header, folder, err);
    if (!code)
        code = sks_checks_store (store, path, err);
    if (reading.fd >= 0)
        close (reading.fd);
    return code;
}

uint64_t
sks_opening_number (const char *folder)
{
    char path[PATH_MAX];
    sks_store store = { .generation = 0 };
    struct reading reading = { &store, path, -1 };
    sks_header header;
    if (sks_place_join (path, sizeof path, folder, SKS_STATEMENTS_FILE, NULL) == 0)
        begin_statements (&reading, &header, NULL);
    if (reading.fd >= 0)
        close (reading.fd);
    sks_image_drop (&store.file);
    return store.generation;
}
