/* answer.c - replies are read with cJSON, as the library returns those of sks_client_send as JSON. A member that is
 * missing or of another type is an empty text or 0: a later daemon may say more, and a broken one ends nothing. */
#include "answer.h"

#include "core/base/arena.h"
#include "core/base/error.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_PAGES (SKS_MAX_WINDOW / SKS_MAX_LIMIT * 2)

struct memory {
    sks_arena *arena;
    cJSON *pages[MOST_PAGES];
    size_t page_count;
    size_t row_capacity;
    bool failed; /* out of memory */
};

static const char *
text_of (const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive (object, name);
    return cJSON_IsString (item) ? item->valuestring : "";
}

static double
number_of (const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive (object, name);
    return cJSON_IsNumber (item) && item->valuedouble >= 0 ? item->valuedouble : 0;
}

static bool
is_true (const cJSON *object, const char *name)
{
    return cJSON_IsTrue (cJSON_GetObjectItemCaseSensitive (object, name));
}

static browse_row *
add_row (browse_answer *answer)
{
    struct memory *memory = answer->memory;
    if (!answer->rows || answer->row_count == memory->row_capacity) {
        size_t capacity = memory->row_capacity * 2 + SKS_MAX_LIMIT;
        browse_row *rows = realloc (answer->rows, capacity * sizeof *rows);
        if (!rows) {
            memory->failed = true;
            return NULL;
        }
        answer->rows = rows;
        memory->row_capacity = capacity;
    }
    browse_row *row = &answer->rows[answer->row_count++];
    *row = (browse_row) { .text = "", .soc = "", .occupation = "", .level = "" };
    return row;
}

/* Spans that cannot be true are left out. */
static void
read_spans (struct memory *memory, browse_row *row, const cJSON *hit)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive (hit, "spans"), *item;
    size_t size = strlen (row->text), end = 0;
    sks_span *spans = sks_arena_array (memory->arena, (size_t) cJSON_GetArraySize (list) + 1, sizeof *spans);
    if (!spans) {
        memory->failed = true;
        return;
    }
    cJSON_ArrayForEach (item, list)
    {
        const cJSON *first = cJSON_GetArrayItem (item, 0), *last = cJSON_GetArrayItem (item, 1);
        if (!cJSON_IsNumber (first) || !cJSON_IsNumber (last) || first->valuedouble < (double) end ||
            last->valuedouble <= first->valuedouble || last->valuedouble > (double) size)
            continue;
        spans[row->span_count++] = (sks_span) { (uint32_t) first->valuedouble, (uint32_t) last->valuedouble };
        end = (size_t) last->valuedouble;
    }
    row->spans = spans;
}

static void
add_hit (browse_answer *answer, const cJSON *hit, const char *label)
{
    browse_row *row = add_row (answer);
    if (!row)
        return;
    if (label)
        snprintf (row->label, sizeof row->label, "%s", label);
    if (!cJSON_IsObject (hit))
        return;
    row->text = text_of (hit, "text");
    row->soc = text_of (hit, "soc");
    row->occupation = text_of (hit, "occupation");
    row->level = text_of (hit, "level");
    row->id = text_of (hit, "id");
    row->position = (uint32_t) number_of (hit, "position");
    row->hit = hit;
    if (!label)
        snprintf (row->label, sizeof row->label, "%s", row->level);
    read_spans (answer->memory, row, hit);
}

static void
add_hits (browse_answer *answer, const cJSON *list)
{
    const cJSON *hit;
    cJSON_ArrayForEach (hit, list) add_hit (answer, hit, NULL);
}

/* Texts as one; NULL ends them. "" when out of memory. */
static const char *
join (struct memory *memory, const char *const *texts)
{
    size_t size = 1;
    for (size_t i = 0; texts[i]; i++)
        size += strlen (texts[i]);
    char *joined = sks_arena_alloc (memory->arena, size), *end = joined;
    memory->failed |= !joined;
    for (size_t i = 0; joined && texts[i]; i++)
        end = stpcpy (end, texts[i]);
    return joined ? joined : "";
}

static void
add_heading (browse_answer *answer, const char *before, const char *text)
{
    browse_row *row = add_row (answer);
    if (row)
        row->text = join (answer->memory, (const char *const[]) { before, text, NULL });
}

static void
read_values (browse_answer *answer, const cJSON *page)
{
    const cJSON *facets = cJSON_GetObjectItemCaseSensitive (page, "facets"), *facet, *item;
    size_t count = 0;
    cJSON_ArrayForEach (facet, facets) count += (size_t) cJSON_GetArraySize (facet);
    answer->values = calloc (count + 1, sizeof *answer->values);
    if (!answer->values) {
        ((struct memory *) answer->memory)->failed = true;
        return;
    }
    cJSON_ArrayForEach (facet, facets)
    {
        int number = 0;
        while (number < SKS_FACETS && strcmp (facet->string, sks_facet_name (number)) != 0)
            number++;
        if (number == SKS_FACETS)
            continue;
        cJSON_ArrayForEach (item, facet) answer->values[answer->value_count++] =
            (browse_value) { number, text_of (item, "value"), text_of (item, "label"),
                             (uint64_t) number_of (item, "count"), is_true (item, "selected") };
    }
}

/* The note to show: that a value has no statements, which explains an empty list; else the first one. */
static const char *
find_note (const cJSON *notes)
{
    const cJSON *note;
    cJSON_ArrayForEach (note, notes) if (strcmp (text_of (note, "code"), "absent") == 0) return text_of (note, "text");
    return text_of (cJSON_GetArrayItem (notes, 0), "text");
}

/* A list of texts as one, separated by commas. */
static const char *
join_list (struct memory *memory, const cJSON *list)
{
    const cJSON *item;
    const char *joined = "";
    cJSON_ArrayForEach (item, list) if (cJSON_IsString (item)) joined =
        join (memory, (const char *const[]) { joined, *joined ? ", " : "", item->valuestring, NULL });
    return joined;
}

static void
read_search (browse_answer *answer, const cJSON *page)
{
    add_hits (answer, cJSON_GetObjectItemCaseSensitive (page, "hits"));
    answer->total = (uint64_t) number_of (page, "total");
    answer->matched_all = (uint64_t) number_of (page, "matched_all");
    answer->relaxed = is_true (page, "relaxed");
    answer->note = find_note (cJSON_GetObjectItemCaseSensitive (page, "notes"));
    answer->suggestion = text_of (cJSON_GetObjectItemCaseSensitive (page, "suggestion"), "query");
    answer->unknown = join_list (answer->memory, cJSON_GetObjectItemCaseSensitive (page, "unknown"));
}

static void
read_compare (browse_answer *answer, const cJSON *page)
{
    const cJSON *rows = cJSON_GetObjectItemCaseSensitive (page, "rows"), *row;
    cJSON_ArrayForEach (row, rows)
    {
        const cJSON *levels = cJSON_GetObjectItemCaseSensitive (row, "levels");
        for (int level = 0; level < SKS_LEVELS; level++)
            add_hit (answer, cJSON_GetObjectItemCaseSensitive (levels, sks_level_name (level)), sks_level_name (level));
    }
    answer->total = answer->row_count / SKS_LEVELS;
}

static void
read_crosswalk (browse_answer *answer, const cJSON *page)
{
    const cJSON *pairs = cJSON_GetObjectItemCaseSensitive (page, "pairs"), *pair;
    cJSON_ArrayForEach (pair, pairs)
    {
        char label[BROWSE_LABEL_BYTES];
        snprintf (label, sizeof label, "%.2f", number_of (pair, "likeness"));
        add_hit (answer, cJSON_GetObjectItemCaseSensitive (pair, "left"), label);
        add_hit (answer, cJSON_GetObjectItemCaseSensitive (pair, "right"), "");
    }
    answer->total = (uint64_t) cJSON_GetArraySize (pairs);
    const cJSON *left = cJSON_GetObjectItemCaseSensitive (page, "left");
    const cJSON *right = cJSON_GetObjectItemCaseSensitive (page, "right");
    const cJSON *const sides[] = { left, right };
    for (int i = 0; i < 2; i++)
        answer->sides[i] = join (answer->memory, (const char *const[]) { text_of (sides[i], "soc"), " ",
                                                                         text_of (sides[i], "title"), NULL });
    add_heading (answer, "Only ", text_of (left, "title"));
    add_hits (answer, cJSON_GetObjectItemCaseSensitive (page, "left_only"));
    add_heading (answer, "Only ", text_of (right, "title"));
    add_hits (answer, cJSON_GetObjectItemCaseSensitive (page, "right_only"));
}

/* The page as JSON, which the answer owns from then on. */
static cJSON *
take_page (browse_answer *answer, const char *json, size_t size, sks_error *err)
{
    struct memory *memory = answer->memory;
    cJSON *page = memory->page_count < MOST_PAGES ? cJSON_ParseWithLength (json, size) : NULL;
    if (!cJSON_IsObject (page)) {
        cJSON_Delete (page);
        sks_fail (err, SKS_EPROTOCOL, "the reply cannot be read");
        return NULL;
    }
    memory->pages[memory->page_count++] = page;
    return page;
}

int
browse_answer_read (browse_answer **out, int reply, const char *json, size_t size, sks_error *err)
{
    browse_answer *answer = calloc (1, sizeof *answer);
    struct memory *memory = answer ? calloc (1, sizeof *memory) : NULL;
    *out = NULL;
    if (memory)
        memory->arena = sks_arena_create ();
    if (!memory || !memory->arena) {
        free (memory);
        free (answer);
        return sks_fail_memory (err);
    }
    *answer = (browse_answer) { .reply = reply, .note = "", .suggestion = "", .unknown = "", .memory = memory };
    int rc = 0;
    const cJSON *page = take_page (answer, json, size, err);
    if (!page) {
        rc = SKS_EPROTOCOL;
    } else if (reply == BROWSE_REPLY_COMPARE) {
        read_compare (answer, page);
    } else if (reply == BROWSE_REPLY_CROSSWALK) {
        read_crosswalk (answer, page);
    } else {
        read_search (answer, page);
        read_values (answer, page);
    }
    if (page)
        answer->generation = (uint64_t) number_of (page, "generation");
    if (rc == 0 && memory->failed)
        rc = sks_fail_memory (err);
    if (rc)
        browse_answer_destroy (&answer);
    *out = answer;
    return rc;
}

int
browse_answer_append (browse_answer *answer, const char *json, size_t size, sks_error *err)
{
    const cJSON *page = take_page (answer, json, size, err);
    if (!page)
        return SKS_EPROTOCOL;
    add_hits (answer, cJSON_GetObjectItemCaseSensitive (page, "hits"));
    return ((struct memory *) answer->memory)->failed ? sks_fail_memory (err) : 0;
}

uint64_t
browse_answer_generation (const char *json, size_t size)
{
    cJSON *page = cJSON_ParseWithLength (json, size);
    uint64_t generation = (uint64_t) number_of (page, "generation");
    cJSON_Delete (page);
    return generation;
}

void
browse_answer_destroy (browse_answer **answer_p)
{
    browse_answer *answer = *answer_p;
    if (!answer)
        return;
    struct memory *memory = answer->memory;
    for (size_t i = 0; i < memory->page_count; i++)
        cJSON_Delete (memory->pages[i]);
    sks_arena_destroy (&memory->arena);
    free (memory);
    free (answer->rows);
    free (answer->values);
    free (answer);
    *answer_p = NULL;
}

char *
browse_answer_row_json (const browse_row *row)
{
    return cJSON_PrintUnformatted (row->hit);
}
