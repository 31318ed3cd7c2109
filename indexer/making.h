/* making.h - a dictionary, and what is needed only while it is made.
 *
 * A dictionary is made of the words of all texts, or it grows: the last one's rows are kept, and only the words of the
 * texts that were read are counted and added. */
#ifndef SKS_MAKING_H
#define SKS_MAKING_H

#include "reuse.h"

#include <string.h>

/* Weights of an occupation's words outside its statements: a word counts as if it occurred this many times in them
 * (docs/ranking.md). */
#define SKS_TITLE_WEIGHT 5
#define SKS_GROUP_WEIGHT 5
#define SKS_DESCRIPTION_WEIGHT 3

typedef struct sks_dictionary {
    sks_entry *entry;
    sks_form *form; /* the build adds to its statements: from 0, or from those of the dictionary that grows */
    sks_stem *stem; /* stems + 1 rows; statements likewise */
    uint32_t *stem_forms;
    sks_context *context;
    uint32_t *context_words; /* a framework whose words are new: weighted words of its context */
    bool *doubtful;          /* form: a text that is gone had it; NULL if the dictionary does not grow */
    uint32_t entries, forms, stems, contexts;
    sks_buffer strings; /* bytes of entries, forms and stems */

    const sks_collection *collections[SKS_MAX_THREADS + 1];
    uint32_t *numbers[SKS_MAX_THREADS + 1]; /* a collection's entry -> entry */
    size_t collection_count;
} sks_dictionary;

/* A word of an occupation's title, group or description. */
typedef struct sks_mention {
    uint32_t form, occupation;
    uint16_t weight, title;
} sks_mention;

typedef struct sks_making {
    sks_dictionary *dictionary;
    const sks_plan *plan;
    const sks_reuse *reuse; /* NULL: all words are new */
    const sks_store *last;  /* the generation whose dictionary grows; NULL without reuse */
    sks_vocabulary *all;    /* the words that are new, or may be */
    uint64_t *entry_counts, *form_counts;
    bool *written;           /* form of `all`: some text has it as a word */
    uint32_t *entry_numbers; /* entry of `all` -> final, SKS_NONE if unused */
    uint32_t *form_numbers;  /* form of `all` -> final, SKS_NONE if unused */
    uint32_t *moved_forms;   /* form of the last generation -> final */
    bool *sure;              /* form of the last generation: a text that was read has it as a word */
    uint32_t *old_stems;     /* stem -> that of the last generation, SKS_NONE */
    sks_mention *mentions;
    size_t mention_count, mention_capacity;
} sks_making;

/* Whether the words of a framework are counted: those that were taken over are already in a dictionary that grows. */
static inline bool
sks_making_takes (const sks_making *m, const sks_framework *framework)
{
    return !m->last || framework->last == SKS_NONE;
}

/* The order of two words by their bytes. */
static inline int
sks_making_compare (const char *a, size_t a_size, const char *b, size_t b_size)
{
    int order = memcmp (a, b, a_size < b_size ? a_size : b_size);
    return order ? order : (a_size > b_size) - (a_size < b_size);
}

/* Add to the strings of a dictionary; returns the offset. */
static inline uint32_t
sks_making_add_string (sks_dictionary *dictionary, const char *bytes, size_t size)
{
    uint32_t offset = (uint32_t) dictionary->strings.size;
    sks_buffer_add (&dictionary->strings, bytes, size);
    return offset;
}

#endif
