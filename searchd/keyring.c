/* keyring.c - a sorted array: among a few thousand keys, a look-up per message needs a dozen comparisons. */
#include "keyring.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

struct entry {
    char key[SKS_KEY_BYTES];
    char name[SKS_KEY_NAME_BYTES];
};

struct sks_keyring {
    struct entry *entries;
    size_t count, capacity;
};

sks_keyring *
sks_keyring_create (void)
{
    return calloc (1, sizeof (sks_keyring));
}

void
sks_keyring_destroy (sks_keyring **ring_p)
{
    if (!ring_p || !*ring_p)
        return;
    free ((*ring_p)->entries);
    free (*ring_p);
    *ring_p = NULL;
}

static bool
grow (sks_keyring *ring)
{
    size_t capacity = ring->capacity ? 2 * ring->capacity : 16;
    struct entry *entries = reallocarray (ring->entries, capacity, sizeof *entries);
    if (!entries)
        return false;
    ring->entries = entries;
    ring->capacity = capacity;
    return true;
}

/* zmq_z85_decode accepts any length that is a multiple of five. A key of 32 zero bytes is refused: some programs read
 * a damaged certificate as this key. */
static bool
is_key (const char *text)
{
    static const unsigned char zeros[32];
    unsigned char bytes[32];
    return strlen (text) == SKS_KEY_BYTES - 1 && zmq_z85_decode (bytes, text) &&
           memcmp (bytes, zeros, sizeof zeros) != 0;
}

int
sks_keyring_add (sks_keyring *ring, const char *key, const char *name, sks_error *err)
{
    if (!is_key (key))
        return sks_fail (err, SKS_EINVALID, "the public key does not have 40 characters of Z85");
    if (ring->count == SKS_MAX_KEYS)
        return sks_fail (err, SKS_ELIMIT, "more than %d keys", SKS_MAX_KEYS);
    if (ring->count == ring->capacity && !grow (ring))
        return sks_fail_memory (err);
    struct entry *entry = &ring->entries[ring->count++];
    memcpy (entry->key, key, SKS_KEY_BYTES);
    memset (entry->name, 0, sizeof entry->name);
    strncpy (entry->name, name, sizeof entry->name - 1);
    return 0;
}

static int
compare_entries (const void *one, const void *other)
{
    const struct entry *left = one, *right = other;
    int order = strcmp (left->key, right->key);
    return order ? order : strcmp (left->name, right->name);
}

static int
compare_key (const void *key, const void *entry)
{
    return strcmp (key, ((const struct entry *) entry)->key);
}

void
sks_keyring_seal (sks_keyring *ring)
{
    size_t kept = 0;
    if (ring->count)
        qsort (ring->entries, ring->count, sizeof *ring->entries, compare_entries);
    for (size_t i = 0; i < ring->count; i++)
        if (!kept || strcmp (ring->entries[kept - 1].key, ring->entries[i].key) != 0)
            ring->entries[kept++] = ring->entries[i];
    ring->count = kept;
}

sks_keyring *
sks_keyring_copy (const sks_keyring *ring)
{
    sks_keyring *copy = sks_keyring_create ();
    if (!copy || !ring->count)
        return copy;
    copy->entries = reallocarray (NULL, ring->count, sizeof *copy->entries);
    if (!copy->entries) {
        sks_keyring_destroy (&copy);
        return NULL;
    }
    memcpy (copy->entries, ring->entries, ring->count * sizeof *copy->entries);
    copy->count = copy->capacity = ring->count;
    return copy;
}

size_t
sks_keyring_count (const sks_keyring *ring)
{
    return ring->count;
}

const char *
sks_keyring_name (const sks_keyring *ring, size_t index)
{
    return ring->entries[index].name;
}

const char *
sks_keyring_key (const sks_keyring *ring, size_t index)
{
    return ring->entries[index].key;
}

const char *
sks_keyring_find (const sks_keyring *ring, const char *key)
{
    if (!ring->count)
        return NULL;
    const struct entry *found = bsearch (key, ring->entries, ring->count, sizeof *ring->entries, compare_key);
    return found ? found->name : NULL;
}
