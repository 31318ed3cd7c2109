/* answer.h - a decoded request -> its reply, on one generation.
 *
 * An answerer belongs to one thread: it has a searcher and the memory for answers. It does not depend on sockets or
 * queues. The time for the answer is the searcher's budget, which the caller begins; writing the reply is charged to
 * it, too. */
#ifndef SKS_ANSWER_H
#define SKS_ANSWER_H

#include "searchd.h"
#include "results.h"
#include "core/shards/gather.h"

typedef struct sks_answerer {
    sks_searcher *searcher; /* with a gather, its searcher */
    sks_arena *memory;      /* of the answer being made */
    sks_counters *counters; /* what "stats" and "health" report */
    sks_buffer *reply;      /* replies go to its end */
    uint32_t client;        /* for the log */
    sks_gather *gather;     /* of an index in shards; NULL: the index has none */
    sks_results *results;   /* replies kept before; NULL: none are */
    bool partial;           /* the last answer lacks shards */
} sks_answerer;

/* Write the reply to request at the end of answerer->reply. On failure the reply is useless and err has the code and
 * text for a refusal. */
int sks_answer (sks_answerer *answerer, const sks_request *request, sks_error *err);

#endif
