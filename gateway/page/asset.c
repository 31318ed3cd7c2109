/* asset.c - the files, embedded by the linker. */
#include "asset.h"

#include "gateway/http/answer.h"

#include <stdio.h>
#include <string.h>
#include <xxhash.h>

extern const char _binary_gateway_page_page_css_start[], _binary_gateway_page_page_css_end[];
extern const char _binary_gateway_page_page_js_start[], _binary_gateway_page_page_js_end[];

static struct asset {
    const char *name, *type, *start, *end;
    char path[48];
} assets[] = {
    { "page.css", "text/css; charset=utf-8", _binary_gateway_page_page_css_start, _binary_gateway_page_page_css_end,
      "" },
    { "page.js", "text/javascript; charset=utf-8", _binary_gateway_page_page_js_start, _binary_gateway_page_page_js_end,
      "" },
};
#define ASSETS (sizeof assets / sizeof *assets)

const char *
gw_asset_path (const char *name)
{
    struct asset *asset = assets;
    while (strcmp (asset->name, name) != 0)
        asset++;
    if (!*asset->path)
        snprintf (asset->path, sizeof asset->path, "/asset/%016llx-%s",
                  (unsigned long long) XXH3_64bits (asset->start, (size_t) (asset->end - asset->start)), name);
    return asset->path;
}

enum MHD_Result
gw_asset_begin (gw_request *request)
{
    for (struct asset *asset = assets; asset < assets + ASSETS; asset++)
        if (strcmp (request->path, gw_asset_path (asset->name)) == 0)
            return gw_answer_asset (request, asset->type, asset->start, (size_t) (asset->end - asset->start));
    return gw_answer_problem (request, gw_problem_named ("not_found"), "There is no such file in this version.", -1);
}
