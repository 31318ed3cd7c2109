/* tickets.h - the requests of a channel that wait for their replies. */
#ifndef SKS_TICKETS_H
#define SKS_TICKETS_H

#include "core/wire/identity.h"
#include "deadline.h"
#include "skillsearch.h"

/* A request, and how long to wait for its reply. */
typedef struct sks_call {
    uint64_t ticket;
    const char *bytes;
    size_t size;
    sks_identity id; /* single calls: a reply with another id belongs to a request that was given up */
    long ahead;      /* bytes sent before the first one of the caller's request; negative when bytes
                      * of its beginning were left out */
    sks_deadline deadline;
    uint32_t timeout_ms; /* what the deadline came from, for error messages */
} sks_call;

typedef struct sks_ticket {
    sks_call call;
    unsigned losses; /* connections that the channel had lost when it was sent */
} sks_ticket;

/* Start from zeros. Pointers to tickets are borrowed: valid until one is added or removed. */
typedef struct sks_tickets {
    sks_ticket waiting[SKS_MAX_UNDER_WAY];
    size_t count;
} sks_tickets;

/* Add a request; there must be space for it. Its bytes are borrowed. */
void sks_tickets_add (sks_tickets *tickets, const sks_call *call, unsigned losses);

void sks_tickets_remove (sks_tickets *tickets, const sks_ticket *ticket);

/* The ticket with a number; the one whose number a reply has as its id. NULL if it is not waiting. */
const sks_ticket *sks_tickets_find (const sks_tickets *tickets, uint64_t number);
const sks_ticket *sks_tickets_find_id (const sks_tickets *tickets, sks_identity id);

/* Single calls: the ticket that waits, unless these bytes are a reply to a request that was given up. */
const sks_ticket *sks_tickets_match (const sks_tickets *tickets, const char *bytes, size_t size);

/* The ticket with the earliest deadline; one that was sent before the last of `losses` connections was lost. NULL
 * if there is none. */
const sks_ticket *sks_tickets_first (const sks_tickets *tickets);
const sks_ticket *sks_tickets_lost (const sks_tickets *tickets, unsigned losses);

#endif
