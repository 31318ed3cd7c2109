/* accept.h - connections end before descriptors do.
 *
 * libzmq 4.3 aborts the process when an ipc connection finds no descriptor, and
 * spins on a tcp one for as long as none is free. So the program takes the place
 * of accept4(2): a connection that would leave fewer than a reserve free is
 * closed at once and counted, and libzmq is told that it was aborted. */
#ifndef SKS_ACCEPT_H
#define SKS_ACCEPT_H

#include "searchd.h"

/* Raise the soft limit of descriptors as far as allowed and keep a part of it
 * for what is no connection. Before the first thread.
 *   counters   borrowed as long as the process lives. */
void sks_accept_guard (sks_counters *counters);

#endif
