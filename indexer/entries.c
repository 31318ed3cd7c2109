/* entries.c - two sorts: by file and group, to fold; then by file and line. */
#include "entries.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SUFFIX_BYTES 64

struct item {
    sks_report_entry entry;
    size_t path; /* bytes of the file's name without the line */
    unsigned long line;
    size_t index; /* in the unsorted list */
    size_t first; /* index of the first entry of the file */
};

/* Split "PATH:12". A name without a line has line 0. */
static void
split_line (struct item *item)
{
    const char *file = item->entry.file, *colon = strrchr (file, ':');
    item->path = strlen (file);
    if (!colon || !colon[1] || colon[1 + strspn (colon + 1, "0123456789")])
        return;
    item->path = (size_t) (colon - file);
    item->line = strtoul (colon + 1, NULL, 10);
}

static int
compare_paths (const struct item *a, const struct item *b)
{
    int order = memcmp (a->entry.file, b->entry.file, a->path < b->path ? a->path : b->path);
    return order ? order : (a->path > b->path) - (a->path < b->path);
}

static int
compare_groups (const struct item *a, const struct item *b)
{
    const char *left = a->entry.group ? a->entry.group : "", *right = b->entry.group ? b->entry.group : "";
    return strcmp (left, right);
}

static int
compare_lines (const struct item *a, const struct item *b)
{
    int order = (a->line > b->line) - (a->line < b->line);
    return order ? order : (a->index > b->index) - (a->index < b->index);
}

static int
by_group (const void *left, const void *right)
{
    int order = compare_paths (left, right);
    if (!order)
        order = compare_groups (left, right);
    return order ? order : compare_lines (left, right);
}

static int
by_line (const void *left, const void *right)
{
    const struct item *a = left, *b = right;
    int order = (a->first > b->first) - (a->first < b->first);
    return order ? order : compare_lines (a, b);
}

/* Set the first entry of each file. Items are sorted by file. */
static void
find_first (struct item *items, size_t count)
{
    for (size_t i = 0, end; i < count; i = end) {
        size_t first = items[i].index;
        for (end = i + 1; end < count && compare_paths (&items[end], &items[i]) == 0; end++)
            first = items[end].index < first ? items[end].index : first;
        for (size_t k = i; k < end; k++)
            items[k].first = first;
    }
}

static bool
add_count (sks_report_entry *entry, size_t others, sks_arena *arena)
{
    char suffix[SUFFIX_BYTES];
    size_t size = strlen (entry->reason);
    int more =
        snprintf (suffix, sizeof suffix, "; likewise %zu more %s%s", others, entry->unit, others == 1 ? "" : "s");
    char *reason = sks_arena_alloc (arena, size + (size_t) more + 1);
    if (!reason)
        return false;
    memcpy (reason, entry->reason, size);
    memcpy (reason + size, suffix, (size_t) more + 1);
    entry->reason = reason;
    return true;
}

/* Keep the first item of each group. Items are sorted by group. Returns false without memory. */
static bool
fold (struct item *items, size_t *count, sks_arena *arena)
{
    size_t kept = 0;
    bool good = true;
    for (size_t i = 0, end; i < *count; i = end) {
        struct item item = items[i];
        for (end = i + 1; item.entry.group && end < *count && compare_paths (&items[end], &item) == 0 &&
                          compare_groups (&items[end], &item) == 0;
             end++)
            if (!*item.entry.notes)
                item.entry.notes = items[end].entry.notes;
        if (end - i > 1)
            good &= add_count (&item.entry, end - i - 1, arena);
        items[kept++] = item;
    }
    *count = kept;
    return good;
}

int
sks_entries_arrange (sks_report_entry *entries, size_t *count, sks_arena *arena, sks_error *err)
{
    size_t kept = *count;
    if (kept < 2)
        return 0;
    struct item *items = calloc (kept, sizeof *items);
    if (!items)
        return sks_fail_memory (err);
    for (size_t i = 0; i < kept; i++) {
        items[i].entry = entries[i];
        items[i].index = i;
        split_line (&items[i]);
    }
    qsort (items, kept, sizeof *items, by_group);
    find_first (items, kept);
    bool good = fold (items, &kept, arena);
    qsort (items, kept, sizeof *items, by_line);
    for (size_t i = 0; good && i < kept; i++)
        entries[i] = items[i].entry;
    *count = good ? kept : *count;
    free (items);
    return good ? 0 : sks_fail_memory (err);
}
