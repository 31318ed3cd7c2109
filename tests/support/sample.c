/* sample.c - files, exports, and an index made with the indexer's own functions. */
#include "sample.h"

#include "core/index/centroid.h"

#include "core/base/json.h"
#include "indexer/build.h"
#include "indexer/folder.h"
#include "indexer/verify.h"
#include "daemon.h"

#include <check.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define THREADS 2

char *
sample_folder (void)
{
    char *folder = malloc (SKS_TEST_PATH_BYTES);
    ck_assert_ptr_nonnull (folder);
    sks_test_folder_make (folder);
    return folder;
}

void
sample_remove (char *folder)
{
    sks_test_folder_remove (folder);
    free (folder);
}

char *
sample_path (const char *folder, const char *name)
{
    char *path = malloc (PATH_MAX);
    ck_assert_ptr_nonnull (path);
    ck_assert_int_lt (snprintf (path, PATH_MAX, "%s/%s", folder, name), PATH_MAX);
    return path;
}

static void
make_folders_above (char *path)
{
    for (char *slash = path + 1; (slash = strchr (slash, '/')); slash++) {
        *slash = '\0';
        ck_assert_msg (mkdir (path, 0755) == 0 || errno == EEXIST, "%s: %s", path, strerror (errno));
        *slash = '/';
    }
}

void
sample_write_bytes (const char *folder, const char *name, const void *bytes, size_t size)
{
    char *path = sample_path (folder, name);
    make_folders_above (path);
    FILE *file = fopen (path, "we");
    ck_assert_msg (file != NULL, "%s: %s", path, strerror (errno));
    ck_assert_uint_eq (fwrite (bytes, 1, size, file), size);
    ck_assert_int_eq (fclose (file), 0);
    free (path);
}

void
sample_write (const char *folder, const char *name, const char *text)
{
    sample_write_bytes (folder, name, text, strlen (text));
}

char *
sample_read (const char *path, size_t *size)
{
    FILE *file = fopen (path, "re");
    ck_assert_msg (file != NULL, "%s: %s", path, strerror (errno));
    struct stat status;
    ck_assert_int_eq (fstat (fileno (file), &status), 0);
    *size = (size_t) status.st_size;
    char *bytes = malloc (*size + 1);
    ck_assert_ptr_nonnull (bytes);
    ck_assert_uint_eq (fread (bytes, 1, *size, file), *size);
    bytes[*size] = '\0';
    fclose (file);
    return bytes;
}

const char *
sample_corpus (void)
{
    const char *corpus = getenv ("SKS_CORPUS");
    ck_assert_msg (corpus && *corpus, "$SKS_CORPUS is not set");
    return corpus;
}

/* ----------------------------------------------------------------- exports */

static void
put_member (sks_buffer *out, const char *name, const char *text)
{
    if (text)
        sks_json_put_text (out, name, text);
}

static void
put_raw (sks_buffer *out, const char *name, const char *json)
{
    if (!json)
        return;
    sks_json_put_name (out, name);
    sks_buffer_puts (out, json);
}

static void
put_level (sks_buffer *out, int level, const char *label, const char *lines)
{
    sks_json_open_object (out, sks_level_name (level));
    put_member (out, "label", label);
    sks_json_open_list (out, "statements");
    while (*lines) {
        size_t size = strcspn (lines, "\n");
        if (out->bytes[out->size - 1] != '[')
            sks_buffer_putc (out, ',');
        sks_json_put_bytes (out, lines, size);
        lines += size + (lines[size] == '\n');
    }
    sks_buffer_puts (out, "]}");
}

char *
sample_export (const sample_occupation *o)
{
    sks_buffer out = SKS_BUFFER_INIT (SKS_MAX_EXPORT_BYTES);
    sks_buffer_puts (&out, "{\"schemaVersion\":\"1.0\"");
    put_member (&out, "exportedAt", o->exported_at);
    sks_buffer_puts (&out, ",\"occupation\":{");
    put_member (&out, "soc", o->soc);
    put_member (&out, "title", o->title);
    put_member (&out, "group", o->group);
    put_member (&out, "sector", o->sector);
    sks_json_put_name (&out, "jobZone");
    sks_buffer_puts (&out, o->zone ? sks_schema_zone_value (o->zone) : "null");
    put_raw (&out, "jobZoneInferred", o->inferred);
    sks_buffer_puts (&out, "},\"framework\":{");
    put_member (&out, "version", o->version);
    put_member (&out, "description", o->framework);
    put_member (&out, "contextCovered", o->description);
    sks_json_put_name (&out, "levels");
    sks_buffer_putc (&out, '{');
    for (int level = 0; level < SKS_LEVELS; level++)
        if (o->levels[level])
            put_level (&out, level, o->labels[level], o->levels[level]);
    sks_buffer_puts (&out, "}}");
    put_raw (&out, "sources", o->sources);
    put_member (&out, "attribution", o->attribution);
    sks_buffer_putc (&out, '}');
    ck_assert_ptr_nonnull (sks_buffer_text (&out));
    return out.bytes;
}

void
sample_put (const char *folder, const char *name, const sample_occupation *occupation)
{
    char *json = sample_export (occupation);
    sample_write (folder, name, json);
    free (json);
}

/* ------------------------------------------------------------------- index */

const struct sks_vectors *sample_vectors;
uint32_t sample_shards;

static void
check (int code, const sks_error *err)
{
    ck_assert_msg (code == 0, "%s", err->text);
}

bool
sample_opens (const sks_folder *folder, uint64_t number)
{
    (void) folder, (void) number;
    return true;
}

static void
publish (sks_folder *folder, sks_plan *plan, const sks_intake *intake)
{
    char path[PATH_MAX], last[PATH_MAX];
    sks_error err;
    sks_reuse *reuse;
    uint64_t number = sks_folder_highest (folder) + 1;
    sks_folder_path (folder, sks_folder_current (folder), last, sizeof last);
    check (sks_plan_fill (plan, &err), &err);
    check (sks_reuse_make (&reuse, plan, sample_shards ? NULL : plan->last, last, number, &err), &err);
    sks_folder_building (folder, number, path, sizeof path);
    check (sks_folder_begin (folder, number, &err), &err);
    const sks_sharding sharding = { sample_shards, NULL };
    const sks_build_options options = {
        .reuse = reuse, .vectors = sample_vectors, .sharding = sample_shards ? &sharding : NULL, .threads = THREADS
    };
    check (sks_build (plan, intake, &options, number, path, &err), &err);
    check (sks_verify_build (plan, reuse, path, &err), &err);
    check (sks_folder_publish (folder, number, &err), &err);
    check (sks_folder_prune (folder, SKS_DEFAULT_KEEP, 0, sample_opens, &err), &err);
    sks_reuse_destroy (&reuse);
}

void
sample_index (const char *index, const char *source_folder)
{
    sks_folder *folder;
    sks_store *last = NULL;
    sks_report *report;
    sks_sources *sources;
    sks_intake *intake;
    sks_plan *plan;
    sks_progress progress = { 0 };
    sks_error err;
    check (sks_folder_open (&folder, index, 1, &err), &err);
    if (sks_folder_current (folder))
        last = sample_store (index);
    const sks_source_request request = { .sources = &source_folder, .source_count = 1 };
    check (sks_report_create (&report, &err), &err);
    check (sks_sources_find (&sources, &request, last, report, &err), &err);
    check (sks_intake_read (&intake, sources, last, THREADS, report, &progress, &err), &err);
    check (sks_plan_make (&plan, intake, sources, last, report, &err), &err);
    if (!last || !sks_plan_is_unchanged (plan))
        publish (folder, plan, intake);
    sks_plan_destroy (&plan);
    sks_intake_destroy (&intake);
    sks_sources_destroy (&sources);
    sks_report_destroy (&report);
    sks_store_close (&last);
    sks_folder_close (&folder);
}

char *
sample_generation (const char *index)
{
    return sample_path (index, SKS_CURRENT_LINK);
}

sks_store *
sample_store (const char *index)
{
    char *folder = sample_generation (index);
    sks_store *store;
    sks_error err;
    check (sks_store_open (&store, folder, &err), &err);
    free (folder);
    return store;
}

void
sample_sections (const sks_store *s, sample_section sections[SAMPLE_SECTIONS])
{
    const sample_section list[SAMPLE_SECTIONS] = {
        { "tokens", s->tokens, s->tokens_size },
        { "offsets", s->offsets, (s->statements + 1) * sizeof *s->offsets },
        { "positions", s->positions, s->statements * sizeof *s->positions },
        { "lengths", s->lengths, s->statements * sizeof *s->lengths },
        { "cells", s->cells, (s->occupations * SKS_LEVELS + 1) * sizeof *s->cells },
        { "occupations", s->occupation, s->occupations * sizeof *s->occupation },
        { "groups", s->group, s->groups * sizeof *s->group },
        { "sectors", s->sector, s->sectors * sizeof *s->sector },
        { "entries", s->entry, s->entries * sizeof *s->entry },
        { "forms", s->form, s->forms * sizeof *s->form },
        { "stems", s->stem, (s->stems + 1) * sizeof *s->stem },
        { "stem forms", s->stem_forms, s->forms * sizeof *s->stem_forms },
        { "contexts", s->context, s->contexts * sizeof *s->context },
        { "editions", s->edition, (s->editions + 1) * sizeof *s->edition },
        { "citations", s->citation, s->citations * sizeof *s->citation },
        { "documents", s->document, s->documents * sizeof *s->document },
        { "vectors", s->vector, s->vectors ? s->statements * (size_t) SKS_CENTROID_DIMENSIONS : 0 },
        { "strings", s->strings, s->strings_size },
        { "usages", s->usage, s->shards ? (s->stems + 1) * sizeof *s->usage : 0 },
        { "holdings", s->holding, s->holdings * sizeof *s->holding },
        { "group words", s->group_words, s->shards ? s->groups * sizeof *s->group_words : 0 },
    };
    memcpy (sections, list, sizeof list);
}
