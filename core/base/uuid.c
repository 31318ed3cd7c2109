/* uuid.c - names -> UUIDs, by the SHA-1 of libuuid. */
#include "uuid.h"

#include <string.h>
#include <uuid/uuid.h>

#define PROJECT "urn:skillsearch:statement"

static sks_uuid
hash_name (const unsigned char *space, const char *name)
{
    sks_uuid uuid;
    uuid_generate_sha1 (uuid.bytes, space, name, strlen (name));
    return uuid;
}

sks_uuid
sks_uuid_space (void)
{
    return hash_name (*uuid_get_template ("url"), PROJECT);
}

sks_uuid
sks_uuid_derive (const sks_uuid *space, const char *name)
{
    return hash_name (space->bytes, name);
}

sks_uuid_text
sks_uuid_write (const sks_uuid *uuid)
{
    sks_uuid_text out;
    uuid_unparse_lower (uuid->bytes, out.text);
    return out;
}
