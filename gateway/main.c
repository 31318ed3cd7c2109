/* main.c - skillsearch-http: searches of skillsearchd over HTTP.
 *
 * Exit: 0 ended normally, 1 failed, 2 usage. */
#include "core/base/streams.h"
#include "loop.h"

#include <stdlib.h>
#include <sys/resource.h>

int
main (int argc, char **argv)
{
    static gw_server server;
    sks_streams_open ("skillsearch-http", EXIT_FAILURE);
    (void) argc;
    int rc = gw_options_read (&server.options, argv);
    if (rc >= 0)
        return rc;
    /* One descriptor per connection, including lingering ones. */
    rlim_t wanted = GW_MAX_CONNECTIONS + GW_MAX_LINGERING + 64;
    struct rlimit limit;
    if (getrlimit (RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < wanted) {
        limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
        setrlimit (RLIMIT_NOFILE, &limit);
    }
    return gw_loop_run (&server);
}
