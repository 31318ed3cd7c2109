/* fuzz_body.c - any bytes as the body of a POST. In a JSON object, exactly those members are found that the server
 * sends itself. */
#include "gateway/api/body.h"

#include "core/base/json.h"

#include <cjson/cJSON.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    static const sks_json_limits limits = { .bytes = 1 << 16, .depth = 32, .members = 1000, .values = 10000 };
    cJSON *object;
    sks_error err;
    const char *name = NULL;
    long at = gw_body_find_reserved ((const char *) data, size, &name);
    if (at >= 0 && ((size_t) at >= size || data[at] != '"' || !name))
        abort ();
    if (sks_json_parse (&object, (const char *) data, size, &limits, &err) != 0)
        return 0;
    bool there = cJSON_IsObject (object) &&
                 (cJSON_GetObjectItemCaseSensitive (object, "v") || cJSON_GetObjectItemCaseSensitive (object, "id") ||
                  cJSON_GetObjectItemCaseSensitive (object, "op"));
    if (cJSON_IsObject (object) && there != (at >= 0))
        abort ();
    if (there && !cJSON_GetObjectItemCaseSensitive (object, name))
        abort ();
    cJSON_Delete (object);
    return 0;
}
