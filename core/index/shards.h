/* shards.h - Xapian's matcher over the databases of shards, in local files or served by xapian-tcpsrv: a C interface
 * without exceptions and C++ types.
 *
 * A query is built from the leaves up; every node belongs to the object and is valid until sks_shards_clear. An
 * operand of NULL, which means that memory ran out, makes every node above it NULL, and running it fails with
 * SKS_ENOMEM. Nothing here knows the terms: shard.h describes them.
 *
 * An object may be used by only one thread at a time. */
#ifndef SKS_SHARDS_H
#define SKS_SHARDS_H

#include "core/base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct sks_shards sks_shards;
typedef struct sks_shards_query sks_shards_query;

/* Where shards are: paths, or "HOST:PORT" of a xapian-tcpsrv, with an IPv6 address in brackets. */
typedef struct sks_shards_places {
    const char *const *places;
    size_t count;
    unsigned timeout_ms, connect_ms; /* of servers: to answer, to connect */
} sks_shards_places;

/* Open all shards, in order.
 *   *out   caller owns it; free with sks_shards_close. NULL on failure.
 * Returns 0, SKS_EUNAVAILABLE (the text names the shard), SKS_EINDEX or SKS_ENOMEM. */
int sks_shards_open (sks_shards **out, const sks_shards_places *places, sks_error *err);
void sks_shards_close (sks_shards **set_p);

/* The same without opening any: what runs uses the shards that are open. Returns 0 or SKS_ENOMEM. */
int sks_shards_make (sks_shards **out, const sks_shards_places *places, sks_error *err);

/* Open one shard, unless it is open; close one. A shard whose connection fails, in any call, is closed;
 * when a run fails, all are. */
int sks_shards_connect (sks_shards *set, size_t shard, sks_error *err);
void sks_shards_disconnect (sks_shards *set, size_t shard);
bool sks_shards_is_open (const sks_shards *set, size_t shard);

/* "shard 2 of 3 (HOST:PORT)", for errors. Borrowed: valid until the object is closed. */
const char *sks_shards_name (const sks_shards *set, size_t shard);

/* A shard sent what *err says, which is not of this index: close it, and name it in *err. Returns SKS_EUNAVAILABLE if
 * it has a server, SKS_EINDEX if it is a file. */
int sks_shards_refuse (sks_shards *set, size_t shard, sks_error *err);

/* Which shard a call failed on with SKS_EUNAVAILABLE. Borrowed: of the last failure. */
typedef struct sks_shards_failure {
    size_t shard;
    bool timed_out; /* its server did not answer in time; false: the connection is lost, or refused */
} sks_shards_failure;
const sks_shards_failure *sks_shards_failed (const sks_shards *set);

/* Exchange a message with a shard if it is open, so that its server does not close the connection. */
int sks_shards_keep_alive (sks_shards *set, size_t shard, sks_error *err);

/* A metadata entry of one open shard; cut to `size` bytes with its NUL. "" if there is none. */
int sks_shards_note (sks_shards *set, size_t shard, const char *key, char *out, size_t size, sks_error *err);

/* How many documents all open shards have together; *count. */
int sks_shards_documents (sks_shards *set, uint64_t *count, sks_error *err);

/* ------------------------------------------------------------------ queries */

enum sks_shards_join { SKS_SHARDS_OR, SKS_SHARDS_AND, SKS_SHARDS_AND_NOT, SKS_SHARDS_AND_MAYBE, SKS_SHARDS_FILTER };

sks_shards_query *sks_shards_term (sks_shards *set, const char *bytes, size_t size);
sks_shards_query *sks_shards_all (sks_shards *set);
sks_shards_query *sks_shards_nothing (sks_shards *set);

/* The operator over `count` operands; none of them: nothing. */
sks_shards_query *sks_shards_join (sks_shards *set, int join, sks_shards_query *const *operands, size_t count);

/* Terms, or ORs of terms, side by side; or within a window of `window` words. */
sks_shards_query *sks_shards_phrase (sks_shards *set, sks_shards_query *const *operands, size_t count);
sks_shards_query *sks_shards_near (sks_shards *set, sks_shards_query *const *operands, size_t count, uint32_t window);

/* Values from `first` to `last` in byte order. */
sks_shards_query *sks_shards_range (sks_shards *set, uint32_t slot, const char *first, const char *last, size_t size);

/* The weights of a query times a factor of at least 0; or one weight for all that it matches. */
sks_shards_query *sks_shards_scale (sks_shards *set, sks_shards_query *query, double factor);
sks_shards_query *sks_shards_constant (sks_shards *set, sks_shards_query *query, double weight);

/* Free all nodes. */
void sks_shards_clear (sks_shards *set);

/* ------------------------------------------------------------------ running */

/* What is wanted of a query. */
typedef struct sks_shards_order {
    const sks_shards_query *query;
    bool weighted; /* by the sum of wdf, else by the key alone */
    uint32_t key;  /* slot: documents of equal weight are in the order of its values, which are returned */
    uint32_t skip; /* hits before the first that is wanted */
    uint32_t want; /* the most hits */
    bool exact;    /* find the exact total */
    bool counts;   /* count the values of `counted` over all matches; then the total is exact, too */
    uint32_t counted;
    uint32_t kept; /* the most hits with the same value of `collapsed`; 0: any number */
    uint32_t collapsed;
} sks_shards_order;

typedef struct sks_shards_hit {
    double weight;
    const char *key;
    size_t size;
    uint32_t shard; /* that sent it */
} sks_shards_hit;

typedef struct sks_shards_count {
    const char *value;
    size_t size;
    uint64_t count;
} sks_shards_count;

typedef struct sks_shards_answer {
    uint64_t total; /* a lower bound unless it is exact */
    const sks_shards_hit *hits;
    size_t hit_count;
    const sks_shards_count *counts; /* by value */
    size_t count_count;
} sks_shards_answer;

/* Run a query over all open shards in one exchange.
 *   *out   borrowed: valid until the next run, or until the object is closed.
 * Returns 0, SKS_EUNAVAILABLE (also for an error that a server reports, for example of a damaged file), or of shards in
 * files SKS_EINDEX or SKS_EIO, or SKS_ENOMEM. */
int sks_shards_run (sks_shards *set, const sks_shards_order *order, sks_shards_answer *out, sks_error *err);

#ifdef __cplusplus
}
#endif
#endif
