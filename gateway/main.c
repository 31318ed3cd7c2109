/* main.c - skillsearch-http: searches of skillsearchd over HTTP.
 *
 * Exit: 0 ended as asked, 1 failed, 2 usage. */
#include "server.h"

#include <sys/resource.h>

int
main (int argc, char **argv)
{
    static gw_server server;
    int rc = gw_options_read (&server.options, argc, argv);
    if (rc >= 0)
        return rc;
    /* One descriptor a connection. */
    struct rlimit limit;
    if (getrlimit (RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < GW_MAX_CONNECTIONS + 64) {
        limit.rlim_cur = limit.rlim_max < GW_MAX_CONNECTIONS + 64 ? limit.rlim_max : GW_MAX_CONNECTIONS + 64;
        setrlimit (RLIMIT_NOFILE, &limit);
    }
    return gw_server_run (&server);
}
