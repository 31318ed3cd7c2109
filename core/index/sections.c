/* sections.c - one table of the sections; copies the numbers of the header in both directions. */
#include "sections.h"

#include "centroid.h"
#include "core/base/hash.h"

#include <string.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the statements file is little-endian and is used as it is"
#endif

const char sks_sections_magic[8] = "SKSTMTS\n";

void
sks_sections_list (sks_store *s, sks_section_part parts[SKS_STORE_SECTIONS])
{
    uint64_t n = s->statements;
    parts[SKS_STORE_TOKENS] = (sks_section_part) { (const void **) &s->tokens, s->tokens_size };
    parts[SKS_STORE_OFFSETS] = (sks_section_part) { (const void **) &s->offsets, (n + 1) * sizeof *s->offsets };
    parts[SKS_STORE_POSITIONS] = (sks_section_part) { (const void **) &s->positions, n * sizeof *s->positions };
    parts[SKS_STORE_LENGTHS] = (sks_section_part) { (const void **) &s->lengths, n * sizeof *s->lengths };
    parts[SKS_STORE_CELLS] = (sks_section_part) { (const void **) &s->cells,
                                                  ((uint64_t) s->occupations * SKS_LEVELS + 1) * sizeof *s->cells };
    parts[SKS_STORE_OCCUPATIONS] =
        (sks_section_part) { (const void **) &s->occupation, s->occupations * sizeof *s->occupation };
    parts[SKS_STORE_GROUPS] = (sks_section_part) { (const void **) &s->group, s->groups * sizeof *s->group };
    parts[SKS_STORE_SECTORS] = (sks_section_part) { (const void **) &s->sector, s->sectors * sizeof *s->sector };
    parts[SKS_STORE_ENTRIES] = (sks_section_part) { (const void **) &s->entry, s->entries * sizeof *s->entry };
    parts[SKS_STORE_FORMS] = (sks_section_part) { (const void **) &s->form, s->forms * sizeof *s->form };
    parts[SKS_STORE_STEMS] =
        (sks_section_part) { (const void **) &s->stem, (s->stems + (uint64_t) 1) * sizeof *s->stem };
    parts[SKS_STORE_STEM_FORMS] =
        (sks_section_part) { (const void **) &s->stem_forms, s->forms * sizeof *s->stem_forms };
    parts[SKS_STORE_CONTEXTS] = (sks_section_part) { (const void **) &s->context, s->contexts * sizeof *s->context };
    parts[SKS_STORE_EDITIONS] =
        (sks_section_part) { (const void **) &s->edition, (s->editions + (uint64_t) 1) * sizeof *s->edition };
    parts[SKS_STORE_CITATIONS] =
        (sks_section_part) { (const void **) &s->citation, s->citations * sizeof *s->citation };
    parts[SKS_STORE_DOCUMENTS] =
        (sks_section_part) { (const void **) &s->document, s->documents * sizeof *s->document };
    parts[SKS_STORE_VECTORS] =
        (sks_section_part) { (const void **) &s->vector, s->vectors ? n * SKS_CENTROID_DIMENSIONS : 0 };
    parts[SKS_STORE_USAGES] =
        (sks_section_part) { (const void **) &s->usage, s->shards ? (s->stems + (uint64_t) 1) * sizeof *s->usage : 0 };
    parts[SKS_STORE_HOLDINGS] = (sks_section_part) { (const void **) &s->holding, s->holdings * sizeof *s->holding };
    parts[SKS_STORE_GROUP_WORDS] =
        (sks_section_part) { (const void **) &s->group_words, s->shards ? s->groups * sizeof *s->group_words : 0 };
    parts[SKS_STORE_STRINGS] = (sks_section_part) { (const void **) &s->strings, s->strings_size };
}

void
sks_sections_read_header (sks_store *store, const sks_header *header)
{
    store->generation = header->generation;
    store->created = header->created;
    store->words = header->words;
    store->content = sks_hash_bytes (&header->postings, offsetof (sks_header, hash) - offsetof (sks_header, postings));
    store->postings = header->postings;
    store->additions = header->additions;
    store->statements = store->collected = header->statements;
    store->occupations = header->occupations;
    store->groups = header->groups;
    store->sectors = header->sectors;
    store->entries = header->entries;
    store->forms = header->forms;
    store->stems = header->stems;
    store->contexts = header->contexts;
    store->documents = header->documents;
    store->base = header->base;
    store->editions = header->editions;
    store->citations = header->citations;
    store->vectors = header->vectors;
    store->set = header->set;
    store->shards = header->shards;
    store->holdings = header->holdings;
}

void
sks_sections_make_header (sks_header *header, const sks_store *store)
{
    memset (header, 0, sizeof *header);
    memcpy (header->magic, sks_sections_magic, sizeof header->magic);
    header->format = SKS_INDEX_FORMAT;
    header->sections = SKS_STORE_SECTIONS;
    header->generation = store->generation;
    header->created = store->created;
    header->words = store->words;
    header->postings = store->postings;
    header->additions = store->additions;
    header->statements = store->statements;
    header->occupations = store->occupations;
    header->groups = store->groups;
    header->sectors = store->sectors;
    header->entries = store->entries;
    header->forms = store->forms;
    header->stems = store->stems;
    header->contexts = store->contexts;
    header->documents = store->documents;
    header->base = store->base;
    header->editions = store->editions;
    header->citations = store->citations;
    header->vectors = store->vectors;
    header->set = store->set;
    header->shards = store->shards;
    header->holdings = store->holdings;
}
