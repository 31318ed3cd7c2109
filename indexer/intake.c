/* intake.c - one thread per run of files. */
#include "intake.h"

#include "core/base/file.h"
#include "core/base/json.h"
#include "core/base/utf8.h"
#include "csv_occupation.h"
#include "csv_heading.h"
#include "encoding.h"
#include "nearness.h"
#include "output.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_BYTES (PATH_MAX + 32) /* a path, and a line */

struct run {
    const sks_sources *sources;
    atomic_bool *same; /* of all runs */
    uint64_t *stamps;  /* likewise */
    size_t first, end;
    sks_collection *collection;
    sks_report *report;
    sks_progress *progress;
    const char **rejected; /* has space for end - first */
    size_t rejected_count;
    sks_error *err;
};

/* Remember that not all exports of a file are good. */
static void
reject (struct run *run, const sks_source_file *file)
{
    if (!run->rejected_count || run->rejected[run->rejected_count - 1] != file->path)
        run->rejected[run->rejected_count++] = file->path;
}

/* Whether a file above the size limit of one export may hold several exports. */
static bool
may_hold_several (const char *bytes)
{
    size_t mark = memcmp (bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    char first = bytes[mark + strspn (bytes + mark, " \t\r\n\x1E")];
    return first == '{' || first == '[' || first == '\xFF' || first == '\xFE';
}

/* Find out whether a text is CSV. */
static int
recognise (const struct run *run, const sks_source_file *file, const char *bytes, size_t size, int *kind,
           sks_csv_refusal *refusal)
{
    return sks_csv_heading_recognise (bytes, size, file->expected == SKS_EXPECT_EXPORT, kind, refusal, run->err);
}

/* Read a file. If it cannot be read, that is reported and *bytes is NULL. */
static int
read_file (struct run *run, const sks_source_file *file, char **bytes, size_t *size)
{
    int code = sks_file_read (file->path, SKS_MAX_EXPORT_BYTES, bytes, size, run->err);
    if (!code && *size > SKS_MAX_EXPORT_BYTES) {
        int kind;
        sks_csv_refusal unused;
        code = recognise (run, file, *bytes, *size, &kind, &unused);
        if (!code && (kind == SKS_CSV_TABLE || may_hold_several (*bytes))) {
            free (*bytes);
            code = sks_file_read (file->path, SKS_MAX_FILE_BYTES, bytes, size, run->err);
        }
    }
    if (code != SKS_EIO)
        return code;
    sks_report_add (run->report, SKS_PROBLEM_UNREADABLE, file->path, "", -1, "%s", run->err->text);
    reject (run, file);
    return 0;
}

/* What has been reported so far. */
struct reported {
    size_t problems, warnings;
};

static struct reported
reported (const struct run *run)
{
    return (struct reported) { sks_report_count (run->report), sks_report_warnings (run->report) };
}

/* The stamp of a file that has nothing but this element, 0 if it may have more. */
static uint64_t
stamp_of (const sks_source_file *file, const sks_element *element)
{
    return element->line || *element->pointer ? 0 : file->stamp;
}

/* Remember that an export has not changed.
 *   stamp   of the file that has nothing else; else 0
 * Returns false if it was met before. */
static bool
mark_same (struct run *run, uint32_t occupation, uint64_t stamp)
{
    if (atomic_exchange_explicit (&run->same[occupation], true, memory_order_relaxed))
        return false;
    run->stamps[occupation] = stamp;
    return true;
}

/* Add an export that was read; it is destroyed.
 *   kind     enum sks_export_kind
 *   stamp    as in mark_same
 *   before   what had been reported before it was read */
static int
add_export (struct run *run, const sks_source_file *file, sks_export *export, int kind, const char *name,
            const char *pointer, uint64_t stamp, struct reported before)
{
    int code = 0;
    /* An index stores the path of an export, and all its strings are UTF-8. */
    if (kind == SKS_EXPORT_GOOD && !sks_utf8_valid (file->path, strlen (file->path), NULL)) {
        sks_report_add (run->report, SKS_PROBLEM_UNREADABLE, name, "", -1, "its path is not UTF-8; rename it");
        kind = SKS_EXPORT_REJECTED;
    }
    if (kind == SKS_EXPORT_REJECTED)
        reject (run, file);
    if (kind == SKS_EXPORT_GOOD) {
        sks_provenance provenance = { file->path, name, pointer, file->modified, stamp };
        code = sks_collection_add (run->collection, export, &provenance, run->err);
        sks_framework *framework = &run->collection->frameworks[run->collection->framework_count - 1];
        if (!code)
            code = sks_nearness_warn (framework, export, run->report, run->err);
        if (!code) {
            struct reported now = reported (run);
            framework->faulty = now.problems > before.problems;
            framework->clean = !framework->faulty && now.warnings == before.warnings;
        }
    }
    sks_export_destroy (&export);
    return code;
}

static int
take_export (struct run *run, const sks_source_file *file, const sks_element *element, const char *name, int expected)
{
    sks_export *export;
    struct reported before = reported (run);
    int kind,
        code = sks_export_read (&export, &kind, name, expected, sks_sources_request (run->sources)->level_from_type,
                                element->bytes, element->size, run->report, run->err);
    return code ? code : add_export (run, file, export, kind, name, element->pointer, stamp_of (file, element), before);
}

/* Read one export of a file or of standard input. */
static int
take_element (struct run *run, const sks_source_file *file, const sks_element *element, int expected)
{
    char name[NAME_BYTES];
    snprintf (name, sizeof name, element->line ? "%s:%lu" : "%s", file->path, element->line);
    sks_report_within (run->report, element->pointer, element->at);
    uint32_t occupation = SKS_NONE;
    int code = 0;
    if (element->fault) {
        sks_report_add (run->report, SKS_PROBLEM_NOT_JSON, name, "", 0, "%s", element->fault);
        reject (run, file);
    } else if ((occupation = sks_known_find (sks_sources_known (run->sources), file->path, element->bytes,
                                             element->size)) == SKS_NONE)
        code = take_export (run, file, element, name, expected);
    else if (!mark_same (run, occupation, stamp_of (file, element)))
        sks_report_warn (run->report, name, "", "another export of this source has equal bytes; it is indexed once");
    sks_report_within (run->report, "", 0);
    return code;
}

/* Report the first line of a sequence that is not JSON. If all lines are JSON, the sequence is of another kind and is
 * skipped. An array is not a sequence. */
static int
check_lines (struct run *run, const sks_source_file *file, const char *bytes, size_t size)
{
    static const sks_json_limits limits = { SKS_MAX_EXPORT_BYTES, SKS_JSON_DEPTH, SIZE_MAX, SIZE_MAX, 0 };
    sks_elements elements;
    sks_element element;
    sks_element whole = sks_element_whole (bytes, size);
    if (!whole.size || *whole.bytes == '[')
        return take_element (run, file, &whole, SKS_EXPECT_JSON);
    sks_elements_begin (&elements, bytes, size, true);
    while (sks_elements_next (&elements, &element))
        if (element.fault || sks_json_check (element.bytes, element.size, &limits, NULL) == SKS_EINVALID)
            return take_element (run, file, &element, SKS_EXPECT_JSON);
    sks_report_skip (run->report, file->path, "no \"schemaVersion\"");
    return 0;
}

/* What is expected of one of several elements. One that is not JSON is always reported; after a good export, every one
 * that is not an export is reported. */
static int
expected_of_part (const sks_source_file *file, bool beside_export)
{
    if (beside_export)
        return SKS_EXPECT_EXPORT;
    return file->expected == SKS_EXPECT_NOTHING ? SKS_EXPECT_JSON : file->expected;
}

static int
report_too_large (struct run *run, const sks_source_file *file)
{
    sks_report_add (run->report, SKS_PROBLEM_TOO_LARGE, file->path, "", -1, "over %d MiB", SKS_MAX_FILE_BYTES >> 20);
    sks_report_explain (run->report, "Standard input may be larger: skillsearch-index - < FILE\n");
    reject (run, file);
    return 0;
}

/* Whether a text of several JSON values begins with one that is output of skillsearch. */
static bool
is_output (const char *bytes, size_t size, sks_element *first)
{
    sks_elements elements;
    sks_elements_begin (&elements, bytes, size, false);
    return sks_elements_next (&elements, first) && !first->fault && (first->line || *first->pointer) &&
           sks_output_is (first->bytes, first->size);
}

/* A text without any export is treated as one element. */
static int
take_text (struct run *run, const sks_source_file *file, const char *bytes, size_t size)
{
    sks_elements elements;
    sks_element element, whole = { .bytes = bytes, .size = size, .pointer = "" };
    bool ours = sks_element_may_be_export (bytes, size);
    if (!ours && is_output (bytes, size, &element)) {
        element = (sks_element) { .bytes = element.bytes, .size = element.size, .pointer = "" };
        return take_element (run, file, &element, file->expected);
    }
    if (!ours && file->expected == SKS_EXPECT_JSON && file->lines)
        return check_lines (run, file, bytes, size);
    if (!ours)
        return take_element (run, file, &whole, file->expected);
    if (size > SKS_MAX_FILE_BYTES)
        return report_too_large (run, file);
    /* A single unchanged export need not be parsed. */
    element = sks_element_whole (bytes, size);
    if (sks_known_find (sks_sources_known (run->sources), file->path, element.bytes, element.size) != SKS_NONE)
        return take_element (run, file, &element, file->expected);
    size_t exports = run->collection->framework_count;
    int code = 0;
    sks_elements_begin (&elements, bytes, size, false);
    while (!code && sks_elements_next (&elements, &element)) {
        bool alone = !element.line && !*element.pointer && !element.fault;
        /* Blanks count towards the size limit, too. */
        if (alone && size > SKS_MAX_EXPORT_BYTES)
            element = whole;
        code =
            take_element (run, file, &element,
                          alone ? file->expected : expected_of_part (file, run->collection->framework_count > exports));
    }
    return code;
}

static int
take_occupations (struct run *run, const sks_source_file *file, sks_csv_export *csv)
{
    uint64_t content;
    bool more;
    int code;
    while (!(code = sks_csv_export_next (csv, &more, &content, run->err)) && more) {
        uint32_t occupation = sks_known_find_content (sks_sources_known (run->sources), file->path, content);
        if (occupation != SKS_NONE) {
            mark_same (run, occupation, 0);
            continue;
        }
        sks_export *export;
        struct reported before = reported (run);
        int kind;
        code = sks_csv_occupation_read (csv, &export, &kind, run->err);
        if (!code)
            code = add_export (run, file, export, kind, sks_csv_export_name (csv), "", 0, before);
        if (code)
            break;
    }
    return code;
}

/* Read a CSV text; *taken is false if it is something else. */
static int
take_csv (struct run *run, const sks_source_file *file, const char *bytes, size_t size, bool *taken)
{
    int kind;
    sks_csv_refusal refusal;
    sks_csv_export *csv;
    int code = recognise (run, file, bytes, size, &kind, &refusal);
    *taken = code || kind != SKS_CSV_NONE;
    if (code || kind == SKS_CSV_NONE)
        return code;
    if (kind == SKS_CSV_REFUSED) {
        char name[NAME_BYTES];
        snprintf (name, sizeof name, refusal.line ? "%s:%lu" : "%s", file->path, refusal.line);
        sks_report_add (run->report, SKS_PROBLEM_NOT_AN_EXPORT, name, "", -1, "%s", refusal.reason);
        if (*refusal.notes)
            sks_report_explain (run->report, "%s", refusal.notes);
        reject (run, file);
        return 0;
    }
    if (size > SKS_MAX_FILE_BYTES && !file->element.bytes)
        return report_too_large (run, file);
    code = sks_csv_export_open (&csv, file->path, bytes, size, run->report, run->err);
    if (code)
        return code;
    code = take_occupations (run, file, csv);
    if (sks_csv_export_has_lost (csv))
        reject (run, file);
    sks_csv_export_close (&csv);
    return code;
}

/* Read a text of exports. */
static int
take_exports (struct run *run, const sks_source_file *file, const char *bytes, size_t size)
{
    bool taken;
    int code = take_csv (run, file, bytes, size, &taken);
    return taken ? code : take_text (run, file, bytes, size);
}

/* Read a part of standard input. */
static int
take_input (struct run *run, const sks_source_file *file)
{
    bool taken;
    int code = take_csv (run, file, file->element.bytes, file->element.size, &taken);
    return taken ? code : take_element (run, file, &file->element, file->expected);
}

static int
take_file (struct run *run, const sks_source_file *file)
{
    char *bytes;
    const char *fault;
    size_t size;
    if (sks_known_is_current (sks_sources_known (run->sources), file->known, file->stamp)) {
        mark_same (run, file->known, file->stamp);
        return 0;
    }
    int code = read_file (run, file, &bytes, &size);
    if (code || !bytes)
        return code;
    code = sks_encoding_decode (&bytes, &size, &fault, run->err);
    if (!code && fault && file->expected != SKS_EXPECT_NOTHING) {
        sks_report_add (run->report, SKS_PROBLEM_NOT_AN_EXPORT, file->path, "", -1, "%s", fault);
        reject (run, file);
    } else if (!code && fault)
        sks_report_skip (run->report, file->path, fault);
    else if (!code)
        code = take_exports (run, file, bytes, size);
    free (bytes);
    return code;
}

static int
read_run (void *argument, sks_error *err)
{
    struct run *run = argument;
    int code = 0;
    run->err = err;
    for (size_t i = run->first; !code && i < run->end; i++) {
        const sks_source_file *file = sks_sources_file (run->sources, i);
        code = file->element.bytes ? take_input (run, file) : take_file (run, file);
        atomic_fetch_add_explicit (&run->progress->files, 1, memory_order_relaxed);
    }
    return code;
}

static int
prepare (struct run *run, sks_error *err)
{
    int code = sks_collection_create (&run->collection, err);
    if (!code)
        code = sks_report_create (&run->report, err);
    if (!code)
        sks_report_bound (run->report);
    return code;
}

/* Move the collections to the intake and join the reports. */
static int
gather (sks_intake *intake, struct run *runs, size_t count, sks_report *report, sks_error *err)
{
    for (size_t i = 0; i < count; i++) {
        intake->collections[intake->count++] = runs[i].collection;
        runs[i].collection = NULL;
        sks_report_join (report, runs[i].report);
        for (size_t k = 0; k < runs[i].rejected_count; k++)
            intake->rejected[intake->rejected_count++] = runs[i].rejected[k];
    }
    return sks_report_status (report, err);
}

/* Read with `count` threads; intake is empty except for `same`. */
static int
read_all (sks_intake *intake, const sks_sources *sources, size_t count, sks_report *report, sks_progress *progress,
          sks_error *err)
{
    struct run runs[SKS_MAX_THREADS] = { 0 };
    size_t files = sks_sources_count (sources);
    int code = 0;
    intake->rejected = calloc (files + 1, sizeof *intake->rejected);
    if (!intake->rejected)
        return sks_fail_memory (err);
    for (size_t i = 0; !code && i < count; i++) {
        runs[i] = (struct run) { .sources = sources,
                                 .same = intake->same,
                                 .stamps = intake->stamps,
                                 .progress = progress,
                                 .first = files * i / count,
                                 .end = files * (i + 1) / count,
                                 .rejected = intake->rejected + files * i / count };
        code = prepare (&runs[i], err);
    }
    if (!code)
        code = sks_threads_work (read_run, runs, count, sizeof *runs, err);
    if (!code)
        code = gather (intake, runs, count, report, err);
    for (size_t i = 0; i < count; i++) {
        sks_collection_destroy (&runs[i].collection);
        sks_report_destroy (&runs[i].report);
    }
    return code;
}

/* How many files must be read. */
static size_t
count_unread (const sks_sources *sources)
{
    size_t count = 0;
    for (size_t i = 0; i < sks_sources_count (sources); i++) {
        const sks_source_file *file = sks_sources_file (sources, i);
        count += !sks_known_is_current (sks_sources_known (sources), file->known, file->stamp);
    }
    return count;
}

int
sks_intake_read (sks_intake **out, const sks_sources *sources, const sks_store *last, unsigned threads,
                 sks_report *report, sks_progress *progress, sks_error *err)
{
    size_t files = sks_sources_count (sources), occupations = last ? last->occupations : 0;
    size_t count = threads < SKS_MAX_THREADS ? threads : SKS_MAX_THREADS;
    sks_intake *intake = calloc (1, sizeof *intake);
    *out = NULL;
    if (!intake)
        return sks_fail_memory (err);
    /* A thread without a file to read would only add to the work. */
    size_t unread = count_unread (sources);
    count = count > unread ? unread : count;
    intake->same = calloc (occupations + 1, sizeof *intake->same);
    intake->stamps = calloc (occupations + 1, sizeof *intake->stamps);
    sks_progress_begin (progress, SKS_PHASE_READING, files);
    int code = intake->same && intake->stamps ? read_all (intake, sources, count ? count : 1, report, progress, err)
                                              : sks_fail_memory (err);
    for (size_t i = 0; i < occupations && !code; i++)
        intake->same_count += intake->same[i];
    if (code)
        sks_intake_destroy (&intake);
    *out = intake;
    return code;
}

void
sks_intake_destroy (sks_intake **intake_p)
{
    sks_intake *intake = *intake_p;
    if (!intake)
        return;
    *intake_p = NULL;
    for (size_t i = 0; i < intake->count; i++)
        sks_collection_destroy (&intake->collections[i]);
    free (intake->rejected);
    free (intake->same);
    free (intake->stamps);
    free (intake);
}
