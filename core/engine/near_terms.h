/* near_terms.h - the words of a query and their near words, as stems of the index to look
 * for. nearness.c makes them; meaning.c finds what holds them. */
#ifndef SKS_NEAR_TERMS_H
#define SKS_NEAR_TERMS_H

#include "core/index/store.h"
#include "rank.h"
#include "semantics.h"
#include "thesaurus.h"

/* What is looked for in a statement: a word of the query itself, or near words side by
 * side. */
enum sks_near_kind { SKS_KIND_OWN, SKS_KIND_LEARNED, SKS_KIND_OTHER };

struct sks_near_term {
    uint32_t stems[SKS_MAX_NEAR_PARTS];
    uint32_t count;
    uint32_t next;  /* term + 1 with the same last stem; 0: none */
    uint32_t group; /* whose word it is */
    enum sks_near_kind kind;
    float worth; /* q * n * idf */
    float idf;   /* SKS_KIND_OWN: of the word, for the coverage */
    const sks_near_row *row;
    bool used;
};

/* Some words of the query with near words of their own: mostly one. */
struct sks_near_group {
    const char *text; /* as folded in the query, with blanks between words */
    float idf, q;     /* of the word with the greatest idf */
    bool unknown;     /* no statement holds a word of it */
    size_t at, end;   /* bytes of the query */
};

struct sks_nearness {
    const sks_store *store;
    const sks_rank *rank;
    const uint32_t *stem_of_entry;
    struct sks_near_group *groups;
    size_t group_count;
    struct sks_near_term *terms;
    size_t count;
    uint16_t *first; /* by stem: term + 1 whose last stem it is; 0: none */
    float *tf;       /* by term, of the statement at hand; 0 between them */
    uint32_t *found; /* terms that the statement holds */
    size_t found_count;
    float weight, known; /* idf of the words that are in the index; their share of all words */
    float lam;
    sks_semantics *semantics; /* NULL: word vectors are not used */
    sks_semantic_word *meant; /* the words with a part in the query's vector */
    size_t meant_count;
    sks_centroid_part meaning; /* that vector; not set where means is false */
    bool means;
};

/* Whether the words before the last one of a term stand where the term wants them;
 * stems[at] is the last one. */
static inline bool
sks_near_stands (const struct sks_near_term *term, const uint32_t *stems, uint32_t at)
{
    if (at + 1 < term->count)
        return false;
    for (uint32_t i = 0; i + 1 < term->count; i++)
        if (stems[at + 1 - term->count + i] != term->stems[i])
            return false;
    return true;
}

/* Whether a table gives the near word of a word that occurs nowhere: such a word is read as its
 * near words. Vectors do not count, as they know misspelled words, too. */
static inline bool
sks_near_of_unknown (const struct sks_nearness *n, const struct sks_near_term *term)
{
    return term->kind != SKS_KIND_OWN && term->row->word.count && n->groups[term->group].unknown;
}

#endif
