/* export.c - the schema of an export, member by member. */
#include "export.h"

#include "case_package.h"
#include "core/base/hash.h"
#include "core/base/json.h"
#include "core/base/schema.h"
#include "element.h"
#include "export_statements.h"
#include "export_text.h"
#include "export_value.h"
#include "locator.h"
#include "output.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const sks_json_limits limits = { SKS_MAX_EXPORT_BYTES, SKS_MAX_EXPORT_DEPTH, 1000, SKS_MAX_EXPORT_VALUES, 0 };

static const cJSON *
member (const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive (object, name);
}

/* The title; an export without one is rejected. */
static void
read_title (sks_export_reader *r, const cJSON *occupation)
{
    static const char pointer[] = "/occupation/title";
    const cJSON *item = member (occupation, "title");
    size_t problems = sks_report_count (r->report);
    r->export->title = sks_export_text_name (r, occupation, "title", pointer);
    if (*r->export->title)
        return;
    r->bad = true;
    if (!item || cJSON_IsNull (item))
        sks_report_add (r->report, SKS_PROBLEM_MISSING, r->file, pointer, -1, "this required member is missing");
    else if (sks_report_count (r->report) == problems)
        sks_report_add (r->report, SKS_PROBLEM_EMPTY, r->file, pointer, -1, "must not be empty");
}

static int
read_zone (sks_export_reader *r, const cJSON *occupation)
{
    const cJSON *item = member (occupation, "jobZone");
    if (!item || cJSON_IsNull (item))
        return 0;
    double zone = cJSON_IsNumber (item) ? item->valuedouble : 0;
    if (zone >= 1 && zone <= SKS_ZONES && floor (zone) == zone)
        return (int) zone;
    sks_report_add (r->report, SKS_PROBLEM_VALUE, r->file, "/occupation/jobZone", -1,
                    "must be a whole number from 1 to %d, or null", SKS_ZONES);
    return 0;
}

static int
read_inferred (sks_export_reader *r, const cJSON *occupation)
{
    const cJSON *item = member (occupation, "jobZoneInferred");
    if (!item || cJSON_IsNull (item))
        return SKS_INFERRED_UNKNOWN;
    if (cJSON_IsBool (item))
        return cJSON_IsTrue (item) ? SKS_INFERRED_YES : SKS_INFERRED_NO;
    sks_report_add (r->report, SKS_PROBLEM_TYPE, r->file, "/occupation/jobZoneInferred", -1, "must be true or false");
    return SKS_INFERRED_UNKNOWN;
}

static void
read_soc (sks_export_reader *r, const cJSON *occupation)
{
    const cJSON *item = member (occupation, "soc");
    const char *soc = cJSON_IsString (item) ? item->valuestring : "";
    if (sks_schema_soc_valid (soc)) {
        r->export->soc = sks_arena_copy (r->export->memory, soc, SKS_SOC_BYTES);
        r->no_memory |= !r->export->soc;
        return;
    }
    r->bad = true;
    sks_report_add (r->report, SKS_PROBLEM_SOC, r->file, "/occupation/soc", -1,
                    item ? "must be a SOC code of the form \"43-9061.00\"" : "this required member is missing");
}

static void
read_occupation (sks_export_reader *r, const cJSON *root)
{
    const cJSON *occupation = member (root, "occupation");
    sks_export *export = r->export;
    if (!cJSON_IsObject (occupation)) {
        sks_report_add (r->report, occupation ? SKS_PROBLEM_TYPE : SKS_PROBLEM_MISSING, r->file, "/occupation", -1,
                        "must be an object");
        r->bad = true;
        return;
    }
    read_soc (r, occupation);
    read_title (r, occupation);
    export->group =
        sks_export_value_group (r, sks_export_text_name (r, occupation, "group", "/occupation/group"), export->soc);
    export->sector = sks_export_value_sector (r, sks_export_text_name (r, occupation, "sector", "/occupation/sector"),
                                              "/occupation/sector");
    export->zone = read_zone (r, occupation);
    export->inferred = read_inferred (r, occupation);
}

static void
read_statement (sks_export_reader *r, const cJSON *item, int level, uint32_t position)
{
    char pointer[SKS_POINTER_BYTES];
    sks_locator_point_at (pointer, level, position);
    if (cJSON_IsString (item))
        sks_export_statements_add (r, item->valuestring, pointer, level, position, 0);
    else
        sks_report_add (r->report, SKS_PROBLEM_TYPE, r->file, pointer, -1, "must be a string");
}

/* The list of statements of one level; NULL if it is not a list, which is reported. */
static const cJSON *
statement_list (sks_export_reader *r, const cJSON *level)
{
    char pointer[SKS_POINTER_BYTES];
    const cJSON *list = cJSON_IsObject (level) ? member (level, "statements") : NULL;
    snprintf (pointer, sizeof pointer, "/framework/levels/%.60s%s", level->string,
              cJSON_IsObject (level) ? "/statements" : "");
    if (cJSON_IsArray (list) && cJSON_GetArraySize (list) <= SKS_MAX_LEVEL_STATEMENTS)
        return list;
    if (cJSON_IsArray (list))
        sks_report_add (r->report, SKS_PROBLEM_TOO_LONG, r->file, pointer, -1, "%d statements, at most %d",
                        cJSON_GetArraySize (list), SKS_MAX_LEVEL_STATEMENTS);
    else if (cJSON_IsObject (level) && !list)
        sks_report_add (r->report, SKS_PROBLEM_MISSING, r->file, pointer, -1, "this required member is missing");
    else
        sks_report_add (r->report, SKS_PROBLEM_TYPE, r->file, pointer, -1, "must be an %s",
                        cJSON_IsObject (level) ? "array of strings" : "object with \"statements\"");
    return NULL;
}

static void
read_label (sks_export_reader *r, const cJSON *level, int number)
{
    char pointer[SKS_POINTER_BYTES];
    snprintf (pointer, sizeof pointer, "/framework/levels/%s/label", sks_level_name (number));
    if (cJSON_IsObject (level))
        r->export->edition.labels[number] = sks_export_text_name (r, level, "label", pointer);
}

static void
read_levels (sks_export_reader *r, const cJSON *levels)
{
    const cJSON *first = levels ? levels->child : NULL;
    size_t max = 0;
    for (const cJSON *level = first; level; level = level->next)
        max += (size_t) cJSON_GetArraySize (member (level, "statements"));
    if (!sks_export_statements_begin (r, max))
        return;
    for (const cJSON *level = first; level; level = level->next) {
        int number = sks_schema_level_of (level->string, strlen (level->string));
        if (number < 0) {
            char pointer[SKS_POINTER_BYTES];
            sks_export_text_point (pointer, "/framework/levels", level->string);
            sks_report_add (r->report, SKS_PROBLEM_LEVEL, r->file, pointer, -1,
                            "levels are emerging, developing, proficient and advanced");
            continue;
        }
        read_label (r, level, number);
        const cJSON *list = statement_list (r, level);
        uint32_t position = 0;
        for (const cJSON *item = list ? list->child : NULL; item; item = item->next)
            read_statement (r, item, number, ++position);
    }
}

/* The sources that the export names: an object of strings. */
static void
read_sources (sks_export_reader *r, const cJSON *root)
{
    const cJSON *sources = member (root, "sources"), *item;
    sks_edition *edition = &r->export->edition;
    if (!sources || cJSON_IsNull (sources))
        return;
    if (!cJSON_IsObject (sources)) {
        sks_report_add (r->report, SKS_PROBLEM_TYPE, r->file, "/sources", -1, "must be an object of strings");
        return;
    }
    size_t count = (size_t) cJSON_GetArraySize (sources);
    if (count > SKS_MAX_SOURCES) {
        sks_report_add (r->report, SKS_PROBLEM_TOO_LONG, r->file, "/sources", -1, "%zu sources, at most %d", count,
                        SKS_MAX_SOURCES);
        return;
    }
    sks_citation *citations = sks_arena_array (r->export->memory, count + 1, sizeof *citations);
    r->no_memory |= !citations;
    edition->citations = citations;
    cJSON_ArrayForEach (item, sources)
    {
        char pointer[SKS_POINTER_BYTES];
        sks_export_text_point (pointer, "/sources", item->string);
        if (!citations)
            return;
        const char *name = sks_export_text_bounded (r, item->string, pointer, SKS_MAX_NAME_BYTES);
        const char *text = sks_export_text_member (r, sources, item->string, pointer, SKS_MAX_NOTICE_BYTES);
        if (*text)
            citations[edition->citation_count++] = (sks_citation) { name, text };
    }
}

/* The edition: what all exports of the framework have in common. */
static void
read_edition (sks_export_reader *r, const cJSON *root, const cJSON *framework)
{
    sks_edition *edition = &r->export->edition;
    edition->version = sks_export_text_name (r, framework, "version", "/framework/version");
    edition->description =
        sks_export_text_member (r, framework, "description", "/framework/description", SKS_MAX_NOTICE_BYTES);
    edition->attribution = sks_export_text_member (r, root, "attribution", "/attribution", SKS_MAX_NOTICE_BYTES);
    for (int level = 0; level < SKS_LEVELS; level++)
        edition->labels[level] = "";
    read_sources (r, root);
}

static void
read_framework (sks_export_reader *r, const cJSON *root)
{
    const cJSON *framework = member (root, "framework");
    const cJSON *levels = cJSON_IsObject (framework) ? member (framework, "levels") : NULL;
    if (!cJSON_IsObject (levels)) {
        bool there = cJSON_IsObject (framework) ? levels != NULL : framework != NULL;
        sks_report_add (r->report, there ? SKS_PROBLEM_TYPE : SKS_PROBLEM_MISSING, r->file,
                        cJSON_IsObject (framework) ? "/framework/levels" : "/framework", -1, "must be an object");
        r->bad = true;
        return;
    }
    read_edition (r, root, framework);
    r->export->description =
        sks_export_text_member (r, framework, "contextCovered", "/framework/contextCovered", SKS_MAX_EXPORT_BYTES);
    read_levels (r, levels);
    if (!r->bad && !r->export->count) {
        sks_report_add (r->report, SKS_PROBLEM_EMPTY, r->file, "/framework/levels", -1, "no usable statement");
        r->bad = true;
    }
}

static int
read_root (sks_export_reader *r, const cJSON *root)
{
    const cJSON *version = member (root, "schemaVersion");
    if (!cJSON_IsString (version) || strcmp (version->valuestring, SKS_SCHEMA_VERSION) != 0) {
        sks_report_add (r->report, SKS_PROBLEM_SCHEMA_VERSION, r->file, "/schemaVersion", -1, "must be \"%s\"",
                        SKS_SCHEMA_VERSION);
        return SKS_EXPORT_REJECTED;
    }
    r->export->exported_at =
        sks_export_value_time (r, sks_export_text_name (r, root, "exportedAt", "/exportedAt"), "/exportedAt");
    read_occupation (r, root);
    read_framework (r, root);
    if (r->bad)
        return SKS_EXPORT_REJECTED;
    sks_export_statements_end (r);
    return SKS_EXPORT_GOOD;
}

static int
read_package (sks_export_reader *r, const cJSON *root, bool level_from_type)
{
    sks_case_package_read (r, root, level_from_type);
    if (r->bad || r->no_memory)
        return SKS_EXPORT_REJECTED;
    sks_export_statements_end (r);
    return SKS_EXPORT_GOOD;
}

/* Bytes that are not an export: a problem if one was expected. */
static int
not_an_export (sks_export_reader *r, bool problem, const char *reason)
{
    if (!problem) {
        sks_report_skip (r->report, r->file, reason);
        return SKS_EXPORT_SKIPPED;
    }
    sks_report_add (r->report, SKS_PROBLEM_NOT_AN_EXPORT, r->file, "", -1, "%s", reason);
    return SKS_EXPORT_REJECTED;
}

/* The member of an object that holds an export or a CFPackage, or begins an array of them; NULL if there is none. */
static const cJSON *
find_wrapped (const cJSON *root)
{
    const cJSON *item;
    cJSON_ArrayForEach (item, root)
    {
        const cJSON *inner = cJSON_IsArray (item) ? item->child : item;
        if (item->string && cJSON_IsObject (inner) &&
            (sks_case_package_is (inner) || (member (inner, "schemaVersion") && member (inner, "framework"))))
            return item;
    }
    return NULL;
}

/* JSON of another kind. A stream may hold many objects of it. */
static int
not_ours (sks_export_reader *r, bool problem, const cJSON *root)
{
    const cJSON *wrapped = find_wrapped (root);
    if (wrapped) {
        char pointer[SKS_POINTER_BYTES];
        sks_export_text_point (pointer, "", wrapped->string);
        sks_report_add (r->report, SKS_PROBLEM_NOT_AN_EXPORT, r->file, pointer, -1,
                        "an export or CFPackage inside another object: write it alone, or several as an array");
        return SKS_EXPORT_REJECTED;
    }
    const char *output = sks_output_reason (root);
    int kind = not_an_export (r, problem,
                              output                  ? output
                              : cJSON_IsObject (root) ? "no \"schemaVersion\""
                                                      : "not a JSON object");
    if (output && problem)
        sks_report_group (r->report, output, "object");
    return kind;
}

/* A text that breaks the rules of JSON, or the limits of an export. JSON of another kind may exceed these limits. */
static int
not_json (sks_export_reader *r, int expected, bool ours, const sks_error *cause, const char *bytes, size_t mark)
{
    unsigned long line = 1;
    long begin = 0; /* of that line */
    if (!ours && (expected == SKS_EXPECT_NOTHING || cause->code == SKS_ELIMIT))
        return not_an_export (r, expected == SKS_EXPECT_EXPORT, "not JSON, and no \"schemaVersion\" in it");
    sks_report_add (r->report, SKS_PROBLEM_NOT_JSON, r->file, "", cause->at < 0 ? -1 : cause->at + (long) mark, "%s",
                    cause->text);
    if (strcmp (cause->text, SKS_JSON_NOT_UTF8) == 0) {
        sks_report_explain (r->report, SKS_SAVE_AS_UTF8);
        sks_report_group (r->report, cause->text, "object");
        return SKS_EXPORT_REJECTED;
    }
    for (long at = 0; at < cause->at; at++)
        if (bytes[mark + (size_t) at] == '\n') {
            line++;
            begin = at + 1;
        }
    if (line > 1) /* an object on one line has its number in the name of the file */
        sks_report_explain (r->report, "In the object, that is byte %ld of line %lu.\n", cause->at - begin, line);
    return SKS_EXPORT_REJECTED;
}

static size_t
skip_blanks (const char *bytes, size_t size, size_t at)
{
    while (at < size && bytes[at] && strchr (" \t\r\n", bytes[at]))
        at++;
    return at;
}

/* Whether the text from `start` on is an array without items. */
static bool
is_empty_array (const char *bytes, size_t size, size_t start)
{
    size_t end = skip_blanks (bytes, size, start + 1);
    return bytes[start] == '[' && end < size && bytes[end] == ']' && skip_blanks (bytes, size, end + 1) == size;
}

static int
read_bytes (sks_export_reader *r, int expected, bool level_from_type, const char *bytes, size_t size)
{
    size_t mark = size >= 3 && memcmp (bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    size_t start = skip_blanks (bytes, size, mark);
    if (start == size)
        return not_an_export (r, expected != SKS_EXPECT_NOTHING, "the file is empty");
    if (is_empty_array (bytes, size, start))
        return not_an_export (r, expected == SKS_EXPECT_EXPORT, "an empty array");
    bool object = bytes[start] == '{';
    if (!object && (expected != SKS_EXPECT_JSON || size > SKS_MAX_EXPORT_BYTES))
        return not_an_export (r, expected == SKS_EXPECT_EXPORT,
                              "not a JSON object, and not a CSV file with the columns soc, title, level and statement");
    if (size > SKS_MAX_EXPORT_BYTES) {
        sks_report_add (r->report, SKS_PROBLEM_TOO_LARGE, r->file, "", -1, "over %d MiB", SKS_MAX_EXPORT_BYTES >> 20);
        return SKS_EXPORT_REJECTED;
    }
    sks_error cause;
    cJSON *root;
    int code = sks_json_parse (&root, bytes + mark, size - mark, &limits, &cause);
    if (code == SKS_ENOMEM) {
        r->no_memory = true;
        return SKS_EXPORT_REJECTED;
    }
    if (code)
        return not_json (r, expected, object && sks_element_may_be_export (bytes, size), &cause, bytes, mark);
    int kind;
    if (member (root, "schemaVersion"))
        kind = read_root (r, root);
    else if (sks_case_package_is (root))
        kind = read_package (r, root, level_from_type);
    else
        kind = not_ours (r, expected == SKS_EXPECT_EXPORT, root);
    cJSON_Delete (root);
    return kind;
}

int
sks_export_read (sks_export **out, int *kind, const char *file, int expected, bool level_from_type, const char *bytes,
                 size_t size, sks_report *report, sks_error *err)
{
    *out = NULL;
    *kind = SKS_EXPORT_REJECTED;
    sks_arena *memory = sks_arena_create ();
    sks_export *export = memory ? sks_arena_alloc (memory, sizeof *export) : NULL;
    if (!export) {
        sks_arena_destroy (&memory);
        return sks_fail_memory (err);
    }
    export->memory = memory;
    export->content = sks_hash_bytes (bytes, size);
    export->locator = &sks_locator_export;
    sks_export_reader r = { .export = export, .memory = memory, .report = report, .file = file };
    *kind = read_bytes (&r, expected, level_from_type, bytes, size);
    if (*kind == SKS_EXPORT_GOOD)
        *out = export;
    else
        sks_arena_destroy (&memory);
    if (r.no_memory) {
        sks_export_destroy (out);
        return sks_fail_memory (err);
    }
    return sks_report_status (report, err);
}

void
sks_export_destroy (sks_export **export_p)
{
    if (!export_p || !*export_p)
        return;
    sks_arena *memory = (*export_p)->memory;
    *export_p = NULL;
    sks_arena_destroy (&memory);
}
