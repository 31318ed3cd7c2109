/* reply.h - shared by the files of replies; for core/wire only.
 *
 * A newer daemon may send more than is known here: unknown members are ignored. Known members must be present and
 * of the right type, and positions must lie inside their text, so that a broken daemon cannot make a caller read
 * beyond a string. */
#ifndef SKS_WIRE_REPLY_H
#define SKS_WIRE_REPLY_H

#include "core/base/json.h"
#include "reply_table.h"
#include "wire.h"

/* Rules of members that every answer has, except those about the daemon. */
#define SKS_RULES_ANSWERED(type) SKS_RULE (type, generation, WHOLE, FRAMED), SKS_RULE (type, took_us, WHOLE, FRAMED)

/* ---------------------------------------------------------------- writing */

/* Begin a reply: v, id, ok. Writes a comma first unless it is the first reply of its list. */
void sks_reply_open (sks_buffer *out, const sks_request *request, bool ok);
int sks_reply_close (sks_buffer *out, sks_error *err);

/* Begin and end an answer: the same, with the generation and the time. `text` becomes that of the request. */
void sks_reply_open_answer (sks_buffer *out, const sks_request *request, const sks_answered *answered,
                            sks_offset *text);
int sks_reply_close_answer (sks_buffer *out, const sks_answered *answered, sks_error *err);

/* Write an answer by its table. */
int sks_reply_encode_answer (sks_buffer *out, const sks_request *request, const sks_member_type *type, const void *what,
                             const sks_answered *answered, sks_error *err);

#define SKS_ENCODE(name, type, members)                                                                                \
    int sks_reply_encode_##name (sks_buffer *out, const sks_request *request, const type *what,                        \
                                 const sks_answered *answered, sks_error *err)                                         \
    {                                                                                                                  \
        return sks_reply_encode_answer (out, request, &(members), what, answered, err);                                \
    }

/* ---------------------------------------------------------------- reading */

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

/* Read a reply into an answer in a new arena, by its table; NULL on failure.
 *   json_at, memory_at   offsets of its members json and memory.
 *   rest                 reads and checks what the table does not; may be NULL. */
typedef int sks_answer_reader (const sks_tree *tree, const struct cJSON *root, void *out);
void *sks_reply_decode (const char *bytes, size_t size, int form, const sks_member_type *type, size_t json_at,
                        size_t memory_at, sks_answer_reader *rest, int *rc, sks_error *err);

/* The public functions of one type of answer. */
#define SKS_DECODE(name, type, members, rest) SKS_DECODE_FORM (name, type, members, rest, SKS_REPLY_WHOLE)
#define SKS_DECODE_FORM(name, type, members, rest, form)                                                               \
    int sks_reply_decode_##name (type **out, const char *bytes, size_t size, sks_error *err)                           \
    {                                                                                                                  \
        int rc;                                                                                                        \
        *out = sks_reply_decode (bytes, size, form, &(members), offsetof (type, json), offsetof (type, memory), rest,  \
                                 &rc, err);                                                                            \
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
