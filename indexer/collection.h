/* collection.h - exports in the form the index is built from.
 *
 * Texts are turned into entry numbers as soon as an export is read, which takes
 * a third of the memory of the texts. A collection has a vocabulary of its own
 * and belongs to one thread; a build joins several. */
#ifndef SKS_COLLECTION_H
#define SKS_COLLECTION_H

#include "../core/store.h"
#include "export.h"
#include "vocabulary.h"

/* A statement as entry numbers. */
typedef struct sks_line {
    uint64_t hash;
    size_t first;       /* in the collection's entries */
    uint16_t count;
    uint16_t position;  /* 1-based place in its level */
    int level;
} sks_line;

typedef struct sks_collection sks_collection;

/* One occupation's export. All strings are the collection's. */
typedef struct sks_framework {
    const sks_collection *collection;
    const char *soc, *title, *group, *version, *exported_at, *description, *source;
    const char *sector;  /* NULL if missing */
    int zone;
    uint64_t content;
    bool carried;        /* from the last generation, not from this run's sources */
    size_t first, count; /* in the collection's lines; in the order of ids */
} sks_framework;

struct sks_collection {
    sks_vocabulary *vocabulary;
    sks_arena *arena;
    uint32_t *entries;
    sks_line *lines;
    sks_framework *frameworks;
    size_t entry_count, line_count, framework_count;
    size_t entry_room, line_room, framework_room;
};

/* *out: caller owns it; free with sks_collection_destroy. */
int sks_collection_create (sks_collection **out, sks_error *err);
void sks_collection_destroy (sks_collection **collection_p);

/* Copies an export. source is the file it came from. */
int sks_collection_add (sks_collection *collection, const sks_export *export, const char *source, sks_error *err);

/* Copies an occupation of a published generation. */
int sks_collection_carry (sks_collection *collection, const sks_store *store, uint32_t occupation, sks_error *err);

#endif
