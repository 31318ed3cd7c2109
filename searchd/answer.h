/* answer.h - a request that was understood -> its reply, on one generation.
 *
 * An answerer is one thread's: a searcher and the memory that answers are made
 * in. It knows no socket and no queue. The time for the answer is the searcher's
 * budget, which the caller begins; writing the reply takes of it, too. */
#ifndef SKS_ANSWER_H
#define SKS_ANSWER_H

#include "searchd.h"
#include "core/engine/search.h"

typedef struct sks_answerer {
    sks_searcher *searcher;
    sks_arena *memory;      /* of the answer being made */
    sks_counters *counters; /* what "stats" and "health" tell */
    sks_buffer *reply;      /* replies go to its end */
    uint32_t client;        /* for the log */
} sks_answerer;

/* Write the reply to request at the end of answerer->reply. On failure nothing
 * useful is there and err tells what to refuse with. */
int sks_answer (sks_answerer *answerer, const sks_request *request, sks_error *err);

#endif
