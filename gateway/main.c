/* main.c - skillsearch-http: searches of skillsearchd over HTTP.
 *
 * Exit: 0 ended normally, 1 failed, 2 usage. */
#include "loop.h"

#include <fcntl.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <unistd.h>

/* Open those of the descriptors 0 to 2 that are closed, so that no message is
 * written to a socket that got one of these numbers. Writing to standard output
 * fails then. */
static bool
open_streams (void)
{
    static const int modes[] = { O_WRONLY, O_RDONLY, O_WRONLY };
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl (fd, F_GETFD) < 0 && open ("/dev/null", modes[fd]) != fd)
            return false;
    return true;
}

int
main (int argc, char **argv)
{
    static gw_server server;
    if (!open_streams ())
        return 1;
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
