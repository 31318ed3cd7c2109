/* member.c - cJSON's lookups with a type asked for. */
#include "member.h"

#include "core/base/error.h"
#include "core/base/json.h"

#include <cjson/cJSON.h>

#define MEMBERS 4096

int
sks_member_parse (cJSON **out, const char *reply, size_t size, sks_error *err)
{
    static const sks_json_limits limits = { SKS_MAX_REPLY_BYTES, SKS_JSON_DEPTH, MEMBERS, SIZE_MAX };
    sks_error cause;
    int rc = sks_json_parse (out, reply, size, &limits, &cause);
    if (rc == SKS_ENOMEM)
        return sks_fail_memory (err);
    return rc ? sks_fail (err, SKS_EPROTOCOL, "the reply is not JSON: %s", cause.text) : 0;
}

const cJSON *
sks_member (const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive (object, name);
    return cJSON_IsNull (item) ? NULL : item;
}

const char *
sks_member_text (const cJSON *object, const char *name)
{
    const cJSON *item = sks_member (object, name);
    return cJSON_IsString (item) ? item->valuestring : "";
}

double
sks_member_number (const cJSON *object, const char *name)
{
    const cJSON *item = sks_member (object, name);
    return cJSON_IsNumber (item) ? item->valuedouble : 0;
}

uint64_t
sks_member_count (const cJSON *object, const char *name)
{
    double value = sks_member_number (object, name);
    return value > 0 && value < 9e15 ? (uint64_t) value : 0;
}

bool
sks_member_flag (const cJSON *object, const char *name)
{
    return cJSON_IsTrue (sks_member (object, name));
}

const cJSON *
sks_member_items (const cJSON *object, const char *name)
{
    const cJSON *item = sks_member (object, name);
    return cJSON_IsArray (item) ? item->child : NULL;
}

size_t
sks_member_size (const cJSON *object, const char *name)
{
    const cJSON *item = sks_member (object, name);
    return cJSON_IsArray (item) ? (size_t) cJSON_GetArraySize (item) : 0;
}

static uint32_t
offset_of (const cJSON *item)
{
    return cJSON_IsNumber (item) && item->valuedouble >= 0 && item->valuedouble < UINT32_MAX
               ? (uint32_t) item->valuedouble
               : UINT32_MAX;
}

size_t
sks_member_spans (const cJSON *object, const char *name, uint32_t from, uint32_t to, sks_span *out, size_t most)
{
    size_t count = 0;
    uint32_t least = from;
    for (const cJSON *pair = sks_member_items (object, name); pair && count < most; pair = pair->next) {
        uint32_t start = offset_of (pair->child), end = offset_of (pair->child ? pair->child->next : NULL);
        if (start < least || end <= start || end > to)
            continue;
        out[count++] = (sks_span) { start - from, end - from };
        least = end;
    }
    return count;
}
