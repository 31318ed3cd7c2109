/* breaker.h - leaves out endpoints that did not answer, for a while (a circuit breaker).
 *
 * All clients of a process share what one of them found. A pause has 1 s, and doubles up to 8 s each time that the
 * endpoint was tried again without success. The table has a fixed size: an entry may replace that of another endpoint,
 * which is then found out again. Used only by clients with several endpoints. Any thread; no locks, so a child of fork
 * may use it too. */
#ifndef SKS_BREAKER_H
#define SKS_BREAKER_H

#include "core/base/endpoint.h"
#include "deadline.h"

/* Whether to use an endpoint: there is no pause, or it is over and nobody else has tried the endpoint since. */
bool sks_breaker_admits (const sks_endpoint *endpoint);

/* Whether it has a pause. Tries nothing. */
bool sks_breaker_is_open (const sks_endpoint *endpoint);

/* It did not answer: begin a pause, unless it has one. */
void sks_breaker_trip (const sks_endpoint *endpoint);

/* The same, unless it has answered another request of the process since a time: then it is slow, not silent. */
void sks_breaker_trip_silent (const sks_endpoint *endpoint, sks_deadline since);

/* It answered: end its pause. */
void sks_breaker_reset (const sks_endpoint *endpoint);

#endif
