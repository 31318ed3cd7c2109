/* package_scan.c - checks options, and writes requests of one meaning in one form. */
#include "package_scan.h"

#include "client.h"
#include "core/base/utf8.h"

#include <stdlib.h>
#include <string.h>

#define MAX_URI_BYTES 2048
#define HEX "0123456789abcdefABCDEF"

/* Whether a host, with or without a port, is followed by a path or nothing. */
static bool
is_host (const char *at)
{
    const char *host = at;
    at += *host == '[' ? 1 + strspn (at + 1, ":." HEX) : strcspn (at, ":/@[]");
    if (at == host || (*host == '[' && *at++ != ']'))
        return false;
    if (*at == ':') {
        size_t digits = strspn (++at, "0123456789");
        if (digits < 1 || digits > 5 || atoi (at) > UINT16_MAX)
            return false;
        at += digits;
    }
    return !*at || *at == '/';
}

/* Check that a text is a URL that can be written as it is, and to which a path can be added. */
static int
check_url (const char *name, const char *url, sks_error *err)
{
    if (!url)
        return 0;
    size_t scheme = strncmp (url, "https://", 8) == 0 ? 8 : strncmp (url, "http://", 7) == 0 ? 7 : 0;
    size_t size = strlen (url), path = scheme + strcspn (url + scheme, "/");
    if (scheme == 0 || size == scheme || !is_host (url + scheme))
        return sks_fail (err, SKS_EINVALID, "%s: '%s' is not a URL such as https://host/", name, url);
    if (size > MAX_URI_BYTES)
        return sks_fail (err, SKS_ELIMIT, "%s: %zu bytes, at most %d", name, size, MAX_URI_BYTES);
    for (size_t i = 0; i < size; i++)
        if (url[i] <= ' ' || url[i] == 0x7F || (url[i] & 0x80) || strchr ("\"<>\\^`{|}?#", url[i]) ||
            (i >= path && strchr ("[]", url[i])) || (url[i] == '%' && strspn (url + i + 1, HEX) < 2))
            return sks_fail (err, SKS_EINVALID, "%s: '%s' has a character that is not allowed here, at byte %zu", name,
                             url, i);
    return 0;
}

int
sks_package_scan_check (const sks_package_options *options, sks_error *err)
{
    const char *creator = options->creator;
    if (options->version != 1)
        return sks_fail (err, SKS_EINVALID, "sks_package_options.version is not 1; start from its INIT");
    if (options->flags & ~(SKS_PACKAGE_SEPARATE | SKS_PACKAGE_EXCEL_SAFE))
        return sks_fail (err, SKS_EINVALID, "flags has a bit that is not a SKS_PACKAGE_...");
    if (options->query && options->request)
        return sks_fail (err, SKS_EINVALID, "query and request are both given");
    if (creator &&
        (!*creator || strlen (creator) > SKS_MAX_NOTICE_BYTES || !sks_utf8_valid (creator, strlen (creator), NULL)))
        return sks_fail (err, SKS_EINVALID, "creator is not 1 to %d bytes of UTF-8", SKS_MAX_NOTICE_BYTES);
    int rc = check_url ("base_uri", options->base_uri, err);
    return rc ? rc : check_url ("publisher", options->publisher, err);
}

/* The request as text: the caller's, or that of the query. */
static int
write_scan (sks_buffer *out, const sks_package_options *options, sks_error *err)
{
    const sks_request request = { .op = SKS_OP_SCAN, .query = sks_client_copy_query (options->query, SKS_OP_SCAN) };
    if (!options->request)
        return sks_request_encode (&request, out, err);
    const char *own = options->request + strspn (options->request, " \t\r\n");
    if (*own != '{')
        return sks_fail (err, SKS_EBADREQUEST, "a request is a JSON object");
    sks_buffer_printf (out, "{\"v\":%d,%s", SKS_PROTOCOL_VERSION, own + 1);
    return sks_buffer_status (out, err);
}

int
sks_package_scan_read (sks_request **out, const sks_package_options *options, sks_error *err)
{
    sks_buffer scan = SKS_BUFFER_INIT (SKS_MAX_REQUEST_BYTES);
    *out = NULL;
    int rc = write_scan (&scan, options, err);
    if (rc == 0)
        rc = sks_request_decode (out, scan.bytes, scan.size, err);
    sks_buffer_free (&scan);
    return rc == 0 && (*out)->op != SKS_OP_SCAN ? sks_fail (err, SKS_EBADREQUEST, "the request is not a scan") : rc;
}

static int
by_bytes (const void *left, const void *right)
{
    return strcmp (*(const char *const *) left, *(const char *const *) right);
}

/* Sort the values of a filter, which is in our own memory, and keep each once. */
static int
sort_values (sks_filter *filter, sks_arena *memory, sks_error *err)
{
    const char **values = sks_arena_array (memory, filter->count + 1, sizeof *values);
    size_t kept = 0;
    if (!values)
        return sks_fail_memory (err);
    for (size_t i = 0; i < filter->count; i++)
        values[i] = filter->values[i];
    qsort (values, filter->count, sizeof *values, by_bytes);
    for (size_t i = 0; i < filter->count; i++)
        if (kept == 0 || strcmp (values[kept - 1], values[i]) != 0)
            values[kept++] = values[i];
    filter->values = values;
    filter->count = kept;
    return 0;
}

/* Names and codes of one value are different requests. */
int
sks_package_scan_canonical (sks_buffer *out, sks_request *scan, sks_error *err)
{
    sks_query *query = &scan->query;
    sks_request request = { .op = SKS_OP_SCAN, .query = sks_client_copy_query (NULL, SKS_OP_SCAN) };
    int rc = 0;
    for (int facet = 0; rc == 0 && facet < SKS_FACETS; facet++)
        rc = sort_values (&query->filter[facet], scan->memory, err);
    if (rc)
        return rc;
    request.query.text = query->text;
    request.query.match = query->match;
    request.query.plain = query->plain;
    memcpy (request.query.filter, query->filter, sizeof query->filter);
    rc = sks_request_encode (&request, out, err);
    return rc ? rc : sks_buffer_text (out) ? 0 : sks_fail_memory (err);
}
