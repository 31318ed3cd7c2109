/* uuid.h - UUIDs of version 5 (RFC 9562): the same name in the same name space gives the same UUID. docs/exports.md
 * lists the names that are used. Only uuid.c includes libuuid. */
#ifndef SKS_UUID_H
#define SKS_UUID_H

#define SKS_UUID_TEXT_BYTES 37 /* 36 characters and the NUL */

typedef struct sks_uuid {
    unsigned char bytes[16];
} sks_uuid;

/* The name space of the project: "urn:skillsearch:statement" in that of URLs. */
sks_uuid sks_uuid_space (void);

/* The UUID of a name, "KIND/KEY", in a name space. */
sks_uuid sks_uuid_derive (const sks_uuid *space, const char *name);

/* A UUID as text, in small letters. */
typedef struct sks_uuid_text {
    char text[SKS_UUID_TEXT_BYTES];
} sks_uuid_text;

sks_uuid_text sks_uuid_write (const sks_uuid *uuid);

#endif
