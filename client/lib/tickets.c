/* tickets.c - an array in no order: a channel has few requests under way. */
#include "tickets.h"

#define MOST_DIGITS 19 /* any number of as many digits fits into 64 bits */

void
sks_tickets_add (sks_tickets *tickets, const sks_call *call, unsigned losses)
{
    tickets->waiting[tickets->count++] = (sks_ticket) { *call, losses };
}

void
sks_tickets_remove (sks_tickets *tickets, const sks_ticket *ticket)
{
    tickets->waiting[ticket - tickets->waiting] = tickets->waiting[--tickets->count];
}

const sks_ticket *
sks_tickets_find (const sks_tickets *tickets, uint64_t number)
{
    for (size_t i = 0; i < tickets->count; i++)
        if (tickets->waiting[i].call.ticket == number)
            return &tickets->waiting[i];
    return NULL;
}

/* The number between the quotes of our ids; 0, which no ticket has, for other ids. */
static uint64_t
read_number (sks_identity id)
{
    uint64_t number = 0;
    for (size_t i = 0; i < id.size && i < MOST_DIGITS; i++) {
        if (id.bytes[i] < '0' || id.bytes[i] > '9')
            return 0;
        number = number * 10 + (uint64_t) (id.bytes[i] - '0');
    }
    return number;
}

const sks_ticket *
sks_tickets_find_id (const sks_tickets *tickets, sks_identity id)
{
    return sks_tickets_find (tickets, read_number (id));
}

const sks_ticket *
sks_tickets_match (const sks_tickets *tickets, const char *bytes, size_t size)
{
    bool ours = tickets->count && !sks_identity_is_stale (tickets->waiting->call.id, bytes, size);
    return ours ? tickets->waiting : NULL;
}

const sks_ticket *
sks_tickets_first (const sks_tickets *tickets)
{
    const sks_ticket *first = tickets->count ? tickets->waiting : NULL;
    for (size_t i = 1; i < tickets->count; i++)
        if (tickets->waiting[i].call.deadline < first->call.deadline)
            first = &tickets->waiting[i];
    return first;
}

const sks_ticket *
sks_tickets_lost (const sks_tickets *tickets, unsigned losses)
{
    for (size_t i = 0; i < tickets->count; i++)
        if (tickets->waiting[i].losses != losses)
            return &tickets->waiting[i];
    return NULL;
}
