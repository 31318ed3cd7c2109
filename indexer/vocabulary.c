/* vocabulary.c - two open-addressed hash tables over one pool of bytes. */
#include "vocabulary.h"

#include "core/index/store.h"
#include "core/base/hash.h"
#include "core/base/text_fold.h"
#include "core/base/text_list.h"
#include "array.h"
#include "limits.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_SLOTS 4096 /* a power of two; grows when half full */

/* Rows of one kind (entries or forms) and the hash table that finds them. A slot holds a row's number + 1, and half
 * of its hash to save look-ups. Rows are numbered in the order of arrival, so nothing depends on the process's hash. */
struct table {
    struct slot {
        uint32_t row, hash;
    } * slots;
    size_t slot_count;
    uint32_t count;
};

struct sks_vocabulary {
    struct table entry_table, form_table;
    sks_vocabulary_entry *entries;
    sks_vocabulary_form *forms;
    size_t entry_capacity, form_capacity;
    char *pool;
    size_t pool_size, pool_capacity;
};

int
sks_vocabulary_create (sks_vocabulary **out, sks_error *err)
{
    *out = calloc (1, sizeof **out);
    return *out ? 0 : sks_fail_memory (err);
}

void
sks_vocabulary_destroy (sks_vocabulary **vocabulary_p)
{
    sks_vocabulary *vocabulary = *vocabulary_p;
    if (!vocabulary)
        return;
    *vocabulary_p = NULL;
    free (vocabulary->entry_table.slots);
    free (vocabulary->form_table.slots);
    free (vocabulary->entries);
    free (vocabulary->forms);
    free (vocabulary->pool);
    free (vocabulary);
}

static bool
grow_table (struct table *table)
{
    if (table->slot_count > (size_t) table->count * 2)
        return true;
    size_t count = table->slot_count ? table->slot_count * 2 : FIRST_SLOTS;
    struct slot *slots = calloc (count, sizeof *slots);
    if (!slots)
        return false;
    for (size_t i = 0; i < table->slot_count; i++) {
        if (!table->slots[i].row)
            continue;
        size_t at = table->slots[i].hash & (count - 1);
        while (slots[at].row)
            at = (at + 1) & (count - 1);
        slots[at] = table->slots[i];
    }
    free (table->slots);
    table->slots = slots;
    table->slot_count = count;
    return true;
}

static int
add_bytes (sks_vocabulary *v, const char *bytes, size_t size, uint32_t *offset, sks_error *err)
{
    if (v->pool_size + size > sks_limits_of_index.vocabulary_bytes)
        return sks_limits_refuse ("the different words", sks_limits_of_index.vocabulary_bytes, err);
    if (!sks_array_reserve (&v->pool, &v->pool_capacity, v->pool_size + size, 1))
        return sks_fail_memory (err);
    *offset = (uint32_t) v->pool_size;
    memcpy (v->pool + v->pool_size, bytes, size);
    v->pool_size += size;
    return 0;
}

/* The slot of a form: the one that holds it, or a free one. */
static struct slot *
form_slot (sks_vocabulary *v, const char *bytes, size_t size, uint32_t hash)
{
    struct table *table = &v->form_table;
    size_t at = hash & (table->slot_count - 1);
    for (; table->slots[at].row; at = (at + 1) & (table->slot_count - 1)) {
        const sks_vocabulary_form *form = &v->forms[table->slots[at].row - 1];
        if (table->slots[at].hash == hash && form->size == size && memcmp (v->pool + form->text, bytes, size) == 0)
            break;
    }
    return &table->slots[at];
}

int
sks_vocabulary_add_form (sks_vocabulary *v, const char *bytes, size_t size, uint32_t *form, sks_error *err)
{
    if (!grow_table (&v->form_table) ||
        !sks_array_reserve (&v->forms, &v->form_capacity, v->form_table.count + 1, sizeof *v->forms))
        return sks_fail_memory (err);
    uint32_t hash = (uint32_t) sks_hash_key (bytes, size);
    struct slot *slot = form_slot (v, bytes, size, hash);
    if (!slot->row) {
        sks_vocabulary_form row = { 0, (uint32_t) size };
        int code = add_bytes (v, bytes, size, &row.text, err);
        if (code)
            return code;
        v->forms[v->form_table.count] = row;
        *slot = (struct slot) { ++v->form_table.count, hash };
    }
    *form = slot->row - 1;
    return 0;
}

static int
new_entry (sks_vocabulary *v, const char *bytes, size_t size, size_t word, sks_vocabulary_entry *out, sks_error *err)
{
    char folded[SKS_MAX_WORD_BYTES];
    bool joined = word & SKS_ENTRY_JOINED;
    size_t length = joined ? size : word ? sks_text_fold (bytes, word, folded) : 0;
    *out = (sks_vocabulary_entry) { 0, SKS_NONE, (uint16_t) size, (uint16_t) word };
    if (length) {
        int code = sks_vocabulary_add_form (v, joined ? bytes : folded, length, &out->form, err);
        if (code)
            return code;
    }
    return add_bytes (v, bytes, size, &out->text, err);
}

int
sks_vocabulary_add_entry (sks_vocabulary *v, const char *bytes, size_t size, size_t word, uint32_t *number,
                          sks_error *err)
{
    struct table *table = &v->entry_table;
    if (!grow_table (table) ||
        !sks_array_reserve (&v->entries, &v->entry_capacity, table->count + 1, sizeof *v->entries))
        return sks_fail_memory (err);
    uint32_t hash = (uint32_t) sks_hash_key (bytes, size);
    size_t at = hash & (table->slot_count - 1);
    for (; table->slots[at].row; at = (at + 1) & (table->slot_count - 1)) {
        const sks_vocabulary_entry *entry = &v->entries[table->slots[at].row - 1];
        if (table->slots[at].hash == hash && entry->size == size && entry->word == word &&
            memcmp (v->pool + entry->text, bytes, size) == 0) {
            *number = table->slots[at].row - 1;
            return 0;
        }
    }
    int code = new_entry (v, bytes, size, word, &v->entries[table->count], err);
    if (code)
        return code;
    table->slots[at] = (struct slot) { ++table->count, hash };
    *number = table->count - 1;
    return 0;
}

/* Add the joined form of the compound that starts with `word`, if there is a compound; *end becomes the end of its
 * last word. Joined forms that are stop words are not added: searches ignore them. */
static int
add_joined (sks_vocabulary *v, const char *text, size_t size, sks_word word, size_t *end, uint32_t *entries,
            size_t *count, sks_error *err)
{
    sks_compound compound;
    char joined[SKS_MAX_WORD_BYTES];
    if (sks_text_compound (text, size, word, &compound) == 1)
        return 0;
    size_t length = sks_text_join (text, &compound, joined);
    *end = compound.pieces[compound.count - 1].end;
    if (!length || sks_text_stop_word (joined, length))
        return 0;
    return sks_vocabulary_add_entry (v, joined, length, SKS_ENTRY_JOINED | compound.count, &entries[(*count)++], err);
}

int
sks_vocabulary_split (sks_vocabulary *v, const char *text, size_t size, uint32_t *entries, size_t *count,
                      sks_error *err)
{
    sks_word word, next;
    int code = 0;
    size_t joined = 0; /* end of the last compound */
    *count = 0;
    bool more = sks_text_word (text, size, 0, &word);
    if (!more || word.start > 0)
        code = sks_vocabulary_add_entry (v, text, more ? word.start : size, 0, &entries[(*count)++], err);
    for (; more && !code; word = next) {
        if (word.start >= joined && (code = add_joined (v, text, size, word, &joined, entries, count, err)))
            return code;
        more = sks_text_word (text, size, word.end, &next);
        size_t end = more ? next.start : size;
        code = sks_vocabulary_add_entry (v, text + word.start, end - word.start, word.end - word.start,
                                         &entries[(*count)++], err);
    }
    return code;
}

/* Copy an array; false when out of memory. */
static bool
clone (void *array_p, const void *from, size_t count, size_t size)
{
    void *array = malloc (count * size + 1);
    if (!array)
        return false;
    if (count)
        memcpy (array, from, count * size);
    *(void **) array_p = array;
    return true;
}

/* Make v, which is empty, a copy. */
static int
copy_all (sks_vocabulary *v, const sks_vocabulary *from, sks_error *err)
{
    sks_vocabulary fresh = {
        .entry_table = { NULL, from->entry_table.slot_count, from->entry_table.count },
        .form_table = { NULL, from->form_table.slot_count, from->form_table.count },
        .entry_capacity = from->entry_table.count,
        .form_capacity = from->form_table.count,
        .pool_size = from->pool_size,
        .pool_capacity = from->pool_size,
    };
    *v = fresh;
    if (clone (&v->entry_table.slots, from->entry_table.slots, fresh.entry_table.slot_count, sizeof (struct slot)) &&
        clone (&v->form_table.slots, from->form_table.slots, fresh.form_table.slot_count, sizeof (struct slot)) &&
        clone (&v->entries, from->entries, fresh.entry_capacity, sizeof *v->entries) &&
        clone (&v->forms, from->forms, fresh.form_capacity, sizeof *v->forms) &&
        clone (&v->pool, from->pool, fresh.pool_size, 1))
        return 0;
    return sks_fail_memory (err);
}

int
sks_vocabulary_merge (sks_vocabulary *v, const sks_vocabulary *from, uint32_t *map, sks_error *err)
{
    int code = 0;
    if (from->entry_table.count && !v->entry_table.count && !v->form_table.count) {
        for (uint32_t i = 0; i < from->entry_table.count; i++)
            map[i] = i;
        return copy_all (v, from, err);
    }
    for (uint32_t i = 0; !code && i < from->entry_table.count; i++) {
        const sks_vocabulary_entry *entry = &from->entries[i];
        code = sks_vocabulary_add_entry (v, from->pool + entry->text, entry->size, entry->word, &map[i], err);
    }
    return code;
}

uint32_t
sks_vocabulary_entries (const sks_vocabulary *v)
{
    return v->entry_table.count;
}

uint32_t
sks_vocabulary_forms (const sks_vocabulary *v)
{
    return v->form_table.count;
}

const sks_vocabulary_entry *
sks_vocabulary_entry_at (const sks_vocabulary *v, uint32_t entry)
{
    return &v->entries[entry];
}

const sks_vocabulary_form *
sks_vocabulary_form_at (const sks_vocabulary *v, uint32_t form)
{
    return &v->forms[form];
}

const char *
sks_vocabulary_bytes (const sks_vocabulary *v, uint32_t offset)
{
    return v->pool + offset;
}
