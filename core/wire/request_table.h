/* request_table.h - the members of a request: the reader and the writer use the same rows; for core/wire only.
 *
 * A member that is not in the table is refused. A test compares docs/schema/request.json with it. */
#ifndef SKS_WIRE_REQUEST_TABLE_H
#define SKS_WIRE_REQUEST_TABLE_H

#include "decoder.h"

enum sks_request_kind {
    SKS_REQUEST_HEAD,   /* read before the others and written ahead of them: v, id, op, units */
    SKS_REQUEST_TEXT,   /* const char * of at most `limit` bytes */
    SKS_REQUEST_TEXTS,  /* const char *const *, with its count at count_offset: 1 to `max`, each of `limit` bytes */
    SKS_REQUEST_PAIR,   /* const char *[2], each of at most `limit` bytes */
    SKS_REQUEST_NUMBER, /* uint32_t of at most `limit` */
    SKS_REQUEST_NAME,   /* int, one of name_of */
    SKS_REQUEST_BITS,   /* unsigned, bit i for name_of (i); a list of at most `max` */
    SKS_REQUEST_FLAG,   /* int: whether it differs from the default */
    SKS_REQUEST_OTHER,  /* read and written by separate functions */
    SKS_REQUEST_DEADLINE,
    SKS_REQUEST_REQUESTS
};

typedef void sks_member_writer (sks_buffer *out, const sks_request *request);

typedef struct sks_request_member {
    const char *name;
    unsigned operations; /* that take it: 1 << enum sks_op */
    unsigned required;   /* that require it */
    int kind;            /* enum sks_request_kind */
    size_t offset, count_offset;
    size_t max, limit;
    const char *what; /* of TEXTS and PAIR: its name in errors when it is missing */
    const char *(*name_of) (int);
    int usual;               /* of NAME and FLAG: the default, which is not written */
    sks_member_reader *read; /* of OTHER; the writers write nothing if the member has its default */
    sks_member_writer *put;
} sks_request_member;

/* The row of a name for an operation; NULL if the operation has no such member.
 *   *known   whether another operation has it */
const sks_request_member *sks_request_member_of (const char *name, int op, bool *known);

/* Row i, in the order of writing; NULL after the last one. */
const sks_request_member *sks_request_member_at (size_t i);

/* Whether an operation uses any member of sks_request.query. */
bool sks_request_has_query (int op);

/* The readers and writers of OTHER. */
sks_member_reader sks_query_read_filter;
sks_member_reader sks_query_read_facet;  /* one */
sks_member_reader sks_query_read_facets; /* a list */
sks_member_reader sks_query_read_sort;
sks_member_reader sks_query_read_limit; /* within the bounds of the operation */
sks_member_reader sks_query_read_collapse;
sks_member_writer sks_query_put_filter;
sks_member_writer sks_query_put_facet;
sks_member_writer sks_query_put_facets;
sks_member_writer sks_query_put_sort;
sks_member_writer sks_query_put_limit;
sks_member_writer sks_query_put_collapse;
sks_member_writer sks_query_put_tags;

#endif
