/* sections.h - the sections of a statements file: their description in its header, and their place in a store.
 *
 * Writing and opening share this table; docs/index-format.md describes every byte. */
#ifndef SKS_SECTIONS_H
#define SKS_SECTIONS_H

#include "rows.h"

/* A statements file with fewer bytes is read and checked by one thread: to start a second one would take as long. */
#define SKS_SECTIONS_ALONE (4 << 20)

enum sks_store_section {
    SKS_STORE_TOKENS,
    SKS_STORE_OFFSETS,
    SKS_STORE_POSITIONS,
    SKS_STORE_LENGTHS,
    SKS_STORE_CELLS,
    SKS_STORE_OCCUPATIONS,
    SKS_STORE_GROUPS,
    SKS_STORE_SECTORS,
    SKS_STORE_ENTRIES,
    SKS_STORE_FORMS,
    SKS_STORE_STEMS,
    SKS_STORE_STEM_FORMS,
    SKS_STORE_CONTEXTS,
    SKS_STORE_EDITIONS,
    SKS_STORE_CITATIONS,
    SKS_STORE_DOCUMENTS,
    SKS_STORE_VECTORS,
    SKS_STORE_STRINGS,
    SKS_STORE_USAGES,
    SKS_STORE_HOLDINGS,
    SKS_STORE_GROUP_WORDS,
    SKS_STORE_SECTIONS
};

/* Where a section is in the file, and the hash of its bytes. */
typedef struct sks_section_place {
    uint64_t offset, size, hash;
} sks_section_place;

/* The first bytes of the file. */
typedef struct sks_header {
    char magic[8];
    uint32_t format, sections;
    uint64_t generation, created, words;
    sks_print postings, additions;
    uint32_t statements, occupations, groups, sectors, entries, forms, stems, contexts, documents, base, editions,
        citations;
    sks_section_place place[SKS_STORE_SECTIONS];
    uint64_t vectors, set;
    uint32_t shards, holdings;
    uint64_t hash; /* of all bytes before it */
} sks_header;

extern const char sks_sections_magic[8];

/* The address of a section in memory and its required size. */
typedef struct sks_section_part {
    const void **bytes;
    uint64_t size;
} sks_section_part;

/* Fill parts from the numbers of a store. */
void sks_sections_list (sks_store *store, sks_section_part parts[SKS_STORE_SECTIONS]);

/* Copy the numbers of the header into the store, or those of the store into a header without places and hash. */
void sks_sections_read_header (sks_store *store, const sks_header *header);
void sks_sections_make_header (sks_header *header, const sks_store *store);

/* The files that have sections: the statements file and, in an index in shards, the file of texts. */
enum { SKS_STORE_FILES = 2 };

/* Which of them has a section: those with a row per statement are apart if there are shards, because the host that
 * answers does not need them. */
static inline int
sks_sections_file (const sks_store *store, int section)
{
    return store->shards && section <= SKS_STORE_LENGTHS;
}

/* Where a section of `size` bytes begins after the one that ends at `end`: at a multiple of 64 bytes, or there if it is
 * empty. */
static inline uint64_t
sks_sections_start (uint64_t end, uint64_t size)
{
    return size ? (end + 63) & ~(uint64_t) 63 : end;
}

#endif
