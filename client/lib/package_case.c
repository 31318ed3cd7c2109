/* package_case.c - a CFPackage of 1EdTech's CASE, 1.0 or 1.1. Version 1.1 allows no members but its own. */
#include "package.h"

#include "core/base/json.h"

#include <stdio.h>

/* One end of an association. */
struct node {
    const char *title;
    sks_uuid uuid;
};

static const char *const types[] = { "Level", "Statement" }, *const type_keys[] = { "level", "statement" };

static void
put_uuid (const sks_package_content *content, const sks_uuid *uuid)
{
    sks_json_put_text (content->out, "identifier", sks_uuid_write (uuid).text);
    sks_package_put_uri (content, "uri", uuid);
}

static void
put_link (const sks_package_content *content, const char *name, const struct node *node)
{
    sks_json_open_object (content->out, name);
    sks_json_put_text (content->out, "title", node->title);
    put_uuid (content, &node->uuid);
    sks_buffer_putc (content->out, '}');
}

static void
put_time (const sks_package_content *content)
{
    sks_json_put_text (content->out, "lastChangeDateTime", content->time);
}

/* --------------------------------------------------------------- document */

/* A line of the notes; texts of an index have no line ends. */
static void
put_note (sks_buffer *notes, const char *name, const char *value)
{
    if (value && *value)
        sks_buffer_printf (notes, "%s%s: %s", notes->size ? "\n" : "", name, value);
}

static void
put_notes (const sks_package_content *content)
{
    const sks_record *record = content->record;
    const sks_uuid whole = sks_package_uuid (content, true, "document", record->soc);
    char sector[SKS_MAX_NAME_BYTES * 2], zone[12] = "";
    sks_buffer notes = SKS_BUFFER_INIT (SKS_MAX_REPLY_BYTES);
    snprintf (sector, sizeof sector, "%s %s", record->sector ? record->sector : "",
              record->sector_label ? record->sector_label : "");
    if (record->zone)
        snprintf (zone, sizeof zone, "%d", record->zone);
    put_note (&notes, "SOC", record->soc);
    put_note (&notes, "Title", record->title);
    put_note (&notes, "Group", record->group_title);
    put_note (&notes, "Sector", record->sector ? sector : NULL);
    put_note (&notes, "Job zone", zone);
    put_note (&notes, "Job zone inferred", record->zone_inferred < 0 ? NULL : record->zone_inferred ? "yes" : "no");
    put_note (&notes, "Framework", record->framework);
    put_note (&notes, "Framework version", record->version);
    put_note (&notes, "Exported at", record->exported_at);
    put_note (&notes, "Attribution", record->attribution);
    for (size_t i = 0; i < record->source_count; i++)
        sks_buffer_printf (&notes, "\nSource: %s: %s", record->sources[i].name, record->sources[i].text);
    put_note (&notes, "Part of", content->part ? sks_uuid_write (&whole).text : NULL);
    const char *text = sks_buffer_text (&notes);
    sks_json_put_text (content->out, "notes", text);
    if (!text)
        content->out->failed = notes.failed;
    sks_buffer_free (&notes);
}

static void
put_document (const sks_package_content *content)
{
    const sks_record *record = content->record;
    sks_buffer *out = content->out;
    sks_json_open_object (out, "CFDocument");
    put_uuid (content, &content->document);
    sks_json_put_text (out, "creator", sks_package_creator (content));
    sks_json_put_text (out, "title", content->title);
    put_time (content);
    if (*record->description)
        sks_json_put_text (out, "description", record->description);
    sks_json_put_text (out, "language", "en");
    if (*record->version)
        sks_json_put_text (out, "version", record->version);
    sks_json_put_text (out, "adoptionStatus", "Adopted");
    put_notes (content);
    if (content->options->format == SKS_PACKAGE_CASE_1_1) {
        sks_json_put_text (out, "caseVersion", "1.1");
        sks_json_put_text (out, "frameworkType", "ext:occupation");
    }
    sks_buffer_putc (out, '}');
}

/* ------------------------------------------------------------------ items */
static struct node
type_node (const sks_package_content *content, int type)
{
    return (struct node) { types[type], sks_package_uuid (content, true, "type", type_keys[type]) };
}

/* The node of a level, or of a statement; see sks_package_uuid for `canonical`. */
static struct node
level_node (const sks_package_content *content, bool canonical, int level)
{
    return (struct node) { sks_package_label (content, level), sks_package_level_uuid (content, canonical, level) };
}

static struct node
statement_node (const sks_package_content *content, bool canonical, const sks_package_statement *statement)
{
    return (struct node) { statement->title, sks_package_uuid (content, canonical, "statement", statement->id) };
}

/* type: index of types */
static void
open_item (const sks_package_content *content, const sks_uuid *uuid, int type)
{
    const struct node node = type_node (content, type);
    sks_json_open_item (content->out);
    put_uuid (content, uuid);
    sks_json_put_text (content->out, "CFItemType", types[type]);
    put_link (content, "CFItemTypeURI", &node);
}

static void
close_item (const sks_package_content *content, const char *scheme, unsigned place)
{
    char number[12];
    snprintf (number, sizeof number, "%u", place);
    sks_json_put_text (content->out, "humanCodingScheme", scheme);
    sks_json_put_text (content->out, "listEnumeration", number);
    sks_json_put_text (content->out, "language", "en");
    put_time (content);
    sks_buffer_putc (content->out, '}');
}

static void
put_level_items (const sks_package_content *content)
{
    char scheme[SKS_PACKAGE_NAME_BYTES];
    sks_json_open_list (content->out, "CFItems");
    for (int level = 0; level < SKS_LEVELS; level++) {
        const struct node node = level_node (content, false, level);
        if (!sks_package_has_level (content, level))
            continue;
        open_item (content, &node.uuid, 0);
        sks_json_put_text (content->out, "fullStatement", node.title);
        snprintf (scheme, sizeof scheme, "%s/%s", content->record->soc, sks_level_name (level));
        close_item (content, scheme, (unsigned) level + 1);
    }
}

static void
put_statement (const sks_package_content *content, const sks_package_statement *statement)
{
    const struct node node = statement_node (content, false, statement);
    open_item (content, &node.uuid, 1);
    sks_json_put_text (content->out, "fullStatement", statement->text);
    if (statement->duty)
        sks_json_put_text (content->out, "abbreviatedStatement", statement->duty);
    close_item (content, statement->id, statement->position);
}

/* ----------------------------------------------------------- associations */
static void
put_association (const sks_package_content *content, const char *type, const struct node *from, const struct node *to,
                 uint64_t place)
{
    char key[SKS_PACKAGE_NAME_BYTES];
    snprintf (key, sizeof key, "%s/%s/%s", type, sks_uuid_write (&from->uuid).text, sks_uuid_write (&to->uuid).text);
    const sks_uuid uuid = sks_package_uuid (content, false, "association", key);
    sks_json_open_item (content->out);
    put_uuid (content, &uuid);
    sks_json_put_text (content->out, "associationType", type);
    sks_json_put_count (content->out, "sequenceNumber", place);
    put_link (content, "originNodeURI", from);
    put_link (content, "destinationNodeURI", to);
    put_time (content);
    sks_buffer_putc (content->out, '}');
}

/* Associate an item of a part with the same item of the whole occupation. */
static void
put_match (const sks_package_content *content, const struct node *part, const struct node *whole)
{
    if (content->part)
        put_association (content, "exactMatchOf", part, whole, 1);
}

static void
put_level_associations (const sks_package_content *content)
{
    const struct node document = { content->title, content->document };
    int before = -1;
    sks_buffer_putc (content->out, ']');
    sks_json_open_list (content->out, "CFAssociations");
    for (int level = 0; level < SKS_LEVELS; level++) {
        if (!sks_package_has_level (content, level))
            continue;
        const struct node node = level_node (content, false, level), whole = level_node (content, true, level);
        put_association (content, "isChildOf", &node, &document, (uint64_t) level + 1);
        if (before >= 0) {
            const struct node lower = level_node (content, false, before);
            put_association (content, "precedes", &lower, &node, 1);
        }
        put_match (content, &node, &whole);
        before = level;
    }
}

static void
put_associations (const sks_package_content *content, const sks_package_statement *statement)
{
    const struct node node = statement_node (content, false, statement),
                      whole = statement_node (content, true, statement),
                      level = level_node (content, false, statement->level);
    put_association (content, "isChildOf", &node, &level, statement->position);
    put_association (content, "hasSkillLevel", &node, &level, statement->position);
    put_match (content, &node, &whole);
}

/* ------------------------------------------------------------ definitions */
static void
put_definitions (const sks_package_content *content)
{
    static const char *const descriptions[] = { "A level of proficiency, which has statements",
                                                "What a person in the occupation does at a level" };
    char code[2] = "1";
    sks_json_open_object (content->out, "CFDefinitions");
    sks_json_open_list (content->out, "CFItemTypes");
    for (int type = 0; type < 2; type++, code[0]++) {
        const struct node node = type_node (content, type);
        sks_json_open_item (content->out);
        put_uuid (content, &node.uuid);
        sks_json_put_text (content->out, "title", node.title);
        sks_json_put_text (content->out, "description", descriptions[type]);
        sks_json_put_text (content->out, "hierarchyCode", code);
        put_time (content);
        sks_buffer_putc (content->out, '}');
    }
    sks_buffer_puts (content->out, "]}");
}

static void
begin (const sks_package_content *content)
{
    sks_buffer_putc (content->out, '{');
    put_document (content);
    put_level_items (content);
}

static void
end (const sks_package_content *content)
{
    sks_buffer_putc (content->out, ']');
    put_definitions (content);
    sks_json_open_list (content->out, "CFRubrics");
    sks_buffer_puts (content->out, "]}\n");
}

const sks_package_writer sks_package_case = { begin, put_statement, put_level_associations, put_associations, end };
