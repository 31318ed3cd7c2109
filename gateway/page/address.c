/* address.c - a sorted list of names and values. */
#include "address.h"

#include <string.h>

static const gw_term defaults[] = { { "sort", "relevance" }, { "page", "1" } };

static bool
is_default (const char *name, const char *value)
{
    for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++)
        if (strcmp (defaults[i].name, name) == 0 && strcmp (defaults[i].value, value) == 0)
            return true;
    return !*value;
}

/* ------------------------------------------------------------------- reading */
struct reading {
    const char *const *names;
    gw_address *address;
    bool other_form, too_many;
};

static int
compare (const gw_term *a, const char *name, const char *value)
{
    int order = strcmp (a->name, name);
    return order ? order : strcmp (a->value, value);
}

static enum MHD_Result
take (void *cls, enum MHD_ValueKind kind, const char *name, const char *value)
{
    struct reading *reading = cls;
    gw_address *address = reading->address;
    const char *const *names = reading->names;
    (void) kind;
    while (*names && strcmp (*names, name) != 0)
        names++;
    if (!*names)
        return MHD_YES;
    value = value ? value : "";
    const gw_term *last = address->count ? &address->terms[address->count - 1] : NULL;
    if (is_default (name, value) || (last && compare (last, name, value) >= 0))
        reading->other_form = true;
    reading->too_many = address->count == GW_MAX_TERMS;
    gw_address_add (address, *names, value);
    return reading->too_many ? MHD_NO : MHD_YES;
}

int
gw_address_read (gw_request *request, const char *const *names, gw_address *address)
{
    struct reading reading = { names, address, false, false };
    address->count = 0;
    MHD_get_connection_values (request->connection, MHD_GET_ARGUMENT_KIND, take, &reading);
    return reading.too_many ? -1 : reading.other_form;
}

/* ------------------------------------------------------------------- looking */
const char *
gw_address_value (const gw_address *address, const char *name)
{
    for (size_t i = 0; i < address->count; i++)
        if (strcmp (address->terms[i].name, name) == 0)
            return address->terms[i].value;
    return "";
}

bool
gw_address_has (const gw_address *address, const char *name, const char *value)
{
    for (size_t i = 0; i < address->count; i++)
        if (compare (&address->terms[i], name, value) == 0)
            return true;
    return false;
}

size_t
gw_address_count (const gw_address *address, const char *name)
{
    size_t count = 0;
    for (size_t i = 0; i < address->count; i++)
        count += strcmp (address->terms[i].name, name) == 0;
    return count;
}

/* ------------------------------------------------------------------ changing */
void
gw_address_add (gw_address *address, const char *name, const char *value)
{
    size_t at = 0;
    if (address->count == GW_MAX_TERMS || is_default (name, value))
        return;
    while (at < address->count && compare (&address->terms[at], name, value) < 0)
        at++;
    if (at < address->count && compare (&address->terms[at], name, value) == 0)
        return;
    memmove (&address->terms[at + 1], &address->terms[at], (address->count - at) * sizeof *address->terms);
    address->terms[at] = (gw_term) { name, value };
    address->count++;
}

void
gw_address_remove (gw_address *address, const char *name, const char *value)
{
    size_t kept = 0;
    for (size_t i = 0; i < address->count; i++) {
        const gw_term *term = &address->terms[i];
        if (strcmp (term->name, name) != 0 || (value && strcmp (term->value, value) != 0))
            address->terms[kept++] = *term;
    }
    address->count = kept;
}

/* ------------------------------------------------------------------- writing */
void
gw_address_encode (const char *text, gw_bytes *out)
{
    static const char plain[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-._~";
    for (const char *at = text; *at; at++)
        if (strchr (plain, *at))
            gw_bytes_add (out, at, 1);
        else if (*at == ' ')
            gw_bytes_puts (out, "+");
        else
            gw_bytes_printf (out, "%%%02X", (unsigned) (unsigned char) *at);
}

void
gw_address_write (const gw_address *address, const char *path, gw_bytes *out)
{
    gw_bytes_puts (out, path);
    for (size_t i = 0; i < address->count; i++) {
        gw_bytes_puts (out, i ? "&" : "?");
        gw_bytes_puts (out, address->terms[i].name);
        gw_bytes_puts (out, "=");
        gw_address_encode (address->terms[i].value, out);
    }
}

void
gw_address_filter (const gw_address *address, const char *level, const char *but, gw_bytes *out)
{
    static const char *const facets[] = { GW_FACETS };
    size_t written = 0;
    for (size_t i = 0; i < sizeof facets / sizeof *facets; i++) {
        bool one = i == 0 && level;
        size_t count = one ? 1 : gw_address_count (address, facets[i]), items = 0;
        if (count == 0 || (but && strcmp (but, facets[i]) == 0))
            continue;
        gw_bytes_printf (out, "%s\"%s\":[", written++ ? "," : ",\"filter\":{", facets[i]);
        if (one)
            gw_bytes_json (out, level);
        for (size_t j = 0; !one && j < address->count; j++)
            if (strcmp (address->terms[j].name, facets[i]) == 0) {
                gw_bytes_puts (out, items++ ? "," : "");
                gw_bytes_json (out, address->terms[j].value);
            }
        gw_bytes_puts (out, "]");
    }
    gw_bytes_puts (out, written ? "}" : "");
}

void
gw_address_search (const gw_address *address, const char *level, gw_bytes *out)
{
    gw_bytes_puts (out, "{\"op\":\"search\",\"q\":");
    gw_bytes_json (out, gw_address_value (address, "q"));
    gw_address_filter (address, level, NULL, out);
}
