/* reply_page.c - a page of a scan, and its hits as JSON. */
#include "reply.h"

#include <cjson/cJSON.h>
#include <string.h>

static const sks_member_rule page_rules[] = {
    SKS_RULES_ANSWERED (sks_scan_page),
    SKS_RULE (sks_scan_page, total, WHOLE, PRESENT),
    SKS_RULE_ITEMS (sks_scan_page, "hits", hits, hit_count, PRESENT, sks_hit_type),
    SKS_RULE (sks_scan_page, cursor, TEXT, NULLABLE),
    SKS_RULE_ITEMS (sks_scan_page, "notes", notes, note_count, OPTIONAL, sks_note_type),
};
static const sks_member_type page_type = SKS_TYPE (page_rules, sks_scan_page);

static int
read_page_lines (const sks_tree *tree, const cJSON *root, void *out)
{
    sks_scan_page *page = out;
    size_t count = 0;
    page->lines = sks_arena_array (tree->memory, page->hit_count, sizeof *page->lines);
    for (const cJSON *item = sks_tree_member (root, "hits")->child; item && page->lines; item = item->next, count++) {
        char *text = cJSON_PrintUnformatted (item);
        page->lines[count] = text ? sks_arena_copy (tree->memory, text, strlen (text)) : NULL;
        cJSON_free (text);
        if (!page->lines[count])
            return sks_fail_memory (tree->err);
    }
    return page->lines ? 0 : sks_fail_memory (tree->err);
}

SKS_DECODE_FORM (page, sks_scan_page, page_type, NULL, SKS_REPLY_BODY)
SKS_DECODE_FORM (page_lines, sks_scan_page, page_type, read_page_lines, SKS_REPLY_BODY)
SKS_DESTROY (sks_scan_page)
