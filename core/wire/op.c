/* op.c - the tables of operations, for both directions. */
#include "op.h"

#include <string.h>

static const char *const op_names[SKS_OPS] = {
    "search", "get",     "hello",        "stats",   "health", "similar",    "compare", "crosswalk",
    "map",    "suggest", "facet_values", "analyze", "scan",   "occupation", "multi",
};

static const sks_page_bounds pages[SKS_OPS] = {
    [SKS_OP_SEARCH] = { 0, SKS_MAX_LIMIT, SKS_DEFAULT_LIMIT },
    [SKS_OP_MAP] = { 1, SKS_MAX_LIMIT, SKS_DEFAULT_MAP_LIMIT },
    [SKS_OP_SUGGEST] = { 1, SKS_MAX_SUGGESTIONS, SKS_DEFAULT_SUGGESTIONS },
    [SKS_OP_SCAN] = { 1, SKS_MAX_SCAN, SKS_DEFAULT_SCAN },
};

const char *
sks_op_name (int op)
{
    return op >= 0 && op < SKS_OPS ? op_names[op] : NULL;
}

int
sks_op_of (const char *name)
{
    for (int op = 0; op < SKS_OPS; op++)
        if (strcmp (op_names[op], name) == 0)
            return op;
    return -1;
}

const sks_page_bounds *
sks_op_page (int op)
{
    return pages[op].max ? &pages[op] : &pages[SKS_OP_SEARCH];
}
