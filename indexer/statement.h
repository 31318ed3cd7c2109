/* statement.h - a statement of an export that is being read. */
#ifndef SKS_STATEMENT_H
#define SKS_STATEMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct sks_statement {
    const char *text; /* squeezed, not empty; NUL at its end */
    size_t size;
    uint64_t hash;        /* sks_text_hash, for its id */
    bool long_id;         /* another statement of its level already has the short id */
    int level;            /* enum sks_level */
    uint32_t position;    /* 1-based place in its level's list in the file */
    unsigned long origin; /* where it is in the file: see locator.h */
} sks_statement;

#endif
