/* package_ctdl.c - a CompetencyFramework of CTDL-ASN as JSON-LD: "@context" and "@graph". */
#include "package.h"

#include "core/base/json.h"

#include <stdio.h>

#define CONTEXT "https://credreg.net/ctdlasn/schema/context/json"
#define TAXONOMY "https://www.onetcenter.org/taxonomy.html" /* of the SOC codes */

/* Open a node of the graph. */
static void
open_node (const sks_package_content *content, const char *type, const sks_uuid *uuid)
{
    char ctid[SKS_UUID_TEXT_BYTES + 3];
    snprintf (ctid, sizeof ctid, "ce-%s", sks_uuid_write (uuid).text);
    sks_json_open_item (content->out);
    sks_package_put_uri (content, "@id", uuid);
    sks_json_put_text (content->out, "@type", type);
    sks_json_put_text (content->out, "ceterms:ctid", ctid);
}

/* "name":{"en":"text"} */
static void
put_english (const sks_package_content *content, const char *name, const char *text)
{
    sks_json_open_object (content->out, name);
    sks_json_put_text (content->out, "en", text);
    sks_buffer_putc (content->out, '}');
}

static void
put_language (const sks_package_content *content)
{
    static const char *const english[] = { "en" };
    sks_json_put_texts (content->out, "ceasn:inLanguage", english, 1);
}

/* "name":["URI"] */
static void
put_reference (const sks_package_content *content, const char *name, const sks_uuid *uuid)
{
    sks_json_open_list (content->out, name);
    sks_package_put_uri (content, NULL, uuid);
    sks_buffer_putc (content->out, ']');
}

static sks_uuid
statement_uuid (const sks_package_content *content, bool canonical, const sks_package_statement *statement)
{
    return sks_package_uuid (content, canonical, "statement", statement->id);
}

static void
put_framework (const sks_package_content *content)
{
    const sks_record *record = content->record;
    const sks_package_options *options = content->options;
    sks_buffer *out = content->out;
    open_node (content, "ceasn:CompetencyFramework", &content->document);
    put_english (content, "ceasn:name", content->title);
    put_english (content, "ceasn:description", *record->description ? record->description : record->title);
    put_language (content);
    sks_json_put_text (out, "ceasn:dateModified", content->time);
    if (options->publisher)
        sks_json_put_texts (out, "ceasn:publisher", &options->publisher, 1);
    put_english (content, "ceasn:publisherName", sks_package_creator (content));
    sks_json_open_list (out, "ceasn:hasTopChild");
    for (size_t i = 0; i < content->count; i++) {
        const sks_uuid uuid = statement_uuid (content, false, &content->statements[i]);
        if (i)
            sks_buffer_putc (out, ',');
        sks_package_put_uri (content, NULL, &uuid);
    }
    sks_buffer_putc (out, ']');
    sks_json_open_list (out, "ceterms:occupationType");
    sks_json_open_item (out);
    sks_json_put_text (out, "@type", "ceterms:CredentialAlignmentObject");
    sks_json_put_text (out, "ceterms:framework", TAXONOMY);
    sks_json_put_text (out, "ceterms:codedNotation", record->soc);
    put_english (content, "ceterms:targetNodeName", record->title);
    sks_buffer_puts (out, "}]}");
}

/* The level before or after one that the package contains; -1: none. */
static int
find_level (const sks_package_content *content, int level, int step)
{
    do
        level += step;
    while (level >= 0 && level < SKS_LEVELS && !sks_package_has_level (content, level));
    return level < SKS_LEVELS ? level : -1;
}

static void
put_neighbour (const sks_package_content *content, const char *name, int level)
{
    const sks_uuid uuid = sks_package_level_uuid (content, false, level < 0 ? 0 : level);
    if (level >= 0)
        put_reference (content, name, &uuid);
}

static void
put_levels (const sks_package_content *content)
{
    const sks_uuid model = sks_package_uuid (content, false, "model", content->record->soc);
    sks_buffer *out = content->out;
    open_node (content, "asn:ProgressionModel", &model);
    put_english (content, "ceasn:name", "Levels of proficiency");
    put_language (content);
    sks_json_open_list (out, "skos:hasTopConcept");
    for (int level = find_level (content, -1, 1), first = level; level >= 0; level = find_level (content, level, 1)) {
        const sks_uuid uuid = sks_package_level_uuid (content, false, level);
        if (level != first)
            sks_buffer_putc (out, ',');
        sks_package_put_uri (content, NULL, &uuid);
    }
    sks_buffer_puts (out, "]}");
    for (int level = find_level (content, -1, 1); level >= 0; level = find_level (content, level, 1)) {
        const sks_uuid uuid = sks_package_level_uuid (content, false, level);
        char number[12];
        snprintf (number, sizeof number, "%d", level + 1);
        open_node (content, "asn:ProgressionLevel", &uuid);
        put_english (content, "skos:prefLabel", sks_package_label (content, level));
        sks_json_put_text (out, "skos:notation", number);
        sks_package_put_uri (content, "skos:inScheme", &model);
        put_neighbour (content, "ceasn:precededBy", find_level (content, level, -1));
        put_neighbour (content, "ceasn:precedes", find_level (content, level, 1));
        sks_buffer_putc (out, '}');
    }
}

static void
put_competency (const sks_package_content *content, const sks_package_statement *statement)
{
    const sks_uuid uuid = statement_uuid (content, false, statement), whole = statement_uuid (content, true, statement),
                   level = sks_package_level_uuid (content, false, statement->level);
    char number[12];
    snprintf (number, sizeof number, "%u", (unsigned) statement->position);
    open_node (content, "ceasn:Competency", &uuid);
    put_english (content, "ceasn:competencyText", statement->text);
    if (statement->duty)
        put_english (content, "ceasn:competencyLabel", statement->duty);
    put_language (content);
    put_reference (content, "ceasn:isPartOf", &content->document);
    put_reference (content, "ceasn:isTopChildOf", &content->document);
    sks_json_put_text (content->out, "ceasn:codedNotation", statement->id);
    sks_json_put_text (content->out, "ceasn:listID", number);
    put_reference (content, "ceasn:complexityLevel", &level);
    put_reference (content, "asn:hasProgressionLevel", &level);
    if (content->part)
        put_reference (content, "ceasn:exactAlignment", &whole);
    sks_buffer_putc (content->out, '}');
}

static void
begin (const sks_package_content *content)
{
    sks_buffer_putc (content->out, '{');
    sks_json_put_text (content->out, "@context", CONTEXT);
    sks_json_open_list (content->out, "@graph");
    put_framework (content);
    put_levels (content);
}

static void
end (const sks_package_content *content)
{
    sks_buffer_puts (content->out, "]}\n");
}

const sks_package_writer sks_package_ctdl = { begin, put_competency, NULL, NULL, end };
