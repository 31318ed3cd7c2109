/* lists.c - two readers and a merge. */
#include "lists.h"

#include "index.h"
#include "place.h"
#include "posting.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

struct sks_lists {
    const sks_store *store;
    sks_reader *base, *additions; /* additions: NULL if there are none */
    uint32_t *moved;              /* space for merging: statements, then counts, of additions */
    size_t room;
};

/* Open the bytes in memory; the path only names them in errors. Without them, no other process changes the file. */
static int
open_file (sks_reader **out, const sks_image *image, const char *folder, const char *name, const uint32_t *map,
           uint32_t documents, sks_error *err)
{
    char path[PATH_MAX];
    int code = sks_place_join (path, sizeof path, folder, name, err);
    if (code)
        return code;
    int fd = image->bytes ? sks_image_open (image) : open (path, O_RDONLY | O_CLOEXEC);
    return fd < 0 ? sks_fail_errno (err, "%s", path) : sks_reader_open (out, fd, path, map, documents, err);
}

int
sks_lists_open (sks_lists **out, const sks_store *store, const char *folder, sks_error *err)
{
    sks_lists *lists = *out = calloc (1, sizeof *lists);
    if (!lists)
        return sks_fail_memory (err);
    lists->store = store;
    if (store->shards) /* its lists are in the shards */
        return 0;
    int code = open_file (&lists->base, &store->postings_image, folder, SKS_POSTINGS_FILE,
                          store->documents ? store->document : NULL, store->base, err);
    if (!code && store->additions.size)
        code = open_file (&lists->additions, &store->additions_image, folder, SKS_ADDITIONS_FILE,
                          store->document + store->base, store->documents - store->base, err);
    if (code)
        sks_lists_close (out);
    return code;
}

void
sks_lists_limit (sks_lists *lists, sks_budget *budget)
{
    if (lists->base)
        sks_reader_limit (lists->base, budget);
    if (lists->additions)
        sks_reader_limit (lists->additions, budget);
}

void
sks_lists_close (sks_lists **lists_p)
{
    sks_lists *lists = *lists_p;
    if (!lists)
        return;
    *lists_p = NULL;
    sks_reader_close (&lists->base);
    sks_reader_close (&lists->additions);
    free (lists->moved);
    free (lists);
}

uint32_t
sks_lists_documents (sks_lists *lists)
{
    return sks_reader_documents (lists->base) + (lists->additions ? sks_reader_documents (lists->additions) : 0);
}

/* Merge the last `added` of `count` postings into those before them; both runs
 * ascend. It starts at the end, so that only the added ones need extra space. */
static int
merge (sks_lists *lists, uint32_t *statements, uint32_t *counts, size_t count, size_t added, sks_error *err)
{
    if (added > lists->room) {
        free (lists->moved);
        lists->moved = malloc (added * 2 * sizeof *lists->moved);
        lists->room = lists->moved ? added : 0;
    }
    if (!lists->moved)
        return sks_fail_memory (err);
    uint32_t *new_statements = lists->moved, *new_counts = lists->moved + added;
    size_t old = count - added;
    memcpy (new_statements, statements + old, added * sizeof *statements);
    memcpy (new_counts, counts + old, added * sizeof *counts);
    while (added) {
        bool take_old = old && statements[old - 1] > new_statements[added - 1];
        size_t from = take_old ? --old : --added;
        statements[--count] = take_old ? statements[from] : new_statements[from];
        counts[count] = take_old ? counts[from] : new_counts[from];
    }
    return 0;
}

int
sks_lists_read (sks_lists *lists, uint32_t stem, uint32_t *statements, uint32_t *counts, sks_error *err)
{
    const sks_stem *row = &lists->store->stem[stem];
    const char *term = lists->store->strings + row->text;
    size_t count = 0, added = 0, room = row->statements;
    if (!lists->base)
        return sks_fail (err, SKS_EINTERNAL, "the posting lists are in shards");
    int code = sks_reader_postings (lists->base, term, row->size, statements, counts, room, &count, err);
    if (!code && lists->additions)
        code = sks_reader_postings (lists->additions, term, row->size, statements + count, counts + count, room - count,
                                    &added, err);
    if (!code && count + added != room)
        code = sks_fail (err, SKS_EINDEX, "postings of \"%.*s\": %zu instead of %zu", (int) row->size, term,
                         count + added, room);
    if (!code && added && count)
        code = merge (lists, statements, counts, room, added, err);
    /* Xapian's files are not trusted either: a decoded list must be ascending and have only statements that exist,
     * each with a count that posting.h can have packed. */
    uint64_t min = 0;
    for (size_t i = 0; !code && i < room; i++) {
        if (statements[i] < min || statements[i] >= lists->store->statements || counts[i] > SKS_MAX_POSTING)
            code = sks_fail (err, SKS_EINDEX, "the postings of \"%.*s\" are damaged", (int) row->size, term);
        min = statements[i] + (uint64_t) 1;
    }
    return code;
}

int
sks_lists_find (sks_lists *lists, uint32_t stem, const uint32_t *documents, size_t count, size_t *found, sks_error *err)
{
    const sks_store *store = lists->store;
    const sks_stem *row = &store->stem[stem];
    const char *term = store->strings + row->text;
    size_t based = 0, added = 0;
    while (based < count && (!store->documents || documents[based] < store->base))
        based++;
    int code = sks_reader_find (lists->base, term, row->size, documents, based, 0, found, err);
    if (code || *found < based || based == count || !lists->additions)
        return code;
    code =
        sks_reader_find (lists->additions, term, row->size, documents + based, count - based, store->base, &added, err);
    *found += added;
    return code;
}
