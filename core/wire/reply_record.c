/* reply_record.c - the reply to "occupation". */
#include "core/base/schema.h"
#include "reply.h"

#include <cjson/cJSON.h>

static const sks_member_rule group_rules[] = {
    SKS_RULE_AS (sks_record, "code", group, TEXT, PRESENT),
    SKS_RULE_AS (sks_record, "title", group_title, TEXT, PRESENT),
};
static const sks_member_type group_type = SKS_TYPE (group_rules, sks_record);

static const sks_member_rule sector_rules[] = {
    SKS_RULE_AS (sks_record, "code", sector, TEXT, PRESENT),
    SKS_RULE_AS (sks_record, "label", sector_label, TEXT, PRESENT),
};
static const sks_member_type sector_type = SKS_TYPE (sector_rules, sks_record);

static const sks_member_rule framework_rules[] = {
    SKS_RULE_AS (sks_record, "version", version, TEXT, PRESENT),
    SKS_RULE_AS (sks_record, "description", framework, TEXT, PRESENT),
};
static const sks_member_type framework_type = SKS_TYPE (framework_rules, sks_record);

static const sks_member_rule record_rules[] = {
    SKS_RULES_ANSWERED (sks_record),
    SKS_RULE (sks_record, soc, TEXT, PRESENT),
    SKS_RULE (sks_record, title, TEXT, PRESENT),
    SKS_RULE_WITHIN ("group", PRESENT, group_type),
    SKS_RULE_WITHIN ("sector", NULLABLE, sector_type),
    SKS_RULE (sks_record, zone, ZONE, PRESENT),
    SKS_RULE (sks_record, zone_inferred, STATED, PRESENT),
    SKS_RULE (sks_record, description, TEXT, PRESENT),
    SKS_RULE_WITHIN ("framework", PRESENT, framework_type),
    SKS_RULE (sks_record, exported_at, TEXT, PRESENT),
    SKS_RULE_ITEMS (sks_record, "sources", sources, source_count, PRESENT, sks_citation_type),
    SKS_RULE (sks_record, attribution, TEXT, PRESENT),
};
static const sks_member_type record_type = SKS_TYPE (record_rules, sks_record);

/* A level has its statements after their number. */
static const sks_member_rule statement_rules[] = {
    SKS_RULE (sks_record_statement, id, TEXT, PRESENT),
    SKS_RULE (sks_record_statement, position, PLACE, PRESENT),
    SKS_RULE (sks_record_statement, text, TEXT, PRESENT),
};
static const sks_member_type statement_type = SKS_TYPE (statement_rules, sks_record_statement);

static const sks_member_rule level_rules[] = {
    SKS_RULE (sks_record_level, label, TEXT, PRESENT),
    SKS_RULE_AS (sks_record_level, "count", total, WHOLE, PRESENT),
    SKS_RULE_ITEMS (sks_record_level, "statements", statements, count, PRESENT, statement_type),
};
static const sks_member_type level_type = SKS_TYPE (level_rules, sks_record_level);

int
sks_reply_encode_record (sks_buffer *out, const sks_request *request, const sks_record *what,
                         const sks_answered *answered, sks_error *err)
{
    sks_offset text;
    sks_reply_open_answer (out, request, answered, &text);
    sks_members_put (out, &record_type, what, &text);
    sks_json_open_list (out, "levels");
    for (int level = 0; level < SKS_LEVELS; level++) {
        const sks_record_level *of = &what->levels[level];
        sks_json_open_item (out);
        sks_json_put_text (out, "level", sks_level_name (level));
        sks_json_put_text (out, "label", of->label);
        sks_json_put_count (out, "count", of->total);
        sks_members_put_list (out, "statements", &statement_type, of->statements, of->count, &text);
        sks_buffer_putc (out, '}');
    }
    sks_buffer_putc (out, ']');
    return sks_reply_close_answer (out, answered, err);
}

/* Read the levels; none may occur twice. */
static int
read_levels (const sks_tree *tree, const cJSON *root, void *out)
{
    sks_record *record = out;
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
        if ((rc = sks_tree_object (tree, item, &here)) ||
            (rc = sks_tree_choice (tree, sks_tree_member (item, "level"), &level_place, sks_level_name, &level)))
            return rc;
        if (seen[level])
            return sks_tree_refuse (tree, tree->type_code, &level_place, "occurs twice");
        seen[level] = true;
        if ((rc = sks_members_read (tree, item, &here, &level_type, &record->levels[level])))
            return rc;
    }
    return 0;
}

SKS_DECODE (record, sks_record, record_type, read_levels)
SKS_DECODE_FORM (record_body, sks_record, record_type, read_levels, SKS_REPLY_BODY)
SKS_DESTROY (sks_record)
