/* query_tree.h - a query as a tree of words, phrases and operators. query.h makes it from a text. */
#ifndef SKS_QUERY_TREE_H
#define SKS_QUERY_TREE_H

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/schema.h"
#include "notes.h"

enum sks_node_kind {
    SKS_NODE_ALL,    /* every statement */
    SKS_NODE_WORD,   /* one word */
    SKS_NODE_PHRASE, /* adjacent words */
    SKS_NODE_NEAR,   /* children (words, phrases) within `distance` words */
    SKS_NODE_VALUE,  /* a field's value: level, soc, sector, group, zone */
    SKS_NODE_BAG,    /* words, of which `match` says how many must occur */
    SKS_NODE_AND,
    SKS_NODE_OR,
    SKS_NODE_NOT /* one child */
};

typedef struct sks_query_word {
    const char *form; /* folded; NUL at its end. Of a compound the joined form */
    size_t size;
    size_t at, end; /* bytes in the query */
    bool prefix;    /* "rout*" */
    bool capitals;  /* a stop word that is a name: in capitals only */
} sks_query_word;

typedef struct sks_node sks_node;
struct sks_node {
    int kind;
    size_t at, end;        /* bytes in the query */
    int field;             /* of words, phrases and values */
    bool compound;         /* WORD: written as pieces; its other reading has them */
    bool exact;            /* "=": these forms, no stemming */
    bool relaxable;        /* BAG: the one that `match` may relax */
    sks_node *bag;         /* AND: of parts side by side, the bag of its plain words */
    sks_query_word *words; /* WORD: 1, PHRASE: at least 1 */
    size_t word_count;
    sks_node *other;     /* WORD, PHRASE: the same with compounds in their other reading, or NULL; either may match */
    sks_node **children; /* BAG: words; NEAR, AND, OR, NOT */
    size_t child_count;
    uint32_t distance;                  /* NEAR */
    const char *value;                  /* VALUE */
    const struct sks_matcher *matchers; /* WORD, PHRASE: one per word; set by leaf.h */
    const struct sks_set *set;          /* the statements that contain it, if known; set by leaf.h and match.h */
    bool occurs;                        /* WORD, PHRASE: even if `set` is empty, some statement elsewhere contains it */
    const struct sks_set *matched;      /* a side of OR: what it matched; set by match.h */
};

typedef struct sks_query_tree {
    sks_node *root;
    sks_node *bag;                 /* the bag that may be relaxed, or NULL */
    sks_node *plain;               /* the bag of its plain words, even if there is only one; or NULL */
    const sks_query_word *ignored; /* stop words that were left out */
    size_t ignored_count;
    const char *text;  /* the query with blanks for all white space and bullets */
    const char *marks; /* of enum sks_sign (scanner.h), one for each byte */
    size_t size;
    bool simple;     /* as in scanner.h */
    sks_notes notes; /* by place */
} sks_query_tree;

#endif
