/* output.c - a reply has its version and "ok"; a statement an id, or a level, an occupation and a text. */
#include "output.h"

#include "core/base/json.h"
#include "core/base/schema.h"
#include "export_text.h"

#include <string.h>

/* The string in a member, "" if there is none. */
static const char *
text_of (const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive (object, name);
    return cJSON_IsString (item) ? item->valuestring : "";
}

/* "43-9061.00/emerging/0123456789ab" */
static bool
is_statement_id (const char *id)
{
    char soc[SKS_SOC_BYTES + 1] = "";
    if (strlen (id) <= SKS_SOC_BYTES || id[SKS_SOC_BYTES] != '/')
        return false;
    memcpy (soc, id, SKS_SOC_BYTES);
    const char *level = id + SKS_SOC_BYTES + 1;
    return sks_schema_soc_valid (soc) && sks_schema_level_of (level, strcspn (level, "/")) >= 0;
}

static bool
is_statement (const cJSON *object)
{
    const char *level = text_of (object, "level");
    return is_statement_id (text_of (object, "id")) ||
           (sks_schema_level_of (level, strlen (level)) >= 0 && *text_of (object, "text") &&
            (*text_of (object, "soc") || *text_of (object, "occupation")));
}

/* A reply of the protocol, as skillsearch --json prints it. */
static bool
is_reply (const cJSON *object)
{
    return cJSON_IsNumber (cJSON_GetObjectItemCaseSensitive (object, "v")) &&
           cJSON_IsBool (cJSON_GetObjectItemCaseSensitive (object, "ok"));
}

const char *
sks_output_reason (const cJSON *root)
{
    if (is_reply (root) || is_statement (cJSON_IsArray (root) ? root->child : root))
        return "this is output of skillsearch as JSON, which is not indexed: use skillsearch export --format csv or "
               "case1.1";
    if (strstr (text_of (root, "@context"), "ctdlasn"))
        return "this is CTDL-ASN, which is not indexed: use skillsearch export --format csv or case1.1";
    return NULL;
}

bool
sks_output_is (const char *bytes, size_t size)
{
    static const sks_json_limits limits = { SKS_MAX_EXPORT_BYTES, SKS_JSON_DEPTH, SIZE_MAX, SIZE_MAX, 0 };
    cJSON *root;
    if (sks_json_parse (&root, bytes, size, &limits, NULL))
        return false;
    bool is = sks_output_reason (root) != NULL;
    cJSON_Delete (root);
    return is;
}
