/* asset.h - style and script of the pages: page.css and page.js, embedded in the
 * program.
 *
 * A path contains a hash of the content, so browsers may keep it for ever. */
#ifndef GW_ASSET_H
#define GW_ASSET_H

#include "gateway/http/server.h"

/* The path of "page.css" or "page.js". Static; made at the first call. */
const char *gw_asset_path (const char *name);

enum MHD_Result gw_asset_begin (gw_request *request);

#endif
