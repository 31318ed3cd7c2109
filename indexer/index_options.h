/* index_options.h - the command line of skillsearch-index. */
#ifndef SKS_INDEXER_OPTIONS_H
#define SKS_INDEXER_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

enum sks_indexer_exit {
    SKS_INDEXER_EXIT_PUBLISHED = 0,
    SKS_INDEXER_EXIT_FAILED = 1,
    SKS_INDEXER_EXIT_USAGE = 2,
    SKS_INDEXER_EXIT_REJECTED = 3,
    SKS_INDEXER_EXIT_LOCKED = 5
};

typedef struct sks_index_options {
    const char *index;
    bool index_given;           /* by --index */
    const char *const *sources; /* the words of the command line; in the list below */
    size_t source_count;
    const char **removed; /* the paths of --remove; the caller frees the list */
    size_t removed_count;
    const char *vectors; /* a file of word vectors; NULL: the installed one, if it exists */
    bool without_vectors;
    const char *encoder;     /* a file of a sentence encoder; NULL: none */
    const char *export_bulk; /* a format (bulk.h); the folder is the source. NULL: no export */
    unsigned keep, threads;
    bool shards_given; /* by --shards */
    unsigned shards;   /* 0: none */
    unsigned publish;  /* a generation to make current, 0 for none */
    bool publish_to;   /* copy the current generation to the sources, which are folders of replicas */
    bool only, allow_empty, allow_shrink, check, strict, json, tsv, list, rollback, diff, rebuild, replace, quiet,
        verbose;
    bool level_from_type;    /* of packages of CASE without levels: the types of items are levels */
    const char *of_indexing; /* the last option given that only indexing has; NULL: none */
    bool generations;        /* with diff: the sources are generation numbers, or there are none */
} sks_index_options;

/* Read the command line; ends the program for --help, --version, --list-options and misuse. */
void sks_index_options_read (sks_index_options *options, int argc, char *const *argv);

#endif
