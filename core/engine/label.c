/* label.c - compares the words of a text with the words of labels. */
#include "label.h"

#include "core/base/buffer.h"
#include "core/base/text_fold.h"
#include "core/base/text_list.h"
#include "spelling.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define MAX_WORDS 32       /* of a text or a label; further ones are not compared */
#define MAX_LISTED 8       /* labels that a failure lists at most */
#define MAX_SUGGESTED 3    /* labels that are suggested */
#define SHOWN_BYTES 64     /* of a text in a failure or a note */
#define LABEL_UNITS 512    /* cost of reading a label, in units of a budget */
#define SPELLED_UNITS 4096 /* cost of comparing its spelling */
#define LONG_WORD 5        /* a longer word may differ in two letters */
#define MIN_BEGINNING 2    /* fewest letters of a word that may begin a longer one */

struct words {
    char form[MAX_WORDS][SKS_MAX_WORD_BYTES];
    size_t size[MAX_WORDS];
    size_t count;
};

/* How well a text fits a label, from worst to best. */
enum fit { FIT_NOT, FIT_BEGINNINGS, FIT_WORDS, FIT_WHOLE };

struct candidate {
    const char *code, *label;
};

struct search {
    const sks_labels *labels;
    int facet;
    const char *text;
    struct words words;
    struct candidate found[MAX_LISTED];
    size_t count; /* of all candidates that fit */
};

/* ---------------------------------------------------------------- candidates */

/* Whether a code of the store is also in the table, which is listed first. */
static bool
in_table (int facet, const char *code)
{
    for (size_t i = 0; facet == SKS_FACET_SECTOR && sks_schema_sector_at (i); i++)
        if (strcmp (sks_schema_sector_at (i), code) == 0)
            return true;
    return facet == SKS_FACET_GROUP && sks_schema_group_label (code);
}

/* The codes and labels that do not depend on the index. */
static struct candidate
known_at (int facet, size_t i)
{
    const char *code = facet == SKS_FACET_SECTOR  ? sks_schema_sector_at (i)
                       : facet == SKS_FACET_GROUP ? sks_schema_group_at (i)
                       : facet == SKS_FACET_LEVEL ? sks_level_name ((int) i)
                       : facet == SKS_FACET_ZONE  ? sks_schema_zone_value ((int) i)
                                                  : NULL;
    if (!code)
        return (struct candidate) { NULL, NULL };
    return (struct candidate) { code, facet == SKS_FACET_SECTOR  ? sks_schema_sector_label (code)
                                      : facet == SKS_FACET_GROUP ? sks_schema_group_label (code)
                                      : facet == SKS_FACET_LEVEL ? sks_schema_level_label ((int) i)
                                                                 : sks_schema_zone_label ((int) i) };
}

/* Candidate i; code is NULL if it has no code. false after the last one. */
static bool
candidate_at (const sks_labels *labels, int facet, size_t i, struct candidate *out)
{
    const sks_facet_table *facets = labels->facets;
    size_t known = 0;
    if ((*out = known_at (facet, i)).code)
        return true;
    while (known_at (facet, known).code)
        known++;
    i -= known;
    if (!facets || facet == SKS_FACET_LEVEL || facet == SKS_FACET_ZONE || i >= facets->facet[facet].rows)
        return false;
    const char *code = sks_facet_table_value (facets, facet, (uint32_t) i);
    if (!in_table (facet, code))
        *out = (struct candidate) { code, sks_facet_table_label (facets, facet, (uint32_t) i) };
    return true;
}

/* --------------------------------------------------------------------- words */

static bool
is_left_out (const char *form, size_t size)
{
    static const char *const words[] = { "and", "of", "or", "the" };
    return sks_text_listed (form, size, words, sizeof words / sizeof *words);
}

static void
read_words (struct words *out, const char *text)
{
    sks_word word = { 0, 0 };
    size_t size = strlen (text);
    out->count = 0;
    while (out->count < MAX_WORDS && sks_text_word (text, size, word.end, &word)) {
        size_t length = sks_text_fold (text + word.start, word.end - word.start, out->form[out->count]);
        if (length && !is_left_out (out->form[out->count], length))
            out->size[out->count++] = length;
    }
}

/* The official titles of groups end in this word, and the labels here do not. */
static void
drop_occupations (struct words *words)
{
    size_t last = words->count - 1;
    if (words->count > 1 && words->size[last] == 11 && memcmp (words->form[last], "occupations", 11) == 0)
        words->count--;
}

size_t
sks_label_singular (const char *form, size_t size)
{
    return size > 3 && form[size - 1] == 's' && form[size - 2] != 's' ? size - 1 : size;
}

static bool
is_same (const struct words *a, size_t i, const struct words *b, size_t k)
{
    size_t size = sks_label_singular (a->form[i], a->size[i]);
    return size == sks_label_singular (b->form[k], b->size[k]) && memcmp (a->form[i], b->form[k], size) == 0;
}

static bool
is_beginning (const struct words *text, size_t i, const struct words *label, size_t k)
{
    size_t size = text->size[i];
    return size >= MIN_BEGINNING && size <= label->size[k] && memcmp (text->form[i], label->form[k], size) == 0;
}

static enum fit
fit (const struct words *text, const struct words *label)
{
    size_t in_order = 0, same = 0, begun = 0;
    for (size_t i = 0; i < text->count; i++) {
        bool has = false, begins = false;
        for (size_t k = 0; k < label->count; k++) {
            has |= is_same (text, i, label, k);
            begins |= is_beginning (text, i, label, k);
        }
        same += has;
        begun += has || begins;
        in_order += i < label->count && is_same (text, i, label, i);
    }
    if (in_order == text->count && in_order == label->count)
        return FIT_WHOLE;
    return same == text->count ? FIT_WORDS : begun == text->count ? FIT_BEGINNINGS : FIT_NOT;
}

/* --------------------------------------------------------------- by spelling */

static size_t
spell (uint32_t out[SKS_MAX_WORD_BYTES], const char *form, size_t size)
{
    for (size_t i = 0; i < size; i++)
        out[i] = (unsigned char) form[i];
    return size;
}

/* The lowest cost of turning a word of the text into a word of the label; 0 if none is similar. */
static unsigned
word_cost (const struct words *text, size_t i, const struct words *label)
{
    uint32_t a[SKS_MAX_WORD_BYTES], b[SKS_MAX_WORD_BYTES];
    size_t size = spell (a, text->form[i], text->size[i]);
    unsigned edits = size > LONG_WORD ? 2 : 1, least = 0;
    for (size_t k = 0; k < label->count; k++) {
        size_t other = label->size[k];
        if (is_same (text, i, label, k) || is_beginning (text, i, label, k))
            return 1;
        if (size < 3 || other + edits < size || size + edits < other)
            continue;
        unsigned cost = sks_spelling_distance (a, size, b, spell (b, label->form[k], other), edits);
        if (cost <= edits * SKS_EDIT_COST && (!least || cost < least))
            least = cost;
    }
    return least;
}

static unsigned
label_cost (const struct words *text, const struct words *label)
{
    unsigned sum = 0;
    for (size_t i = 0; i < text->count; i++) {
        unsigned cost = word_cost (text, i, label);
        if (!cost)
            return 0;
        sum += cost;
    }
    return sum;
}

/* Whether the budget is spent. */
static bool
spend (const struct search *s, uint64_t units)
{
    return s->labels->budget && sks_budget_spend (s->labels->budget, units);
}

/* Replace the labels found by the most similar ones, the most similar first. */
static void
suggest (struct search *s)
{
    unsigned costs[MAX_SUGGESTED + 1];
    struct candidate one;
    struct words words;
    s->count = 0;
    for (size_t i = 0; candidate_at (s->labels, s->facet, i, &one) && !spend (s, SPELLED_UNITS); i++) {
        if (!one.label)
            continue;
        read_words (&words, one.label);
        unsigned cost = label_cost (&s->words, &words);
        size_t at = s->count;
        if (!cost)
            continue;
        for (; at && costs[at - 1] > cost; at--) {
            costs[at] = costs[at - 1];
            s->found[at] = s->found[at - 1];
        }
        costs[at] = cost;
        s->found[at] = one;
        s->count += s->count < MAX_SUGGESTED;
    }
}

/* ------------------------------------------------------------------ failures */

/* The bytes of a text that are shown; it is cut at a character. */
static int
shown (const char *text)
{
    size_t size = strlen (text);
    if (size > SHOWN_BYTES)
        for (size = SHOWN_BYTES; size && ((unsigned char) text[size] & 0xC0) == 0x80;)
            size--;
    return (int) size;
}

/* Write as many labels with their codes as fit into one failure. Returns their number. */
static size_t
list_found (const struct search *s, size_t count, const char *last, char *out, size_t size)
{
    size_t used = 0, listed = 0;
    *out = '\0';
    for (; listed < count; listed++) {
        const struct candidate *one = &s->found[listed];
        const char *comma = !listed ? "" : listed + 1 == count ? last : "; ";
        size_t needed = strlen (comma) + strlen (one->label) + strlen (one->code) + 3;
        if (used + needed >= size)
            break;
        used += (size_t) snprintf (out + used, size - used, "%s%s (%s)", comma, one->label, one->code);
    }
    return listed;
}

static const char *
plural (int facet)
{
    static const char *const names[SKS_FACETS] = { "levels", "sectors", "groups", "occupations", "zones", "versions" };
    return names[facet];
}

static int
fail_several (const struct search *s, sks_error *err)
{
    char list[SKS_ERROR_TEXT_BYTES - 120], more[32] = "";
    size_t held = s->count < MAX_LISTED ? s->count : MAX_LISTED;
    size_t listed = list_found (s, held, "; ", list, sizeof list);
    if (listed < s->count)
        snprintf (more, sizeof more, "; and %zu more", s->count - listed);
    return sks_fail (err, SKS_EBADREQUEST, "\"%.*s\" is in the names of %zu %s: %s%s", shown (s->text), s->text,
                     s->count, plural (s->facet), list, more);
}

static int
fail_none (struct search *s, sks_error *err)
{
    char list[SKS_ERROR_TEXT_BYTES - 120];
    suggest (s);
    int size = shown (s->text);
    const char *name = sks_facet_name (s->facet);
    if (list_found (s, s->count, " or ", list, sizeof list))
        return sks_fail (err, SKS_ENOTFOUND, "no %s is called \"%.*s\"; did you mean %s?", name, size, s->text, list);
    return sks_fail (err, SKS_ENOTFOUND, "no %s is called \"%.*s\"%s", name, size, s->text,
                     s->facet == SKS_FACET_LEVEL ? "; use emerging, developing, proficient or advanced" : "");
}

/* ------------------------------------------------------------------- reading */

/* The first whole SOC code in a text, with its digits after the point if they are there. */
static bool
find_soc (const char *text, char out[SKS_SOC_BYTES + 1])
{
    for (; *text; text++) {
        for (size_t size = SKS_SOC_BYTES; size >= SKS_SOC_BYTES - 3; size -= 3) {
            if (strlen (text) < size)
                continue;
            memcpy (out, text, size);
            out[size] = '\0';
            if (sks_schema_soc_begins (out))
                return true;
        }
    }
    return false;
}

static bool
has_letter (const char *text)
{
    for (; *text; text++)
        if ((*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z') || (*text & 0x80))
            return true;
    return false;
}

/* The code that a text gives; NULL if it gives none. */
static const char *
code_of (const sks_labels *labels, int facet, const char *text, sks_arena *arena)
{
    char soc[SKS_SOC_BYTES + 1];
    struct candidate one;
    if (sks_schema_field_takes_any (SKS_FIELD_FACET + facet))
        return text;
    if (facet == SKS_FACET_OCCUPATION) {
        if (sks_schema_soc_read (text, soc) || (has_letter (text) && find_soc (text, soc)))
            return sks_arena_copy (arena, soc, strlen (soc));
        return has_letter (text) ? NULL : text;
    }
    if (facet == SKS_FACET_GROUP && strlen (text) > 2 && text[2] == '-' && !has_letter (text))
        return sks_arena_copy (arena, text, 2);
    /* "44 – 45", "52 Finance and Insurance"; a title alone is a label. */
    const char *sector = facet == SKS_FACET_SECTOR ? sks_schema_sector_of (text) : NULL;
    if (sector && strpbrk (text, "0123456789"))
        return sector;
    for (size_t i = 0; candidate_at (labels, facet, i, &one); i++)
        if (one.code && strcasecmp (one.code, text) == 0)
            return one.code;
    if (strcmp (text, SKS_NO_SECTOR) == 0 && facet == SKS_FACET_SECTOR)
        return text;
    return has_letter (text) || facet == SKS_FACET_LEVEL ? NULL : text;
}

static int
search_labels (struct search *s, enum fit *best)
{
    struct candidate one;
    struct words words;
    read_words (&s->words, s->text);
    if (s->facet == SKS_FACET_GROUP)
        drop_occupations (&s->words);
    *best = FIT_NOT;
    for (size_t i = 0; s->words.count && candidate_at (s->labels, s->facet, i, &one) && !spend (s, LABEL_UNITS); i++) {
        if (!one.label)
            continue;
        read_words (&words, one.label);
        enum fit how = fit (&s->words, &words);
        if (how == FIT_NOT || how < *best)
            continue;
        if (how > *best)
            s->count = 0;
        *best = how;
        if (s->count < MAX_LISTED)
            s->found[s->count] = one;
        s->count++;
    }
    return s->labels->budget ? sks_budget_status (s->labels->budget, NULL) : 0;
}

int
sks_label_find (const sks_labels *labels, int facet, const char *text, sks_arena *arena, sks_label *out, sks_error *err)
{
    enum fit best;
    struct search s = { .labels = labels, .facet = facet, .text = text };
    *out = (sks_label) { code_of (labels, facet, text, arena), NULL, false };
    if (out->code)
        return 0;
    if (search_labels (&s, &best))
        return sks_budget_status (labels->budget, err);
    if (!s.count)
        return fail_none (&s, err);
    if (s.count > 1)
        return fail_several (&s, err);
    *out = (sks_label) { s.found[0].code, s.found[0].label, best == FIT_WHOLE };
    return 0;
}

/* --------------------------------------------------------------------- notes */

/* Whether a statement has the value. Also true when the budget is spent: no note is added then, and the next check of
 * the budget ends the work. */
static bool
is_present (const sks_labels *labels, int facet, const char *code)
{
    const sks_facet_table *facets = labels->facets;
    const sks_store *store = facets->store;
    uint32_t first, end;
    if (facet == SKS_FACET_OCCUPATION) {
        sks_store_occupations (store, code, strlen (code), &first, &end);
        return store->cells[end * SKS_LEVELS] > store->cells[first * SKS_LEVELS];
    }
    if (labels->budget && sks_budget_spend (labels->budget, store->occupations))
        return true;
    uint32_t row = sks_facet_table_find (facets, facet, code);
    for (uint32_t i = 0; row != SKS_NONE && i < store->occupations; i++) {
        bool level = facet == SKS_FACET_LEVEL;
        uint32_t cell = level ? sks_cell (i, (int) row) : i * SKS_LEVELS;
        if ((level || sks_facet_table_row (facets, facet, i) == row) &&
            store->cells[cell + (level ? 1 : SKS_LEVELS)] > store->cells[cell])
            return true;
    }
    return false;
}

int
sks_label_note (const sks_labels *labels, int facet, const char *text, const sks_label *label, size_t at,
                sks_notes *notes, sks_arena *arena, sks_error *err)
{
    sks_buffer line = SKS_BUFFER_INIT (4 * SKS_MAX_NAME_BYTES);
    const char *name = sks_facet_name (facet);
    int rc = 0;
    if (label->label) {
        sks_buffer_printf (&line, "\"%.*s\" is read as %s %s, %s", shown (text), text, name, label->code, label->label);
        const char *read = sks_buffer_text (&line);
        rc = read ? sks_notes_add (notes, arena, SKS_NOTE_LABEL, at, read, err) : sks_buffer_status (&line, err);
    }
    if (!rc && labels->facets && !is_present (labels, facet, label->code)) {
        sks_buffer_clear (&line);
        sks_buffer_printf (&line, "no statement has %s %.*s", name, shown (label->code), label->code);
        const char *absent = sks_buffer_text (&line);
        rc = absent ? sks_notes_add (notes, arena, SKS_NOTE_ABSENT, at, absent, err) : sks_buffer_status (&line, err);
    }
    sks_buffer_free (&line);
    return rc;
}
