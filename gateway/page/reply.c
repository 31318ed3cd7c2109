/* reply.c - cJSON with defaults for what is missing. */
#include "reply.h"

cJSON *
gw_reply_read (const gw_request *request)
{
    return request->reply && request->reply->json ? cJSON_ParseWithLength (request->reply->json, request->reply->size)
                                                  : NULL;
}

const cJSON *
gw_reply_member (const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive (object, name);
}

const char *
gw_reply_text (const cJSON *object, const char *name)
{
    const char *text = cJSON_GetStringValue (gw_reply_member (object, name));
    return text ? text : "";
}

int
gw_reply_number (const cJSON *object, const char *name)
{
    const cJSON *member = gw_reply_member (object, name);
    return cJSON_IsNumber (member) ? member->valueint : 0;
}

bool
gw_reply_true (const cJSON *object, const char *name)
{
    return cJSON_IsTrue (gw_reply_member (object, name));
}
