/* shard.h - what the database of a shard has: its terms, its values and its metadata.
 *
 * An index in shards is one Xapian database per shard, each complete in itself, and a statements file without texts on
 * the host that answers. All statements of an occupation are in one shard. A document is a statement.
 *
 *   terms      of words, with the impact as wdf (below) or with positions, which count words from 1
 *                Z stem   in the statement: impact of the stem; positions of its words, and for each of its joined
 *                         forms one that is beside no other
 *                F form   the form that stands for its stem there (posting.h): impact of the stem
 *                W form   as written: positions
 *                U form   as written, if it is a stop word in capitals: positions
 *                D stem, E form, V form: as Z, W and U, in the duty; no impact
 *              of compounds ("e-mail"), whose joined form begins at a word and takes n words; n is the first byte of
 *              the rest of the term, plus '0'
 *                J n form the joined form: position of its first word; L n form: of its last word
 *                K n form, M n form: the same, if all of it is in the duty
 *                C        a word of a compound other than its first: its position
 *              of the occupation: XO code, XG group, XS sector, XN zone, XV hash of the version, XL level
 *              of the statement: Q id
 *   values     0: the cell, 1: the statement's number, both 4 bytes with the high ones first, so that values sort as
 *              numbers; 2: the number, the position in its level (2 bytes, low byte first, as in the section
 *              positions), and the tokens
 *   metadata   SKS_SHARD_KEY: sks_shard_label
 *
 * The impact of a stem is SKS_SHARD_IMPACT times the BM25 saturation of its posting, so a ranked query is a sum of
 * impacts, each times a weight that the answering host computes from the whole index. */
#ifndef SKS_SHARD_H
#define SKS_SHARD_H

#include "store.h"

#define SKS_SHARD_KEY "skillsearch"
#define SKS_SHARD_IMPACT 10000

enum sks_shard_slot { SKS_SHARD_CELL, SKS_SHARD_NUMBER, SKS_SHARD_CONTENT, SKS_SHARD_SLOTS };

/* Bytes of a cell or a number in a value; the content begins with a number and a position. */
#define SKS_SHARD_NUMBER_BYTES 4
#define SKS_SHARD_HEAD_BYTES 6

/* The longest compound whose joined form is a term, in words. */
#define SKS_SHARD_MAX_SPAN 64

/* Positions of joined forms that must match no phrase and no NEAR are multiples of this. */
#define SKS_SHARD_APART 8192

/* Bytes of a label, with its NUL. */
#define SKS_SHARD_LABEL_BYTES 96

/* Which shard has an occupation. */
uint32_t sks_shard_of (const char *soc, uint32_t shards);

/* Write what identifies a shard of a set: "6 GENERATION SET NUMBER SHARDS", where 6 is the format. */
void sks_shard_label (const sks_store *store, uint32_t shard, char out[SKS_SHARD_LABEL_BYTES]);

/* The term of a version of the framework, which may be any text. Returns its bytes. */
size_t sks_shard_version_term (const char *version, char *out, size_t size);

static inline void
sks_shard_put_number (uint32_t number, char out[SKS_SHARD_NUMBER_BYTES])
{
    for (int i = 0; i < SKS_SHARD_NUMBER_BYTES; i++)
        out[i] = (char) (number >> (24 - 8 * i));
}

static inline uint32_t
sks_shard_number (const char *bytes)
{
    uint32_t number = 0;
    for (int i = 0; i < SKS_SHARD_NUMBER_BYTES; i++)
        number = number << 8 | (uint8_t) bytes[i];
    return number;
}

#endif
