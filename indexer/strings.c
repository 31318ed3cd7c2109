/* strings.c - a hash table of offsets with open addressing. */
#include "strings.h"

#include "core/base/hash.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_SLOTS 64

void
sks_strings_begin (sks_strings *strings, sks_buffer *bytes)
{
    *strings = (sks_strings) { .bytes = bytes };
}

void
sks_strings_free (sks_strings *strings)
{
    free (strings->slots);
    strings->slots = NULL;
}

/* The slot of a text: the one with the same bytes, or a free one. */
static uint32_t *
find_slot (const sks_strings *strings, const char *text)
{
    size_t at = sks_hash_key (text, strlen (text)) & strings->mask;
    for (; strings->slots[at]; at = (at + 1) & strings->mask)
        if (strcmp (strings->bytes->bytes + strings->slots[at] - 1, text) == 0)
            break;
    return &strings->slots[at];
}

/* Keep at least half of the slots free. */
static bool
grow (sks_strings *strings)
{
    size_t slots = strings->slots ? strings->mask + 1 : 0;
    if (strings->count * 2 < slots)
        return true;
    sks_strings larger = { .bytes = strings->bytes, .mask = (slots ? slots * 2 : FIRST_SLOTS) - 1 };
    larger.slots = calloc (larger.mask + 1, sizeof *larger.slots);
    if (!larger.slots)
        return false;
    for (size_t i = 0; i < slots; i++)
        if (strings->slots[i])
            *find_slot (&larger, strings->bytes->bytes + strings->slots[i] - 1) = strings->slots[i];
    free (strings->slots);
    strings->slots = larger.slots;
    strings->mask = larger.mask;
    return true;
}

/* Make space for one more text; false if it failed, or anything before. */
static bool
make_ready (sks_strings *strings)
{
    if (!strings->bytes->failed && !grow (strings))
        strings->bytes->failed = SKS_ENOMEM;
    return !strings->bytes->failed;
}

uint32_t
sks_strings_add (sks_strings *strings, const char *text)
{
    sks_buffer *bytes = strings->bytes;
    if (!make_ready (strings))
        return 0;
    uint32_t *slot = find_slot (strings, text), offset = (uint32_t) bytes->size;
    if (*slot)
        return *slot - 1;
    sks_buffer_add (bytes, text, strlen (text) + 1);
    if (!bytes->failed) {
        *slot = offset + 1;
        strings->count++;
    }
    return offset;
}

void
sks_strings_keep (sks_strings *strings, uint32_t offset)
{
    if (!make_ready (strings))
        return;
    uint32_t *slot = find_slot (strings, strings->bytes->bytes + offset);
    strings->count += !*slot;
    *slot = *slot ? *slot : offset + 1;
}
