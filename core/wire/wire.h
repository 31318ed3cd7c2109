/* wire.h - the protocol, version 1: bytes <-> request, bytes <-> reply.
 *
 * Both directions of both messages are in this folder, so they stay consistent: the daemon decodes requests and
 * encodes replies, the client library encodes requests and decodes replies. docs/protocol.md is the reference for
 * every member.
 *
 * A decoder trusts nothing: size, JSON, types, names and limits are checked before a value is used. An unknown
 * member is refused with its JSON pointer, so a misspelt filter is never silently ignored.
 *
 * Files: request_table with request_reader.c and request_writer.c, query_reader.c and query_writer.c; one file for each
 * kind of reply, reply_result.c and so on, with what all have in reply_reader.c and reply_writer.c; shared code: op
 * (tables of operations), tree (typed access to JSON), members (structures by tables).
 */
#ifndef SKS_WIRE_H
#define SKS_WIRE_H

#include "core/base/arena.h"
#include "core/base/buffer.h"
#include "core/base/schema.h"

enum sks_op {
    SKS_OP_SEARCH,
    SKS_OP_GET,
    SKS_OP_HELLO,
    SKS_OP_STATS,
    SKS_OP_HEALTH,
    SKS_OP_SIMILAR,
    SKS_OP_COMPARE,
    SKS_OP_CROSSWALK,
    SKS_OP_MAP,
    SKS_OP_SUGGEST,
    SKS_OP_FACET_VALUES,
    SKS_OP_ANALYZE,
    SKS_OP_SCAN,
    SKS_OP_OCCUPATION,
    SKS_OP_MULTI,
    SKS_OPS
};

/* The name of an operation, NULL if there is none. */
const char *sks_op_name (int op);

/* The bounds of "limit". Operations without a limit have the bounds of search. */
typedef struct sks_page_bounds {
    uint32_t min, max, usual; /* usual: the default */
} sks_page_bounds;

/* Borrowed: valid for ever. */
const sks_page_bounds *sks_op_page (int op);

typedef struct sks_request sks_request;
struct sks_request {
    int op;                 /* enum sks_op; SKS_OPS if it could not be read */
    const char *id;         /* returned in the reply; NULL if the request has none */
    sks_query query;        /* search, scan, facet_values (its one facet), analyze (text, match);
                            similar and map: filter and limit */
    const char *const *ids; /* get */
    size_t id_count;
    const char *statement;      /* similar: a statement id */
    unsigned exclude;           /* similar: SKS_EXCLUDE_... of that statement */
    const char *occupations[2]; /* compare, occupation: the first; crosswalk: both; SOC codes */
    int heading;                /* occupation: non-zero: without its statements */
    const char *duty;           /* compare: only rows with these words in their duty; may be NULL */
    int level;                  /* crosswalk: enum sks_level, -1 for all */
    const char *text;           /* map: the text; suggest: the beginning that was typed */
    const char *cursor;         /* scan: where to continue; NULL: from the start */
    sks_request **requests;     /* multi */
    size_t request_count;
    uint32_t deadline_ms; /* 0: the daemon's own */
    sks_arena *memory;    /* owns all strings above */
};

/* Read a request. *out is also set on failure (unless out of memory), with the id if it could be read, even when
 * the rest is not JSON or is too large, so that the refusal can name it. Caller owns it; free with
 * sks_request_destroy. Returns 0, SKS_EBADREQUEST, SKS_EBADVERSION, SKS_ELIMIT or SKS_ENOMEM; text names the member
 * by JSON pointer ("/filter/level/0: ..."). The query text itself is not parsed here. */
int sks_request_decode (sks_request **out, const char *bytes, size_t size, sks_error *err);
void sks_request_destroy (sks_request **request_p);

/* Read only the id and the deadline of a request. *out as above; NULL when out of memory. */
void sks_request_identify (sks_request **out, const char *bytes, size_t size);

/* Write a request into an empty buffer; members with their default value are left out.
 * Returns 0, SKS_EINVALID (an enum value out of range, a text that is
 * not UTF-8), SKS_ELIMIT (over the buffer's maximum) or SKS_ENOMEM. */
int sks_request_encode (const sks_request *request, sks_buffer *out, sks_error *err);

/* What "stats" reports. Counters run from the daemon's start. */
#define SKS_LATENCY_BUCKETS 24 /* bucket i counts replies below 2^i microseconds, the last one all slower ones */
#define SKS_PROTOCOL_CODES 15  /* -code of the protocol's codes, 0 for ok */

/* Why a message was dropped instead of answered, or a connection refused. */
enum sks_dropped {
    SKS_DROPPED_SHAPE,       /* a request of an unknown frame shape */
    SKS_DROPPED_GONE,        /* a reply whose peer had left */
    SKS_DROPPED_FULL,        /* a reply whose peer does not read */
    SKS_DROPPED_LATE,        /* a late reply: its client already got "deadline" */
    SKS_DROPPED_MEMORY,      /* a reply for which there was no memory */
    SKS_DROPPED_CONNECTIONS, /* connections for which there was no descriptor */
    SKS_DROPPED_CUT,         /* connections ended by the daemon: over a limit, or not ZeroMQ */
    SKS_DROPPED
};

/* The replies to one operation. */
typedef struct sks_op_stats {
    uint64_t replies[SKS_PROTOCOL_CODES];  /* by -code */
    uint64_t latency[SKS_LATENCY_BUCKETS]; /* microseconds from arrival to reply */
    uint64_t time_us;                      /* the sum of them */
} sks_op_stats;

typedef struct sks_stats {
    uint64_t generation, statements, occupations;
    uint64_t vectors, vectors_unused; /* 0 or 1 each: vectors are used; they were requested, but cannot be used */
    uint64_t encoder, encoder_unused; /* the same of a sentence encoder */
    uint64_t uptime_s, workers, busy_workers, queued, queue_limit;
    uint64_t requests[SKS_OPS]; /* by operation; only requests that could be decoded */
    sks_op_stats all;
    sks_op_stats by_op[SKS_OPS + 1]; /* the last one: requests that could not be read */
    uint64_t dropped[SKS_DROPPED];
    uint64_t results_hits, results_misses, results_bytes, results_limit; /* of kept replies */
    uint64_t reloads, reload_failures;
    uint64_t keys_known, keys_accepted, keys_denied, keys_broken, keys_refused;
    uint64_t resident_bytes, open_descriptors, max_descriptors, cpu_us;
    uint64_t shard_count; /* 0: the index is not in shards */
    sks_shard_health shards[SKS_MAX_SHARDS];
} sks_stats;

/* Write a reply at the end of a buffer: one JSON object. The buffer is empty, or contains an open multi. request
 * may be NULL for an error without a request. Returns 0, SKS_ELIMIT or SKS_ENOMEM. */
int sks_reply_encode_result (sks_buffer *out, const sks_request *request, const sks_result *result, sks_error *err);

/* Which generation answered the operations below, and how long it took. */
typedef struct sks_answered {
    uint64_t generation, took_us;
} sks_answered;

int sks_reply_encode_comparison (sks_buffer *out, const sks_request *request, const sks_comparison *what,
                                 const sks_answered *answered, sks_error *err);
int sks_reply_encode_crosswalk (sks_buffer *out, const sks_request *request, const sks_crosswalk *what,
                                const sks_answered *answered, sks_error *err);
int sks_reply_encode_mapping (sks_buffer *out, const sks_request *request, const sks_mapping *what,
                              const sks_answered *answered, sks_error *err);
int sks_reply_encode_completions (sks_buffer *out, const sks_request *request, const sks_completions *what,
                                  const sks_answered *answered, sks_error *err);
int sks_reply_encode_analysis (sks_buffer *out, const sks_request *request, const sks_analysis *what,
                               const sks_answered *answered, sks_error *err);
int sks_reply_encode_record (sks_buffer *out, const sks_request *request, const sks_record *what,
                             const sks_answered *answered, sks_error *err);

/* The part of a complete answer that is the same for every equal request: all after "ok" but the time. NULL if it has
 * no such part. Borrowed from reply. */
const char *sks_reply_find_body (const char *reply, size_t size, size_t *body_size);

/* Write an answer with such a body: open it, then close it with the time. */
void sks_reply_open_kept (sks_buffer *out, const sks_request *request, const char *body, size_t size);
int sks_reply_close_kept (sks_buffer *out, uint64_t took_us, sks_error *err);

/* The reply to a multi: open it, write the reply to each of its requests, close
 * it. */
void sks_reply_open_multi (sks_buffer *out, const sks_request *request, uint64_t generation);
int sks_reply_close_multi (sks_buffer *out, uint64_t took_us, sks_error *err);

int sks_reply_encode_hello (sks_buffer *out, const sks_request *request, const sks_stats *stats, sks_error *err);
int sks_reply_encode_stats (sks_buffer *out, const sks_request *request, const sks_stats *stats, sks_error *err);
int sks_reply_encode_health (sks_buffer *out, const sks_request *request, const sks_stats *stats, sks_error *err);
int sks_reply_encode_error (sks_buffer *out, const sks_request *request, const sks_error *what, sks_error *err);

/* Read the reply to an operation. If the reply is a failure, its code is returned, and err has its text and
 * position.
 *   *out   caller owns it; free with the destroy of its type. NULL on failure.
 *          Its json is a copy of the bytes.
 * Returns 0, the failure of the reply, SKS_EPROTOCOL (the text names the member by
 * JSON pointer) or SKS_ENOMEM. */

/* Of a search, a get, a similar, a scan or a facet_values. */
int sks_reply_decode_result (sks_result **out, const char *bytes, size_t size, sks_error *err);

int sks_reply_decode_comparison (sks_comparison **out, const char *bytes, size_t size, sks_error *err);
int sks_reply_decode_crosswalk (sks_crosswalk **out, const char *bytes, size_t size, sks_error *err);
int sks_reply_decode_record (sks_record **out, const char *bytes, size_t size, sks_error *err);
int sks_reply_decode_mapping (sks_mapping **out, const char *bytes, size_t size, sks_error *err);
int sks_reply_decode_completions (sks_completions **out, const char *bytes, size_t size, sks_error *err);
int sks_reply_decode_analysis (sks_analysis **out, const char *bytes, size_t size, sks_error *err);
int sks_reply_decode_hello (sks_hello **out, const char *bytes, size_t size, sks_error *err);
int sks_reply_decode_health (sks_health **out, const char *bytes, size_t size, sks_error *err);
int sks_reply_decode_stats (sks_daemon_stats **out, const char *bytes, size_t size, sks_error *err);

/* Of a scan, an occupation and a stats, with or without "v" and "id" (see sks_reply). A page's
 * lines are the hits as JSON, each without line ends; the first call leaves them NULL. */
typedef struct sks_scan_page {
    uint64_t generation, took_us;
    uint64_t total;
    const char *cursor;
    const sks_hit *hits;
    size_t hit_count;
    const char **lines;
    const sks_note *notes; /* about the filters */
    size_t note_count;
    const char *json;
    void *memory;
} sks_scan_page;
int sks_reply_decode_page (sks_scan_page **out, const char *bytes, size_t size, sks_error *err);
int sks_reply_decode_page_lines (sks_scan_page **out, const char *bytes, size_t size, sks_error *err);
void sks_scan_page_destroy (sks_scan_page **page_p);
int sks_reply_decode_record_body (sks_record **out, const char *bytes, size_t size, sks_error *err);
int sks_reply_decode_stats_body (sks_daemon_stats **out, const char *bytes, size_t size, sks_error *err);

/* Read the reply to a multi of `count` searches into results and errors, as described at sks_client_multi_search. */
int sks_reply_decode_multi (sks_result **results, sks_error *errors, size_t count, const char *bytes, size_t size,
                            sks_error *err);

/* Read any reply only as far as "ok" and "error": 0 or the failure in it, SKS_EPROTOCOL if it is not a reply. */
int sks_reply_decode_status (const char *bytes, size_t size, sks_error *err);

#endif
