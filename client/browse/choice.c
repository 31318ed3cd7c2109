/* choice.c - adds and removes values. */
#include "choice.h"

#include <stdio.h>
#include <string.h>

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

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

/* Whether the choice stands for a value of the answer: a name in place of a code, or a sector in another form. */
static bool
is_other_form (const browse_choice *choice, const browse_answer *shown)
{
    bool name = strpbrk (choice->value, LETTERS) != NULL;
    bool named = choice->facet == SKS_FACET_GROUP || choice->facet == SKS_FACET_OCCUPATION;
    return (choice->facet == SKS_FACET_SECTOR || (named && name)) && !is_listed (shown, choice->facet, choice->value);
}

/* Whether a choice is the value, or a beginning of its code. */
static bool
is_covered (const browse_choices *choices, const browse_value *value)
{
    for (size_t i = 0; i < choices->count; i++)
        if (choices->items[i].facet == value->facet &&
            strncmp (choices->items[i].value, value->value, strlen (choices->items[i].value)) == 0)
            return true;
    return false;
}

void
browse_choices_settle (browse_choices *choices, const browse_answer *shown)
{
    for (int facet = 0; facet < SKS_FACETS; facet++) {
        browse_choices settled = { .count = 0 };
        for (size_t i = 0; i < choices->count; i++)
            if (choices->items[i].facet != facet || !is_other_form (&choices->items[i], shown))
                settled.items[settled.count++] = choices->items[i];
        size_t before = settled.count;
        for (size_t i = 0; before < choices->count && i < shown->value_count; i++) {
            const browse_value *value = &shown->values[i];
            if (value->facet == facet && value->selected && !is_covered (&settled, value))
                browse_choices_add (&settled, facet, value->value);
        }
        if (settled.count > before) /* else the index has no such value, and the filter stays as it is */
            *choices = settled;
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
