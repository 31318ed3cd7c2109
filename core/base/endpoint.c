/* endpoint.c - reads endpoints; connects and binds nothing. */
#include "endpoint.h"

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

static bool
is_port (const char *text, enum sks_endpoint_use use)
{
    if (use == SKS_ENDPOINT_LISTEN && strcmp (text, "*") == 0)
        return true;
    size_t digits = strspn (text, "0123456789");
    if (digits == 0 || digits > 5 || text[digits])
        return false;
    long port = strtol (text, NULL, 10);
    return port >= 1 && port <= 65535;
}

/* Split "host:port" or "[host]:port". */
static bool
split_address (sks_endpoint *out, const char *address, enum sks_endpoint_use use)
{
    const char *colon = strrchr (address, ':');
    if (!colon || !is_port (colon + 1, use))
        return false;
    size_t length = (size_t) (colon - address);
    bool brackets = length > 2 && *address == '[' && colon[-1] == ']';
    if (brackets) {
        address++;
        length -= 2;
    }
    if (length == 0 || length >= sizeof out->host)
        return false;
    memcpy (out->host, address, length);
    memcpy (out->port, colon + 1, strlen (colon + 1) + 1);
    if (brackets)
        return !strpbrk (out->host, "[];/* ");
    return !strpbrk (out->host, ":[];/ ") &&
           (!strchr (out->host, '*') || (use == SKS_ENDPOINT_LISTEN && strcmp (out->host, "*") == 0));
}

static int
parse_tcp (sks_endpoint *out, const char *text, enum sks_endpoint_use use, sks_error *err)
{
    const char *address = text + strlen (TCP);
    if (split_address (out, address, use))
        return 0;
    if (strstr (address, "://"))
        return sks_fail (err, SKS_EINVALID, "\"%s\" has more than one endpoint; separate them by commas", text);
    if (*address != '[' && strchr (address, ':') != strrchr (address, ':'))
        return sks_fail (err, SKS_EINVALID, "\"%s\" has an IPv6 address without brackets: tcp://[ADDRESS]:PORT", text);
    return sks_fail (err, SKS_EINVALID, "\"%s\" is not tcp://HOST:PORT (PORT 1 to 65535%s)", text,
                     use == SKS_ENDPOINT_LISTEN ? ", or * for a free one" : "");
}

static int
parse_ipc (sks_endpoint *out, const char *text, enum sks_endpoint_use use, sks_error *err)
{
    const char *path = text + strlen (IPC);
    if (!*path || strcmp (path, "@") == 0 || strcmp (path, "*") == 0)
        return sks_fail (err, SKS_EINVALID, "\"%s\" names no socket: ipc://PATH", text);
    if (use == SKS_ENDPOINT_LISTEN && *path == '@')
        return sks_fail (err, SKS_EINVALID, "\"%s\" names no file, whose mode could exclude other users: ipc://PATH",
                         text);
    if (strlen (path) > SKS_MAX_IPC_PATH_BYTES)
        return sks_fail (err, SKS_EINVALID, "\"%s\" has a path of %zu bytes; at most %d", text, strlen (path),
                         SKS_MAX_IPC_PATH_BYTES);
    out->path = path;
    return 0;
}

int
sks_endpoint_parse (sks_endpoint *out, const char *text, enum sks_endpoint_use use, sks_error *err)
{
    *out = (sks_endpoint) { .text = text };
    if (starts_with (text, TCP))
        return parse_tcp (out, text, use, err);
    if (starts_with (text, IPC))
        return parse_ipc (out, text, use, err);
    return sks_fail (err, SKS_EINVALID, "\"%s\" is neither tcp://HOST:PORT nor ipc://PATH", text);
}

const char *
sks_endpoint_path (const char *text)
{
    return starts_with (text, IPC) ? text + strlen (IPC) : NULL;
}

bool
sks_endpoint_is_local (const sks_endpoint *endpoint)
{
    struct in_addr four;
    struct in6_addr six;
    if (endpoint->path)
        return true;
    if (inet_pton (AF_INET, endpoint->host, &four) == 1)
        return ntohl (four.s_addr) >> 24 == 127;
    return inet_pton (AF_INET6, endpoint->host, &six) == 1 && IN6_IS_ADDR_LOOPBACK (&six);
}

/* ---------------------------------------------------------------------- lists */
static char *
trim (char *text)
{
    text += strspn (text, " ");
    size_t size = strlen (text);
    while (size > 0 && text[size - 1] == ' ')
        text[--size] = '\0';
    return text;
}

int
sks_endpoints_parse (sks_endpoints *out, const char *list, sks_error *err)
{
    out->count = 0;
    char *text, *rest = out->memory = strdup (list);
    if (!out->memory)
        return sks_fail_memory (err);
    int rc = 0;
    while (rc == 0 && (text = strsep (&rest, ","))) {
        if (out->count == SKS_MAX_ENDPOINTS)
            rc = sks_fail (err, SKS_EINVALID, "at most %d endpoints", SKS_MAX_ENDPOINTS);
        else
            rc = sks_endpoint_parse (&out->items[out->count++], trim (text), SKS_ENDPOINT_CONNECT, err);
    }
    if (rc)
        sks_endpoints_free (out);
    return rc;
}

void
sks_endpoints_free (sks_endpoints *endpoints)
{
    free (endpoints->memory);
    endpoints->memory = NULL;
    endpoints->count = 0;
}
