/* reply_reader.c - bytes -> answers and failures. An answer has its own arena, so freeing it is one call. */
#include "reply.h"

#include <cjson/cJSON.h>
#include <stddef.h>
#include <string.h>

#define REPLY_DEPTH SKS_JSON_DEPTH /* the tree of "analyze" is as deep as its query */
#define REPLY_MEMBERS 4096

/* ----------------------------------------------------------------- status */

static int
parse (const sks_tree *tree, cJSON **out, const char *bytes, size_t size)
{
    static const sks_json_limits limits = { SKS_MAX_REPLY_BYTES, REPLY_DEPTH, REPLY_MEMBERS, SIZE_MAX, 0 };
    sks_error cause;
    int rc = sks_json_parse (out, bytes, size, &limits, &cause);
    if (rc == 0 || rc == SKS_ENOMEM)
        return rc ? sks_fail_memory (tree->err) : 0;
    return sks_fail_at (tree->err, tree->type_code, cause.at, "the reply is not JSON of this protocol: %s", cause.text);
}

/* Read the failure that a reply reports. An unknown code, perhaps of a newer daemon, must still be a failure. */
static int
read_failure (const sks_tree *tree, const cJSON *root)
{
    struct failure {
        const char *code, *message;
    } failure = { NULL, NULL };
    static const sks_member_rule rules[] = {
        SKS_RULE (struct failure, code, TEXT, PRESENT),
        SKS_RULE (struct failure, message, TEXT, PRESENT),
    };
    static const sks_member_type type = SKS_TYPE (rules, struct failure);
    const sks_place here = { NULL, "error", 0 }, at_place = { &here, "at", 0 };
    const cJSON *item = sks_tree_member (root, "error");
    uint64_t at = 0;
    int rc = sks_members_read (tree, item, &here, &type, &failure);
    if (rc)
        return rc;
    const cJSON *at_item = sks_tree_member (item, "at");
    if (at_item && (rc = sks_tree_whole (tree, at_item, &at_place, 0, SKS_MAX_REQUEST_BYTES, &at)))
        return rc;
    int code = sks_error_code_of_name (failure.code);
    if (code >= 0 || code <= -SKS_PROTOCOL_CODES)
        code = SKS_EINTERNAL;
    return sks_fail_at (tree->err, code, at_item ? (long) at : -1, "%s", failure.message);
}

int
sks_reply_read_status (const sks_tree *tree, const cJSON *root, int form)
{
    const sks_place v = { NULL, "v", 0 }, ok_place = { NULL, "ok", 0 };
    const cJSON *version_item = sks_tree_member (root, "v");
    uint64_t version = SKS_PROTOCOL_VERSION;
    bool ok = false;
    int rc = sks_tree_object (tree, root, NULL);
    if (rc == 0 && (version_item || form == SKS_REPLY_WHOLE))
        rc = sks_tree_whole (tree, version_item, &v, 0, SKS_WHOLE_MOST, &version);
    if (rc)
        return rc;
    if (version != SKS_PROTOCOL_VERSION)
        return sks_tree_refuse (tree, tree->type_code, &v, "not version %d", SKS_PROTOCOL_VERSION);
    rc = sks_tree_flag (tree, sks_tree_member (root, "ok"), &ok_place, &ok);
    return rc || ok ? rc : read_failure (tree, root);
}

int
sks_reply_parse (const sks_tree *tree, cJSON **root, const char *bytes, size_t size, int form)
{
    *root = NULL;
    int rc = parse (tree, root, bytes, size);
    return rc ? rc : sks_reply_read_status (tree, *root, form);
}

void *
sks_reply_decode (const char *bytes, size_t size, int form, const sks_member_type *type, size_t json_at,
                  size_t memory_at, sks_answer_reader *rest, int *rc, sks_error *err)
{
    sks_tree tree = { sks_arena_create (), SKS_EPROTOCOL, SKS_EPROTOCOL, err };
    cJSON *root = NULL;
    char *answer = tree.memory ? sks_arena_array (tree.memory, 1, type->size) : NULL;
    *rc = answer ? sks_reply_parse (&tree, &root, bytes, size, form) : sks_fail_memory (err);
    if (*rc == 0)
        *rc = sks_members_read (&tree, root, NULL, type, answer);
    if (*rc == 0 && rest)
        *rc = rest (&tree, root, answer);
    cJSON_Delete (root);
    char *json = *rc ? NULL : sks_arena_copy (tree.memory, bytes, size);
    if (*rc == 0 && !json)
        *rc = sks_fail_memory (err);
    if (*rc) {
        sks_arena_destroy (&tree.memory);
        return NULL;
    }
    memcpy (answer + json_at, &json, sizeof json);
    memcpy (answer + memory_at, &tree.memory, sizeof tree.memory);
    return answer;
}

int
sks_reply_decode_status (const char *bytes, size_t size, sks_error *err)
{
    sks_tree tree = { sks_arena_create (), SKS_EPROTOCOL, SKS_EPROTOCOL, err };
    cJSON *root;
    if (!tree.memory)
        return sks_fail_memory (err);
    int rc = sks_reply_parse (&tree, &root, bytes, size, SKS_REPLY_WHOLE);
    cJSON_Delete (root);
    sks_arena_destroy (&tree.memory);
    return rc;
}
