/* pick.c - picks statements and prints them. */
#include "pick.h"

#include "core/base/printable_put.h"

#include <stdlib.h>
#include <string.h>

static size_t
find (const browse_picks *picks, const char *id)
{
    size_t i = 0;
    while (i < picks->count && strcmp (picks->items[i].id, id) != 0)
        i++;
    return i;
}

bool
browse_picks_has (const browse_picks *picks, const char *id)
{
    return find (picks, id) < picks->count;
}

static void
free_pick (browse_pick *pick)
{
    free (pick->id);
    free (pick->text);
    free (pick->json);
}

static bool
add (browse_picks *picks, const browse_row *row)
{
    browse_pick pick = { strdup (row->id), strdup (row->text), browse_answer_row_json (row) };
    browse_pick *items = realloc (picks->items, (picks->count + 1) * sizeof *items);
    if (items)
        picks->items = items;
    if (!items || !pick.id || !pick.text || !pick.json) {
        free_pick (&pick);
        return false;
    }
    memcpy (&items[picks->count++], &pick, sizeof pick);
    return true;
}

bool
browse_picks_toggle (browse_picks *picks, const browse_row *row)
{
    size_t at = find (picks, row->id);
    if (at == picks->count)
        return add (picks, row);
    free_pick (&picks->items[at]);
    picks->count--;
    memmove (picks->items + at, picks->items + at + 1, (picks->count - at) * sizeof *picks->items);
    return true;
}

void
browse_picks_write (const browse_picks *picks, int print, bool null, sks_buffer *out)
{
    for (size_t i = 0; i < picks->count; i++) {
        const browse_pick *pick = &picks->items[i];
        if (print == BROWSE_PRINT_JSON)
            sks_printable_put_json (out, pick->json, strlen (pick->json));
        else
            sks_printable_puts (out, print == BROWSE_PRINT_ID ? pick->id : pick->text);
        sks_buffer_putc (out, null ? '\0' : '\n');
    }
}

void
browse_picks_free (browse_picks *picks)
{
    for (size_t i = 0; i < picks->count; i++)
        free_pick (&picks->items[i]);
    free (picks->items);
    *picks = (browse_picks) { 0 };
}
