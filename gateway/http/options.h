/* options.h - the command line. */
#ifndef GW_OPTIONS_H
#define GW_OPTIONS_H

#include <skillsearch.h>
#include <stdbool.h>
#include <sys/socket.h>

#define GW_MAX_NAMES 16 /* hosts, origins or proxies at most */

typedef struct gw_names {
    const char *items[GW_MAX_NAMES];
    size_t count;
} gw_names;

typedef struct gw_options {
    const char *listen; /* ADDRESS:PORT, port 0 takes a free one */
    struct sockaddr_storage address;
    socklen_t address_size;
    sks_client_options client;
    gw_names hosts;   /* besides those of this machine */
    gw_names origins; /* of --cors */
    gw_names proxies; /* whose X-Forwarded-For counts */
    unsigned deadline_ms;
    unsigned per_client; /* requests under way of one address */
    bool gzip, insecure, excel_safe;
    int ready_fd; /* -1: none */
} gw_options;

/* Read the command line, which ends with NULL. --help, --version and --list-options are answered here. Returns -1 to
 * continue, else the exit code; errors were written to standard error. */
int gw_options_read (gw_options *options, char *const *argv);

/* Whether a list has a name, in upper or lower case. */
bool gw_options_have_name (const gw_names *names, const char *name, size_t size);

#endif
