/* page.h - how many statements to request per page of a scan. */
#ifndef SKS_PAGE_H
#define SKS_PAGE_H

#include <skillsearch.h>

#define SKS_PAGE_BYTES 524288 /* of a page: it is in memory several times */

/* The limit of the next page after one with `hits` statements in `bytes` bytes of JSON: statements may be short or
 * long. */
static inline uint32_t
sks_page_limit (size_t hits, size_t bytes)
{
    size_t limit = hits * SKS_PAGE_BYTES / (bytes + 1);
    return limit > SKS_MAX_SCAN ? SKS_MAX_SCAN : limit < 1 ? 1 : (uint32_t) limit;
}

#endif
