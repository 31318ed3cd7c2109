/* near_terms.h - the words of a query and their near words, as stems of the index. nearness.c
 * adds what they are worth to scores; meaning.c finds the statements that contain them. */
#ifndef SKS_NEAR_TERMS_H
#define SKS_NEAR_TERMS_H

#include "core/index/store.h"
#include "ranked.h"
#include "semantics.h"
#include "sense.h"
#include "snapshot.h"
#include "stems.h"
#include "thesaurus.h"

/* A term to find in a statement: a word of the query itself, or adjacent near words. */
enum sks_near_kind { SKS_KIND_OWN, SKS_KIND_LEARNED, SKS_KIND_OTHER };

struct sks_near_term {
    uint32_t stems[SKS_MAX_NEAR_PARTS];
    uint32_t count;
    uint32_t next;  /* index + 1 of another term with the same last stem; 0: none */
    uint32_t group; /* of the word that it belongs to */
    enum sks_near_kind kind;
    float worth; /* q * n * idf */
    float idf;   /* SKS_KIND_OWN: idf of the word, for the coverage */
    const sks_near_row *row;
    bool used;
};

/* One or more words of the query (mostly one) that have near words. */
struct sks_near_group {
    const char *text; /* as folded in the query, with blanks between words */
    float idf, q;     /* of the word with the greatest idf */
    bool unknown;     /* no statement contains one of its words */
    bool joined;      /* on their own its words mean something else */
    size_t at, end;   /* bytes of the query */
};

/* The terms that end with a stem, one bit each: groups of near words, and own words by their number. */
struct sks_near_bits {
    uint64_t groups, own;
};

typedef struct sks_nearness {
    const sks_store *store;
    const sks_rank *rank;
    const sks_snapshot *snapshot;
    struct sks_near_group *groups;
    size_t group_count;
    struct sks_near_term *terms;
    size_t count;
    uint16_t *first;                    /* by stem: index + 1 of the first term that ends with it; 0: none */
    struct sks_near_bits *bits;         /* by index + 1 of such a term */
    float own_idf[SKS_MAX_QUERY_WORDS]; /* by number of an own word */
    size_t own_count;
    float *tf;       /* by term, for the current statement; 0 between statements */
    uint32_t *found; /* terms that the statement contains */
    size_t found_count;
    float weight, known; /* sum of idf of the words in the index; and the share of words that are in it */
    float lam;
    sks_stems stems;          /* of the statements whose scores were raised */
    sks_semantics *semantics; /* NULL: word vectors are not used */
    sks_semantic_word *meant; /* the words that contribute to the query's vector */
    size_t meant_count;
    sks_centroid_part meaning; /* that vector; not set if means is false */
    bool means;
    const sks_sense *sense; /* NULL: no sentence encoder is used, or it gives no vector for the query */
    sks_centroid_part read; /* its vector of the query */
} sks_nearness;

/* Prepare the near words of a query. *out comes from the matching's arena; it is NULL if no statement contains any
 * near word and the query has no vector, neither by words nor by the sentence encoder.
 *   ranked  words of an entry with a particle become worth less */
int sks_near_terms_make (sks_nearness **out, sks_matching *m, const sks_query_tree *tree, sks_ranked_word *ranked,
                         size_t count);

/* The same for a bag without a query's syntax (bag.h), by vectors alone: tables of near words are for queries. *out is
 * NULL without word vectors (m->semantics) and a sentence encoder (m->reader).
 *   tree        its plain words are the bag; its text is NULL for a statement
 *   statement   the one that the bag was made of: its vectors are those of the bag. SKS_NONE: the vectors are made of
 *               the words and of the text */
int sks_near_terms_of_bag (sks_nearness **out, sks_matching *m, const sks_query_tree *tree, uint32_t statement,
                           sks_ranked_word *ranked, size_t count);

/* Whether the word of the query that starts at this byte belongs to an entry with a particle. *end is where that
 * ends. */
bool sks_near_terms_joined (const sks_nearness *nearness, size_t at, size_t *end);

/* Whether a plain word of the query has no statements: then near words may replace it, even if nothing is found. */
bool sks_near_terms_may_replace (const sks_query_tree *tree, const sks_ranked_word *ranked, size_t count);

/* Whether the other words of a term directly precede its last word, which is stems[at]. */
static inline bool
sks_near_ends_at (const struct sks_near_term *term, const uint32_t *stems, uint32_t at)
{
    if (at + 1 < term->count)
        return false;
    for (uint32_t i = 0; i + 1 < term->count; i++)
        if (stems[at + 1 - term->count + i] != term->stems[i])
            return false;
    return true;
}

/* Whether the term is a near word, from a table, of a word that occurs nowhere: such a word is read as its near
 * words. Near words from vectors do not count, because vectors also exist for misspelled words. */
static inline bool
sks_near_of_unknown (const sks_nearness *n, const struct sks_near_term *term)
{
    return term->kind != SKS_KIND_OWN && term->row->word.count && n->groups[term->group].unknown;
}

#endif
