/* identity.h - which request a reply belongs to, and until when it is wanted.
 *
 * Both are read without decoding the message: only its outermost object is
 * walked, and they stand near its beginning. */
#ifndef SKS_IDENTITY_H
#define SKS_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The string "id" of a message, between its quotes. Borrowed: valid as long as
 * the message. */
typedef struct sks_identity {
    const char *bytes; /* NULL: the message has no such string */
    size_t size;
} sks_identity;

sks_identity sks_identity_find (const char *bytes, size_t size);

/* The id, and the member "deadline_ms" of a request in the same pass; 0 when there is none, or none that is allowed. */
sks_identity sks_identity_find_both (const char *bytes, size_t size, uint32_t *deadline_ms);

/* Whether a reply answers another request than ours. A reply without an id, as
 * a request gets that could not be read, is taken for ours; an id with an
 * escape may be written in several ways and is not compared. */
bool sks_identity_is_stale (sks_identity ours, const char *reply, size_t size);

#endif
