/* record_reader.c - bytes -> record: the reply to "occupation". */
#include "reader.h"

#include <cjson/cJSON.h>

/* A text that has one name in JSON and another in C. */
#define TEXT_AS(name, member)                                                                                          \
    {                                                                                                                  \
        name, SKS_MEMBER_TEXT, SKS_MEMBER_PRESENT, offsetof (sks_record, member), 0, NULL                              \
    }

static int
read_part (const sks_tree *tree, const cJSON *root, const char *name, const sks_member_rule *rules, size_t count,
           sks_record *record)
{
    const sks_place place = { NULL, name, 0 };
    return sks_tree_members (tree, sks_tree_member (root, name), &place, rules, count, record);
}

/* Read the levels; none may occur twice. */
static int
read_levels (const sks_tree *tree, const cJSON *root, sks_record *record)
{
    const sks_place place = { NULL, "levels", 0 };
    const cJSON *list = sks_tree_member (root, "levels");
    bool seen[SKS_LEVELS] = { false };
    size_t count;
    int rc = sks_tree_list (tree, list, &place, SKS_LEVELS, &count);
    if (rc == 0 && count < SKS_LEVELS)
        rc = sks_tree_refuse (tree, tree->type_code, &place, "not %d levels", SKS_LEVELS);
    if (rc)
        return rc;
    sks_place here = { &place, NULL, 0 };
    for (const cJSON *item = list->child; item; item = item->next, here.index++) {
        const sks_place level_place = { &here, "level", 0 };
        int level;
        if ((rc = sks_tree_object (tree, item, &here)) || (rc = sks_reply_read_level (tree, item, &here, &level)))
            return rc;
        if (seen[level])
            return sks_tree_refuse (tree, tree->type_code, &level_place, "occurs twice");
        seen[level] = true;
        rc = sks_tree_members (tree, item, &here, sks_record_level_rules, SKS_RECORD_LEVEL_RULES,
                               &record->levels[level]);
        if (rc)
            return rc;
    }
    return 0;
}

static int
read_record (const sks_tree *tree, const cJSON *root, void *out)
{
    static const sks_member_rule rules[] = {
        SKS_RULES_ANSWERED (sks_record),
        SKS_RULE (sks_record, soc, TEXT, PRESENT),
        SKS_RULE (sks_record, title, TEXT, PRESENT),
        SKS_RULE (sks_record, description, TEXT, PRESENT),
        SKS_RULE (sks_record, exported_at, TEXT, PRESENT),
        SKS_RULE (sks_record, attribution, TEXT, PRESENT),
        SKS_RULE (sks_record, zone, ZONE, PRESENT),
        SKS_RULE (sks_record, zone_inferred, FLAG, NULLABLE),
        SKS_RULE_ITEMS (sks_record, sources, source_count, PRESENT, sks_citation_items),
    };
    static const sks_member_rule group[] = { TEXT_AS ("code", group), TEXT_AS ("title", group_title) };
    static const sks_member_rule sector[] = { TEXT_AS ("code", sector), TEXT_AS ("label", sector_label) };
    static const sks_member_rule framework[] = { TEXT_AS ("version", version), TEXT_AS ("description", framework) };
    sks_record *record = out;
    record->zone_inferred = -1;
    int rc = sks_tree_members (tree, root, NULL, rules, SKS_COUNT (rules), record);
    if (rc || (rc = read_part (tree, root, "group", group, SKS_COUNT (group), record)) ||
        (rc = read_part (tree, root, "framework", framework, SKS_COUNT (framework), record)))
        return rc;
    if (!cJSON_IsNull (sks_tree_member (root, "sector")))
        rc = read_part (tree, root, "sector", sector, SKS_COUNT (sector), record);
    return rc ? rc : read_levels (tree, root, record);
}

SKS_DECODE (record, sks_record, read_record)

SKS_DESTROY (sks_record)
