/* choice.c - adds and removes values. */
#include "choice.h"

#include <stdio.h>
#include <string.h>

bool
browse_choices_add (browse_choices *choices, int facet, const char *value)
{
    if (choices->count == BROWSE_MOST_CHOICES || strlen (value) > SKS_MAX_FILTER_VALUE_BYTES)
        return false;
    browse_choice *choice = &choices->items[choices->count++];
    choice->facet = facet;
    snprintf (choice->value, sizeof choice->value, "%s", value);
    return true;
}

static size_t
find (const browse_choices *choices, int facet, const char *value)
{
    size_t i = 0;
    while (i < choices->count && (choices->items[i].facet != facet || strcmp (choices->items[i].value, value) != 0))
        i++;
    return i;
}

static void
drop (browse_choices *choices, size_t at)
{
    choices->count--;
    memmove (choices->items + at, choices->items + at + 1, (choices->count - at) * sizeof *choices->items);
}

bool
browse_choices_has (const browse_choices *choices, int facet, const char *value)
{
    return find (choices, facet, value) < choices->count;
}

bool
browse_choices_toggle (browse_choices *choices, int facet, const char *value)
{
    size_t at = find (choices, facet, value);
    if (at == choices->count)
        return browse_choices_add (choices, facet, value);
    drop (choices, at);
    return true;
}

static bool
is_listed (const browse_answer *shown, int facet, const char *value)
{
    for (size_t i = 0; i < shown->value_count; i++)
        if (shown->values[i].facet == facet && strcmp (shown->values[i].value, value) == 0)
            return true;
    return false;
}

void
browse_choices_settle (browse_choices *choices, const browse_answer *shown)
{
    bool replaced = false;
    for (size_t i = choices->count; i-- > 0;)
        if (choices->items[i].facet == SKS_FACET_SECTOR &&
            !is_listed (shown, SKS_FACET_SECTOR, choices->items[i].value)) {
            drop (choices, i);
            replaced = true;
        }
    for (size_t i = 0; replaced && i < shown->value_count; i++) {
        const browse_value *value = &shown->values[i];
        if (value->facet == SKS_FACET_SECTOR && value->selected &&
            !browse_choices_has (choices, SKS_FACET_SECTOR, value->value))
            browse_choices_add (choices, SKS_FACET_SECTOR, value->value);
    }
}

void
browse_choices_write (const browse_choices *choices, char *out, size_t capacity)
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < choices->count && used < capacity; i++)
        used += (size_t) snprintf (out + used, capacity - used, "%s%s:%s", i ? " " : "",
                                   sks_facet_name (choices->items[i].facet), choices->items[i].value);
}
