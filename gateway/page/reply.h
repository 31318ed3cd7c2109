/* reply.h - the daemon's reply as a tree, and its members. */
#ifndef GW_REPLY_H
#define GW_REPLY_H

#include "gateway/http/server.h"

#include <cjson/cJSON.h>

/* The reply as a tree, NULL when it is not JSON. Caller owns it; free with cJSON_Delete. */
cJSON *gw_reply_read (const gw_request *request);

/* Members of a reply; "", 0 and false when they are missing or of another type. */
const cJSON *gw_reply_member (const cJSON *object, const char *name);
const char *gw_reply_text (const cJSON *object, const char *name);
int gw_reply_number (const cJSON *object, const char *name);
bool gw_reply_true (const cJSON *object, const char *name);

#endif
