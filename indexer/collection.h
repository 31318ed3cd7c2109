/* collection.h - exports in the form the index is built from.
 *
 * Texts are turned into entry numbers as soon as an export is read, which takes
 * a third of the memory of the texts. A collection has a vocabulary of its own
 * and belongs to one thread; a build joins several. */
#ifndef SKS_COLLECTION_H
#define SKS_COLLECTION_H

#include "core/index/store.h"
#include "export.h"
#include "vocabulary.h"

/* A statement as entry numbers. */
typedef struct sks_line {
    uint64_t hash; /* sks_text_hash */
    size_t first;  /* in the collection's entries */
    uint16_t count;
    uint16_t position; /* as in the store: SKS_POSITION, SKS_POSITION_LONG_ID */
    int level;
} sks_line;

typedef struct sks_collection sks_collection;

/* One occupation's export. All strings are the collection's; those of one taken over are the store's. */
typedef struct sks_framework {
    const sks_collection *collection;
    const char *soc, *title, *group, *exported_at, *description;
    const sks_edition *edition;
    const char *source;  /* the file it came from, or SKS_STANDARD_INPUT */
    const char *name;    /* the name of that in reports, with the line of a sequence */
    const char *pointer; /* its pointer in an array; "" otherwise */
    const sks_locator *locator;
    const char *sector; /* NULL if missing */
    int zone, inferred;
    uint64_t content;
    int64_t modified;    /* of its file, nanoseconds since 1970; 0: unknown */
    uint64_t stamp;      /* of its file (source.h); 0: unknown, or the file has other parts */
    bool clean;          /* read without a problem or a warning */
    bool faulty;         /* read with a problem: something of it may be missing */
    bool carried;        /* not read in this run: the last generation has it */
    bool stale;          /* carried, because its file is broken or lost now */
    uint32_t last;       /* its occupation in the last generation, taken over unchanged; SKS_NONE if it was read */
    size_t first, count; /* in the collection's lines; in the order of ids. The lines of one taken over are not there */
} sks_framework;

struct sks_collection {
    sks_vocabulary *vocabulary;
    sks_arena *arena;
    uint32_t *entries;
    sks_line *lines;
    sks_framework *frameworks;
    size_t entry_count, line_count, framework_count;
    size_t entry_capacity, line_capacity, framework_capacity;
};

/* *out: caller owns it; free with sks_collection_destroy. */
int sks_collection_create (sks_collection **out, sks_error *err);
void sks_collection_destroy (sks_collection **collection_p);

/* Free the words of all statements, most of the memory. Lines keep their hashes. */
void sks_collection_drop_words (sks_collection *collection);

/* Where an export comes from; see sks_framework. */
typedef struct sks_provenance {
    const char *source, *name, *pointer;
    int64_t modified;
    uint64_t stamp;
} sks_provenance;

/* Copies an export. */
int sks_collection_add (sks_collection *collection, const sks_export *export, const sks_provenance *provenance,
                        sks_error *err);

/* Takes over an occupation of a published generation. Its strings and statements stay in the store, which must be valid
 * as long as the collection: the number of statements is set, but there are no lines. */
int sks_collection_carry (sks_collection *collection, const sks_store *store, uint32_t occupation, sks_error *err);

/* Copies the words of the store, with its numbers of entries; the collection must have none. */
int sks_collection_adopt (sks_collection *collection, const sks_store *store, sks_error *err);

#endif
