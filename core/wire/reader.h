/* reader.h - parts of replies on their way from bytes; for inside core/wire only.
 *
 * A newer daemon may send more than is known here: unknown members are
 * ignored. What is known must be there and of its type, and places must lie inside
 * their text, so that no caller is led beyond a string by a broken daemon. */
#ifndef SKS_WIRE_READER_H
#define SKS_WIRE_READER_H

#include "wire.h"
#include "tree.h"

#include <stddef.h>

#define SKS_COUNT(table) (sizeof (table) / sizeof *(table))

/* Rules of members that have the same name in JSON and in C. */
#define SKS_RULE(type, member, kind, need)                                                                             \
    {                                                                                                                  \
        .name = #member, SKS_MEMBER_##kind, SKS_MEMBER_##need, offsetof (type, member), 0                              \
    }
#define SKS_RULE_TEXTS(type, member, counted)                                                                          \
    {                                                                                                                  \
        .name = #member, SKS_MEMBER_TEXTS, SKS_MEMBER_PRESENT, offsetof (type, member), offsetof (type, counted)       \
    }

/* What every answer but those about the daemon has. */
#define SKS_RULES_ANSWERED(type) SKS_RULE (type, generation, WHOLE, PRESENT), SKS_RULE (type, took_us, WHOLE, PRESENT)

/* Parse a reply and read its status. Returns the failure that it is, if it is one.
 *   form    enum sks_reply_form.
 *   *root   caller owns it, after a failure as well; free with cJSON_Delete. */
enum sks_reply_form {
    SKS_REPLY_WHOLE,
    SKS_REPLY_BODY /* "v" may be missing, see sks_reply */
};
int sks_reply_parse (const sks_tree *tree, struct cJSON **root, const char *bytes, size_t size, int form);

/* The status alone, of a reply inside another one as well. */
int sks_reply_read_status (const sks_tree *tree, const struct cJSON *root, int form);

int sks_reply_read_result (const sks_tree *tree, const struct cJSON *root, sks_result *result);
int sks_reply_read_hit (const sks_tree *tree, const struct cJSON *item, const sks_place *place, sks_hit *hit);

/* The members "level" and "zone" of an object; a zone that is null is 0. */
int sks_reply_read_level (const sks_tree *tree, const struct cJSON *object, const sks_place *above, int *out);
int sks_reply_read_zone (const sks_tree *tree, const struct cJSON *object, const sks_place *above, int *out);

/* The list `name` of an object, into the answer's arena. */
int sks_reply_read_hits (const sks_tree *tree, const struct cJSON *object, const sks_place *above, const char *name,
                         const sks_hit **out, size_t *count);
int sks_reply_read_notes (const sks_tree *tree, const struct cJSON *object, const sks_note **out, size_t *count);
int sks_reply_read_near (const sks_tree *tree, const struct cJSON *object, const sks_near **out, size_t *count);

/* Ascending spans that do not overlap, within [least, most]. */
int sks_reply_read_spans (const sks_tree *tree, const struct cJSON *object, const sks_place *above, const char *name,
                          size_t min, size_t max, const sks_span **out, size_t *count);

/* Shares of a score. A list that is missing has none.
 *   parts   whether each names its part; else it is "". */
int sks_reply_read_shares (const sks_tree *tree, const struct cJSON *object, const sks_place *above, bool parts,
                           const sks_share **out, size_t *count);

/* A reply as an answer of `size_of` bytes, in an arena of its own; NULL on failure.
 *   json_at, memory_at   where in it its members json and memory are. */
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
