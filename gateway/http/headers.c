/* headers.c - one pass over all headers, then the rules. */
#include "headers.h"

#include <stdlib.h>
#include <string.h>

#define TOKEN_BYTES "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

struct seen {
    unsigned hosts, lengths, codings;
    bool bad_name, bad_value, bad_coding;
    const char *host;
    size_t length;
};

static enum MHD_Result
see_header (void *cls, enum MHD_ValueKind kind, const char *name, const char *value)
{
    struct seen *seen = cls;
    (void) kind;
    if (name[strspn (name, TOKEN_BYTES)] || !*name)
        seen->bad_name = true;
    if (value && strchr (value, '\r'))
        seen->bad_value = true;
    if (strcasecmp (name, "Host") == 0) {
        seen->hosts++;
        seen->host = value;
    } else if (strcasecmp (name, "Content-Length") == 0) {
        seen->lengths++;
        seen->length = strtoul (value ? value : "", NULL, 10);
    } else if (strcasecmp (name, "Transfer-Encoding") == 0) {
        seen->codings++;
        seen->bad_coding |= !value || strcasecmp (value, "chunked") != 0;
    }
    return MHD_YES;
}

/* Whether a name in Host is one of this machine or of --host. Any other name may be DNS rebinding: a foreign page
 * whose name resolves to this address could read the answers. */
static bool
host_is_known (const gw_options *options, const char *host, size_t size)
{
    static const gw_names local = { { "localhost", "127.0.0.1", "[::1]" }, 3 };
    const char *bracket = *host == '[' ? strchr (host, ']') : NULL;
    size_t name_size = bracket ? (size_t) (bracket - host) + 1 : strcspn (host, ":/");
    const char *end = host + name_size;
    if (*end == ':')
        end += 1 + strspn (end + 1, "0123456789");
    return end == host + size &&
           (gw_options_have_name (&local, host, name_size) || gw_options_have_name (&options->hosts, host, name_size));
}

/* The authority of a URL in absolute form ("http://NAME:PORT/path"); NULL for a URL in another form. */
static const char *
find_authority (const char *url)
{
    static const char scheme[] = "http://";
    return strncasecmp (url, scheme, sizeof scheme - 1) == 0 ? url + sizeof scheme - 1 : NULL;
}

const char *
gw_headers_path (const char *url)
{
    const char *authority = find_authority (url);
    const char *path = authority ? authority + strcspn (authority, "/") : url;
    return *path ? path : "/";
}

const gw_problem *
gw_headers_check (gw_request *request, const char *url, const char **detail)
{
    const gw_options *options = &request->server->options;
    const char *authority = find_authority (url);
    struct seen seen = { 0 };
    MHD_get_connection_values (request->connection, MHD_HEADER_KIND, see_header, &seen);
    const struct {
        bool wrong;
        const char *code, *detail;
    } rules[] = {
        { request->raw_nul, "bad_request", "the URL has a %00" },
        { seen.bad_name, "bad_request", "a header name has an invalid byte" },
        { seen.bad_value, "bad_request", "a header value has a carriage return" },
        { seen.hosts > 1, "bad_request", "there is more than one Host" },
        { seen.lengths > 1, "bad_request", "there is more than one Content-Length" },
        { seen.codings > 1, "bad_request", "there is more than one Transfer-Encoding" },
        { seen.lengths && seen.codings, "bad_request", "there are a Content-Length and a Transfer-Encoding" },
        { seen.codings && request->is_old, "bad_request", "HTTP/1.0 has no Transfer-Encoding" },
        { seen.bad_coding, "coding", "only the transfer coding \"chunked\" is supported" },
        { seen.hosts && !(seen.host && host_is_known (options, seen.host, strlen (seen.host))), "host",
          "unknown name in Host; --host adds names" },
        { authority && !host_is_known (options, authority, strcspn (authority, "/")), "host",
          "unknown name in the URL; --host adds names" },
        { seen.length > GW_MAX_BODY_BYTES, "body_size", "a body has at most 65536 bytes" },
    };
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (rules[i].wrong) {
            *detail = rules[i].detail;
            return gw_problem_named (rules[i].code);
        }
    return NULL;
}
