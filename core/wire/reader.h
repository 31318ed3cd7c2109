/* reader.h - reads the parts of replies; for core/wire only.
 *
 * A newer daemon may send more than is known here: unknown members are ignored. Known members must be present and
 * of the right type, and positions must lie inside their text, so that a broken daemon cannot make a caller read
 * beyond a string. */
#ifndef SKS_WIRE_READER_H
#define SKS_WIRE_READER_H

#include "reply_table.h"

/* Members of every answer except those about the daemon. */
#define SKS_RULES_ANSWERED(type) SKS_RULE (type, generation, WHOLE, PRESENT), SKS_RULE (type, took_us, WHOLE, PRESENT)

/* Parse a reply and read its status. If the reply reports a failure, return its code.
 *   form    enum sks_reply_form.
 *   *root   caller owns it, after a failure as well; free with cJSON_Delete. */
enum sks_reply_form {
    SKS_REPLY_WHOLE,
    SKS_REPLY_BODY /* "v" may be missing, see sks_reply */
};
int sks_reply_parse (const sks_tree *tree, struct cJSON **root, const char *bytes, size_t size, int form);

/* Read the status only; also for a reply inside another one. */
int sks_reply_read_status (const sks_tree *tree, const struct cJSON *root, int form);

int sks_reply_read_result (const sks_tree *tree, const struct cJSON *root, sks_result *result);
int sks_reply_read_hit (const sks_tree *tree, const struct cJSON *item, const sks_place *place, sks_hit *hit);

/* The member "level" of an object. */
int sks_reply_read_level (const sks_tree *tree, const struct cJSON *object, const sks_place *above, int *out);

/* The list `name` of an object; it comes from the answer's arena. */
int sks_reply_read_hits (const sks_tree *tree, const struct cJSON *object, const sks_place *above, const char *name,
                         const sks_hit **out, size_t *count);

/* Ascending spans that do not overlap, within [min, max]. */
int sks_reply_read_spans (const sks_tree *tree, const struct cJSON *object, const sks_place *above, const char *name,
                          size_t min, size_t max, const sks_span **out, size_t *count);

/* Shares of a score; none if the list is missing.
 *   parts   whether each share names its part; else the part is "". */
int sks_reply_read_shares (const sks_tree *tree, const struct cJSON *object, const sks_place *above, bool parts,
                           const sks_share **out, size_t *count);

/* Read a reply into an answer of `size_of` bytes in a new arena; NULL on failure.
 *   json_at, memory_at   offsets of its members json and memory. */
typedef int sks_answer_reader (const sks_tree *tree, const struct cJSON *root, void *out);
void *sks_reply_decode (const char *bytes, size_t size, int form, size_t size_of, size_t json_at, size_t memory_at,
                        sks_answer_reader *read, int *rc, sks_error *err);

/* The public functions of one type of answer. */
#define SKS_DECODE(name, type, read) SKS_DECODE_FORM (name, type, read, SKS_REPLY_WHOLE)
#define SKS_DECODE_FORM(name, type, read, form)                                                                        \
    int sks_reply_decode_##name (type **out, const char *bytes, size_t size, sks_error *err)                           \
    {                                                                                                                  \
        int rc;                                                                                                        \
        *out = sks_reply_decode (bytes, size, form, sizeof (type), offsetof (type, json), offsetof (type, memory),     \
                                 read, &rc, err);                                                                      \
        return rc;                                                                                                     \
    }
#define SKS_DESTROY(type)                                                                                              \
    void type##_destroy (type **answer_p)                                                                              \
    {                                                                                                                  \
        if (!answer_p || !*answer_p)                                                                                   \
            return;                                                                                                    \
        sks_arena *memory = (*answer_p)->memory;                                                                       \
        *answer_p = NULL;                                                                                              \
        sks_arena_destroy (&memory);                                                                                   \
    }

#endif
