/* listen.c - checks the text of an endpoint; binds nothing.
 *
 * libzmq would accept more: host interfaces, abstract and temporary socket
 * names, other transports. Each of them may be reachable by unintended users, or has no file whose mode could exclude
 * them, so they are refused. */
#include "listen.h"

#include "searchd.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#define TCP "tcp://"
#define IPC "ipc://"

static bool
starts_with (const char *text, const char *start)
{
    return strncmp (text, start, strlen (start)) == 0;
}

const char *
sks_listen_path (const char *endpoint)
{
    return starts_with (endpoint, IPC) ? endpoint + strlen (IPC) : NULL;
}

/* The host of tcp://HOST:PORT without brackets, and where its port stands. */
static bool
split_tcp (const char *endpoint, char *host, size_t size, const char **port)
{
    const char *start = endpoint + strlen (TCP);
    const char *colon = strrchr (start, ':');
    if (!colon || colon == start)
        return false;
    size_t length = (size_t) (colon - start);
    if (*start == '[' && length > 2 && colon[-1] == ']') {
        start++;
        length -= 2;
    }
    if (length >= size)
        return false;
    memcpy (host, start, length);
    host[length] = '\0';
    *port = colon + 1;
    return true;
}

static bool
is_loopback (const char *host)
{
    struct in_addr four;
    if (inet_pton (AF_INET, host, &four) == 1)
        return ntohl (four.s_addr) >> 24 == 127;
    struct in6_addr six;
    return inet_pton (AF_INET6, host, &six) == 1 && IN6_IS_ADDR_LOOPBACK (&six);
}

bool
sks_listen_is_local (const char *endpoint)
{
    char host[SKS_MAX_ENDPOINT_BYTES];
    const char *port;
    if (!starts_with (endpoint, TCP))
        return sks_listen_path (endpoint) != NULL;
    return split_tcp (endpoint, host, sizeof host, &port) && is_loopback (host);
}

static bool
is_port (const char *port)
{
    if (strcmp (port, "*") == 0)
        return true;
    size_t digits = strspn (port, "0123456789");
    if (digits == 0 || digits > 5 || port[digits])
        return false;
    long number = strtol (port, NULL, 10);
    return number >= 1 && number <= 65535;
}

static int
check_tcp (const char *endpoint, bool open, sks_error *err)
{
    char host[SKS_MAX_ENDPOINT_BYTES];
    const char *port;
    bool split = split_tcp (endpoint, host, sizeof host, &port);
    if (split && strchr (host, ':') && !strchr (endpoint, '['))
        return sks_fail (err, SKS_EINVALID, "\"%s\" has an IPv6 address without brackets: tcp://[ADDRESS]:PORT",
                         endpoint);
    if (!split || !is_port (port))
        return sks_fail (err, SKS_EINVALID, "\"%s\" is not tcp://ADDRESS:PORT (PORT 1 to 65535, or * for a free one)",
                         endpoint);
    if (!open && !is_loopback (host))
        return sks_fail (err, SKS_EINVALID,
                         "\"%s\" is not a loopback address such as 127.0.0.1 or [::1]; without keys anyone "
                         "who reaches the port can search: give --curve-keys DIR, or --insecure to allow it",
                         endpoint);
    return 0;
}

static int
check_ipc (const char *endpoint, sks_error *err)
{
    const char *path = endpoint + strlen (IPC);
    if (!*path || *path == '@' || strcmp (path, "*") == 0)
        return sks_fail (err, SKS_EINVALID, "\"%s\" names no file, whose mode would keep others out: ipc://PATH",
                         endpoint);
    if (strlen (path) > SKS_MAX_IPC_PATH_BYTES)
        return sks_fail (err, SKS_EINVALID, "\"%s\" has a path of %zu bytes, the system takes at most %d", endpoint,
                         strlen (path), SKS_MAX_IPC_PATH_BYTES);
    return 0;
}

int
sks_listen_check (const char *endpoint, bool open, sks_error *err)
{
    if (starts_with (endpoint, TCP))
        return check_tcp (endpoint, open, err);
    if (starts_with (endpoint, IPC))
        return check_ipc (endpoint, err);
    return sks_fail (err, SKS_EINVALID, "\"%s\" is neither tcp://ADDRESS:PORT nor ipc://PATH", endpoint);
}
