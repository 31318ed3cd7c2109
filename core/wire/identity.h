/* identity.h - reads the id and the deadline of a message.
 *
 * Neither needs the message to be decoded: only its outermost object is scanned, and both are near its beginning. */
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

/* The id, and in the same pass the member "deadline_ms" of a request; 0 if it is missing or invalid. */
sks_identity sks_identity_find_both (const char *bytes, size_t size, uint32_t *deadline_ms);

/* Whether a reply answers another request than ours. A reply without an id is taken for ours, because an unreadable
 * request gets such a reply. An id with an escape is not compared, as it may be written in several ways. */
bool sks_identity_is_stale (sks_identity ours, const char *reply, size_t size);

#endif
