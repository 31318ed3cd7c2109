/* anchor.c - a URL is written first, then escaped as an attribute. */
#include "anchor.h"

#include "address.h"
#include "html.h"

static void
put_start (html *page, gw_bytes *url, const char *rel)
{
    if (!gw_bytes_text (url))
        gw_bytes_clear (url);
    else if (rel)
        html_put (page, "<a rel=\"%s\" href=\"%s\">", rel, url->data);
    else
        html_put (page, "<a href=\"%s\">", url->data);
    gw_bytes_free (url);
}

void
gw_anchor_open (html *page, const gw_address *address, const char *path, const char *rel)
{
    gw_bytes url = { NULL, 0, 0, false };
    gw_address_write (address, path, &url);
    put_start (page, &url, rel);
}

void
gw_anchor_open_to (html *page, const char *path, const char *name, const char *value)
{
    gw_bytes url = { NULL, 0, 0, false };
    gw_bytes_puts (&url, path);
    if (name) {
        gw_bytes_puts (&url, "?");
        gw_bytes_puts (&url, name);
        gw_bytes_puts (&url, "=");
    }
    gw_address_encode (value, &url);
    put_start (page, &url, NULL);
}
