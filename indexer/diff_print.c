/* diff_print.c - the three forms of a diff. */
#include "diff_print.h"

#include "core/base/json.h"
#include "core/base/printable_put.h"
#include "property.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* The text of a statement, written to `scratch`. Borrowed: valid until the next call. */
static const char *
text_of (const sks_store *store, uint32_t statement, sks_buffer *scratch)
{
    sks_buffer_clear (scratch);
    sks_store_text (store, statement, scratch);
    const char *text = sks_buffer_text (scratch);
    return text ? text : "";
}

/* What a change is about: the later statement, or the earlier one if it was removed. */
struct place {
    const sks_store *store;
    uint32_t cell;
};

static struct place
place_of (const sks_diff *diff, const sks_change *change)
{
    bool after = change->after != SKS_NONE;
    const sks_store *store = after ? diff->after : diff->before;
    if (change->kind == SKS_CHANGE_EDITED)
        return (struct place) { store, change->after * SKS_LEVELS };
    return (struct place) { store, sks_store_cell (store, after ? change->after : change->before) };
}

static const char *
soc_of (struct place place)
{
    return sks_store_string (place.store, place.store->occupation[place.cell / SKS_LEVELS].soc);
}

static const char *
title_of (struct place place)
{
    return sks_store_string (place.store, place.store->occupation[place.cell / SKS_LEVELS].title);
}

static const char *
level_of (const sks_store *store, uint32_t statement)
{
    return sks_level_name (sks_cell_level (sks_store_cell (store, statement)));
}

/* The text of the property of a change, written to `scratch`, sources separated by "; ".
 * Borrowed: valid until the next call. */
static const char *
property_of (const sks_store *store, uint32_t occupation, const sks_change *change, sks_buffer *scratch)
{
    sks_buffer_clear (scratch);
    sks_property_put (store, occupation, change->property, "; ", scratch);
    const char *text = sks_buffer_text (scratch);
    return text ? text : "";
}

/* --------------------------------------------------------------------- text */

static void
put_edit (const sks_diff *diff, const sks_change *change, sks_buffer *scratch, sks_buffer *out)
{
    sks_buffer_printf (out, "  = %s: ", sks_property_name (change->property));
    sks_printable_puts (out, property_of (diff->before, change->before, change, scratch));
    sks_buffer_puts (out, "\n    new: ");
    sks_printable_puts (out, property_of (diff->after, change->after, change, scratch));
    sks_buffer_putc (out, '\n');
}

static void
put_change (const sks_diff *diff, const sks_change *change, sks_buffer *scratch, sks_buffer *out)
{
    static const char sign[SKS_CHANGES] = { '+', '-', '~', '>' };
    const sks_store *first = change->before != SKS_NONE ? diff->before : diff->after;
    uint32_t statement = change->before != SKS_NONE ? change->before : change->after;
    sks_buffer_printf (out, "  %c %s", sign[change->kind], level_of (first, statement));
    if (change->kind == SKS_CHANGE_MOVED)
        sks_buffer_printf (out, " to %s", level_of (diff->after, change->after));
    sks_buffer_puts (out, ": ");
    sks_printable_puts (out, text_of (first, statement, scratch));
    if (change->kind == SKS_CHANGE_REWORDED) {
        sks_buffer_printf (out, "\n    new wording (%u%% similar): ", change->likeness);
        sks_printable_puts (out, text_of (diff->after, change->after, scratch));
    }
    sks_buffer_putc (out, '\n');
}

void
sks_diff_print_text (const sks_diff *diff, sks_buffer *out)
{
    sks_buffer scratch = SKS_BUFFER_INIT (SIZE_MAX / 2);
    char last[32] = "";
    sks_buffer_printf (out, "generation %" PRIu64 " to ", diff->before->generation);
    if (diff->after->generation)
        sks_buffer_number (out, diff->after->generation);
    else
        sks_buffer_puts (out, "what indexing the sources would publish");
    sks_buffer_putc (out, ':');
    for (int kind = 0; kind < SKS_CHANGES; kind++)
        sks_buffer_printf (out, "%s %zu %s", kind ? "," : "", diff->counts[kind], sks_diff_change_name (kind));
    sks_buffer_putc (out, '\n');
    for (size_t i = 0; i < diff->count; i++) {
        struct place place = place_of (diff, &diff->changes[i]);
        if (strcmp (last, soc_of (place)) != 0) {
            sks_buffer_printf (out, "\n%s ", soc_of (place));
            sks_printable_puts (out, title_of (place));
            sks_buffer_putc (out, '\n');
            snprintf (last, sizeof last, "%s", soc_of (place));
        }
        if (diff->changes[i].kind == SKS_CHANGE_EDITED)
            put_edit (diff, &diff->changes[i], &scratch, out);
        else
            put_change (diff, &diff->changes[i], &scratch, out);
    }
    if (scratch.failed)
        out->failed = scratch.failed;
    sks_buffer_free (&scratch);
}

/* --------------------------------------------------------------------- JSON */

static void
put_generation (const char *name, const sks_store *store, sks_buffer *out)
{
    sks_json_open_object (out, name);
    sks_json_put_count (out, "generation", store->generation);
    sks_json_put_count (out, "created", store->created);
    sks_json_put_count (out, "statements", store->statements);
    sks_json_put_count (out, "occupations", store->occupations);
    sks_buffer_putc (out, '}');
}

static void
put_statement (const char *name, const sks_store *store, uint32_t statement, sks_buffer *scratch, sks_buffer *out)
{
    char id[SKS_STATEMENT_ID_BYTES];
    if (statement == SKS_NONE)
        return;
    sks_store_id (store, statement, id);
    sks_json_open_object (out, name);
    sks_json_put_text (out, "id", id);
    sks_json_put_text (out, "level", level_of (store, statement));
    sks_json_put_text (out, "text", text_of (store, statement, scratch));
    sks_buffer_putc (out, '}');
}

static void
put_property (const char *name, const char *text, sks_buffer *out)
{
    sks_json_open_object (out, name);
    sks_json_put_text (out, "text", text);
    sks_buffer_putc (out, '}');
}

static void
put_object (const sks_diff *diff, const sks_change *change, sks_buffer *scratch, sks_buffer *out)
{
    struct place place = place_of (diff, change);
    sks_buffer_putc (out, '{');
    sks_json_put_text (out, "change", sks_diff_change_name (change->kind));
    sks_json_put_text (out, "soc", soc_of (place));
    sks_json_put_text (out, "occupation", title_of (place));
    if (change->kind == SKS_CHANGE_EDITED) {
        sks_json_put_text (out, "member", sks_property_name (change->property));
        put_property ("before", property_of (diff->before, change->before, change, scratch), out);
        put_property ("after", property_of (diff->after, change->after, change, scratch), out);
    } else {
        put_statement ("before", diff->before, change->before, scratch, out);
        put_statement ("after", diff->after, change->after, scratch, out);
    }
    if (change->kind == SKS_CHANGE_REWORDED)
        sks_json_put_count (out, "likeness", change->likeness);
    sks_buffer_putc (out, '}');
}

void
sks_diff_print_json (const sks_diff *diff, sks_buffer *out)
{
    sks_buffer scratch = SKS_BUFFER_INIT (SIZE_MAX / 2);
    sks_buffer_putc (out, '{');
    sks_json_put_count (out, "v", 1);
    put_generation ("before", diff->before, out);
    put_generation ("after", diff->after, out);
    for (int kind = 0; kind < SKS_CHANGES; kind++)
        sks_json_put_count (out, sks_diff_change_name (kind), diff->counts[kind]);
    sks_json_open_list (out, "changes");
    for (size_t i = 0; i < diff->count; i++) {
        if (i)
            sks_buffer_puts (out, ",\n");
        put_object (diff, &diff->changes[i], &scratch, out);
    }
    sks_buffer_puts (out, "]}\n");
    if (scratch.failed)
        out->failed = scratch.failed;
    sks_buffer_free (&scratch);
}

/* ---------------------------------------------------------------------- TSV */

static void
put_id (const sks_store *store, uint32_t statement, sks_buffer *out)
{
    char id[SKS_STATEMENT_ID_BYTES];
    sks_buffer_putc (out, '\t');
    if (statement == SKS_NONE)
        return;
    sks_store_id (store, statement, id);
    sks_buffer_puts (out, id);
}

static void
put_text (const sks_store *store, uint32_t statement, sks_buffer *scratch, sks_buffer *out)
{
    sks_buffer_putc (out, '\t');
    if (statement != SKS_NONE)
        sks_printable_puts (out, text_of (store, statement, scratch));
}

/* A property has the id SOC/MEMBER. */
static void
put_edited (const sks_diff *diff, const sks_change *change, sks_buffer *scratch, sks_buffer *out)
{
    const char *soc = soc_of (place_of (diff, change)), *name = sks_property_name (change->property);
    sks_buffer_printf (out, "\t%s/%s\t%s/%s\t\t", soc, name, soc, name);
    sks_printable_puts (out, property_of (diff->before, change->before, change, scratch));
    sks_buffer_putc (out, '\t');
    sks_printable_puts (out, property_of (diff->after, change->after, change, scratch));
    sks_buffer_putc (out, '\n');
}

void
sks_diff_print_tsv (const sks_diff *diff, sks_buffer *out)
{
    sks_buffer scratch = SKS_BUFFER_INIT (SIZE_MAX / 2);
    for (size_t i = 0; i < diff->count; i++) {
        const sks_change *change = &diff->changes[i];
        sks_buffer_puts (out, sks_diff_change_name (change->kind));
        if (change->kind == SKS_CHANGE_EDITED) {
            put_edited (diff, change, &scratch, out);
            continue;
        }
        put_id (diff->before, change->before, out);
        put_id (diff->after, change->after, out);
        sks_buffer_putc (out, '\t');
        if (change->likeness)
            sks_buffer_number (out, change->likeness);
        put_text (diff->before, change->before, &scratch, out);
        put_text (diff->after, change->after, &scratch, out);
        sks_buffer_putc (out, '\n');
    }
    if (scratch.failed)
        out->failed = scratch.failed;
    sks_buffer_free (&scratch);
}
