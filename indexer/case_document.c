/* case_document.c - the lines of the notes, and members of a CFDocument for those that are missing. */
#include "case_document.h"

#include "core/base/schema.h"
#include "export_text.h"
#include "export_value.h"

#include <string.h>

static const char notes_pointer[] = "/CFDocument/notes";

/* The next line of the notes that has this name, from *at on, which is moved past it. NULL if there is none. The value
 * is a copy. */
static const char *
next_note (sks_export_reader *r, const char **at, const char *name)
{
    size_t length = strlen (name);
    while (**at) {
        const char *line = *at, *end = line + strcspn (line, "\r\n");
        *at = end + strspn (end, "\r\n");
        if (strncmp (line, name, length) != 0 || line[length] != ':')
            continue;
        const char *value = line + length + 1;
        const char *copy = sks_arena_copy (r->memory, value, (size_t) (end - value));
        r->no_memory |= !copy;
        return copy;
    }
    return NULL;
}

/* The value of a line of the notes, "" without one. */
static const char *
note (sks_export_reader *r, const char *notes, const char *name, size_t max)
{
    const char *value = next_note (r, &notes, name), *other = value ? next_note (r, &notes, name) : NULL;
    if (other && strcmp (other, value) != 0)
        sks_report_add (r->report, SKS_PROBLEM_VALUE, r->file, notes_pointer, -1,
                        "another line \"%s:\" has another value; the first one is used", name);
    return value ? sks_export_text_bounded (r, value, notes_pointer, max) : "";
}

/* The next SOC code in parentheses in a title from `at` on, as in "Office Clerks, General (43-9061.00)": its "(", or
 * NULL. */
static const char *
next_code (const char *at, char soc[SKS_SOC_BYTES + 1])
{
    for (at = strchr (at, '('); at; at = strchr (at + 1, '(')) {
        if (strlen (at) < SKS_SOC_BYTES + 2)
            return NULL;
        memcpy (soc, at + 1, SKS_SOC_BYTES);
        soc[SKS_SOC_BYTES] = '\0';
        if (at[SKS_SOC_BYTES + 1] == ')' && sks_schema_soc_valid (soc))
            return at;
    }
    return NULL;
}

static bool
refuse_code (sks_export_reader *r, const char *pointer, const char *reason)
{
    sks_report_add (r->report, SKS_PROBLEM_SOC, r->file, pointer, -1, "%s", reason);
    r->bad = true;
    return false;
}

/* Find the SOC code: in the notes, or else in the title. Where they contradict each other, nothing shows which
 * occupation the statements belong to, so the package is rejected. *at, which is NULL before, is the code in the
 * title. */
static bool
find_code (sks_export_reader *r, const char *title, const char *notes, char soc[SKS_SOC_BYTES + 1], const char **at)
{
    char other[SKS_SOC_BYTES + 1];
    bool named = next_note (r, &(const char *) { notes }, "SOC"), differs = false;
    if (named &&
        (!sks_schema_soc_read (note (r, notes, "SOC", SKS_MAX_NAME_BYTES), soc) || !sks_schema_soc_valid (soc)))
        return refuse_code (r, notes_pointer, "SOC: must be a SOC code of the form \"43-9061.00\"");
    for (const char *code = next_code (title, other); code; code = next_code (code + 1, other)) {
        if (!*at && (!named || strcmp (other, soc) == 0)) {
            *at = code;
            memcpy (soc, other, sizeof other);
        }
        differs |= strcmp (other, soc) != 0;
    }
    if (differs && !(named && *at))
        return refuse_code (r, "/CFDocument/title",
                            named ? "it has another SOC code than the notes: correct one of them"
                                  : "it has several SOC codes: \"notes\" must have a line \"SOC: 43-9061.00\"");
    return named || *at ||
           refuse_code (r, "/CFDocument/title",
                        "must have a SOC code, as in \"Office Clerks (43-9061.00)\", or \"notes\" must have a line "
                        "\"SOC: 43-9061.00\"");
}

/* The title without the code at `at` and the blanks before it. */
static const char *
remove_code (sks_export_reader *r, const char *title, const char *at)
{
    size_t before = (size_t) (at - title);
    const char *after = at + SKS_SOC_BYTES + 2;
    while (before && title[before - 1] == ' ')
        before--;
    after += before ? 0 : strspn (after, " ");
    size_t rest = strlen (after);
    char *text = sks_arena_alloc (r->memory, before + rest + 1);
    r->no_memory |= !text;
    if (!text)
        return "";
    memcpy (text, title, before);
    memcpy (text + before, after, rest + 1);
    return text;
}

static void
read_name (sks_export_reader *r, const cJSON *document, const char *notes)
{
    char soc[SKS_SOC_BYTES + 1];
    const char *text = sks_export_text_name (r, document, "title", "/CFDocument/title"), *at = NULL;
    if (!find_code (r, text, notes, soc, &at))
        return;
    r->export->soc = sks_arena_copy (r->memory, soc, SKS_SOC_BYTES);
    r->no_memory |= !r->export->soc;
    r->export->title = note (r, notes, "Title", SKS_MAX_NAME_BYTES);
    if (!*r->export->title)
        r->export->title = at ? remove_code (r, text, at) : text;
    if (*r->export->title)
        return;
    sks_report_add (r->report, SKS_PROBLEM_EMPTY, r->file, "/CFDocument/title", -1, "must not be empty");
    r->bad = true;
}

/* The notes have the code and the label of a sector, which are the same if it is unknown. */
static const char *
read_sector (sks_export_reader *r, const char *notes)
{
    const char *text = note (r, notes, "Sector", 2 * SKS_MAX_NAME_BYTES + 1);
    size_t half = strlen (text) / 2;
    if (half && text[half] == ' ' && strlen (text) == 2 * half + 1 && strncmp (text, text + half + 1, half) == 0)
        text = sks_arena_copy (r->memory, text, half);
    r->no_memory |= !text;
    return text ? sks_export_value_sector (r, text, notes_pointer) : NULL;
}

static void
read_zone (sks_export_reader *r, const char *notes)
{
    const char *zone = note (r, notes, "Job zone", SKS_MAX_NAME_BYTES);
    const char *inferred = note (r, notes, "Job zone inferred", SKS_MAX_NAME_BYTES);
    int number = *zone ? sks_schema_zone_of (zone) : 0;
    if (number < 0)
        sks_report_add (r->report, SKS_PROBLEM_VALUE, r->file, notes_pointer, -1, "Job zone: must be 1 to 5");
    r->export->zone = number < 0 ? 0 : number;
    r->export->inferred = strcmp (inferred, "yes") == 0  ? SKS_INFERRED_YES
                          : strcmp (inferred, "no") == 0 ? SKS_INFERRED_NO
                                                         : SKS_INFERRED_UNKNOWN;
}

/* A line "Source: NAME: TEXT" for each source. */
static void
read_sources (sks_export_reader *r, const char *notes)
{
    sks_edition *edition = &r->export->edition;
    sks_citation *citations = sks_arena_array (r->memory, SKS_MAX_SOURCES, sizeof *citations);
    r->no_memory |= !citations;
    edition->citations = citations;
    for (const char *line; citations && (line = next_note (r, &notes, "Source"));) {
        const char *colon = strstr (line, ": ");
        if (edition->citation_count == SKS_MAX_SOURCES) {
            sks_report_add (r->report, SKS_PROBLEM_TOO_LONG, r->file, notes_pointer, -1, "more than %d sources",
                            SKS_MAX_SOURCES);
            return;
        }
        const char *name = colon ? sks_arena_copy (r->memory, line, (size_t) (colon - line)) : "";
        r->no_memory |= !name;
        name = name ? sks_export_text_bounded (r, name, notes_pointer, SKS_MAX_NAME_BYTES) : "";
        const char *text = sks_export_text_bounded (r, colon ? colon + 2 : line, notes_pointer, SKS_MAX_NOTICE_BYTES);
        if (*text)
            citations[edition->citation_count++] = (sks_citation) { name, text };
    }
}

/* A package of another program has no notes of ours: its creator is the attribution, and its last change the time. */
static void
read_edition (sks_export_reader *r, const cJSON *document, const char *notes)
{
    sks_edition *edition = &r->export->edition;
    bool ours = next_note (r, &(const char *) { notes }, "SOC");
    edition->version = sks_export_text_name (r, document, "version", "/CFDocument/version");
    edition->description = note (r, notes, "Framework", SKS_MAX_NOTICE_BYTES);
    edition->attribution =
        ours ? note (r, notes, "Attribution", SKS_MAX_NOTICE_BYTES)
             : sks_export_text_member (r, document, "creator", "/CFDocument/creator", SKS_MAX_NOTICE_BYTES);
    r->export->exported_at =
        ours ? sks_export_value_time (r, note (r, notes, "Exported at", SKS_MAX_NAME_BYTES), notes_pointer)
             : sks_export_value_time (
                   r, sks_export_text_name (r, document, "lastChangeDateTime", "/CFDocument/lastChangeDateTime"),
                   "/CFDocument/lastChangeDateTime");
    read_sources (r, notes);
    if (next_note (r, &(const char *) { notes }, "Part of"))
        sks_report_warn (r->report, r->file, "/CFDocument/title",
                         "a part of an occupation: other statements are not "
                         "in it");
}

void
sks_case_document_read (sks_export_reader *r, const cJSON *document)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive (document, "notes");
    const char *notes = cJSON_IsString (item) ? item->valuestring : "";
    if (!cJSON_IsObject (document)) {
        sks_report_add (r->report, SKS_PROBLEM_TYPE, r->file, "/CFDocument", -1, "must be an object");
        r->bad = true;
        return;
    }
    read_name (r, document, notes);
    r->export->group = sks_export_value_group (r, note (r, notes, "Group", SKS_MAX_NAME_BYTES), r->export->soc);
    r->export->sector = read_sector (r, notes);
    read_zone (r, notes);
    read_edition (r, document, notes);
    r->export->description =
        sks_export_text_member (r, document, "description", "/CFDocument/description", SKS_MAX_EXPORT_BYTES);
}
