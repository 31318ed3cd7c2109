/* print_record.c - the reply to "occupation": the data of the export, and its statements, level by level. */
#include "print.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>

#define LABEL 12 /* "attribution" and the gap after it */
#define NUMBER 6 /* "  10. " */

static void
put_label (sks_buffer *out, const sks_terminal *terminal, const char *label)
{
    sks_terminal_style (terminal, out, SKS_STYLE_DIM);
    sks_buffer_printf (out, "%-*s", LABEL, label);
    sks_terminal_style (terminal, out, SKS_STYLE_NONE);
}

/* A line "label   text"; nothing without a text. */
static void
put_text (sks_buffer *out, const sks_terminal *terminal, const char *label, const char *text)
{
    if (!*text)
        return;
    put_label (out, terminal, label);
    sks_print_wrapped (out, terminal, text, NULL, 0, LABEL);
    sks_buffer_putc (out, '\n');
}

static void
put_coded (sks_buffer *out, const sks_terminal *terminal, const char *label, const char *code, const char *title)
{
    if (!code)
        return;
    put_label (out, terminal, label);
    sks_terminal_puts (out, code);
    sks_buffer_puts (out, "  ");
    sks_terminal_puts (out, title);
    sks_buffer_putc (out, '\n');
}

static void
put_export (sks_buffer *out, const sks_terminal *terminal, const sks_record *record)
{
    put_coded (out, terminal, "group", record->group, record->group_title);
    put_coded (out, terminal, "sector", record->sector, record->sector_label);
    if (record->zone) {
        put_label (out, terminal, "zone");
        sks_buffer_printf (out, "%d%s\n", record->zone, record->zone_inferred == 1 ? ", inferred" : "");
    }
    put_text (out, terminal, "framework", record->version);
    put_text (out, terminal, "", record->framework);
    put_text (out, terminal, "exported", record->exported_at);
    for (size_t i = 0; i < record->source_count; i++) {
        put_label (out, terminal, i ? "" : "sources");
        sks_terminal_puts (out, record->sources[i].name);
        sks_buffer_puts (out, ": ");
        sks_terminal_puts (out, record->sources[i].text);
        sks_buffer_putc (out, '\n');
    }
    put_text (out, terminal, "attribution", record->attribution);
}

static void
put_level (sks_buffer *out, const sks_terminal *terminal, int number, const sks_record_level *level)
{
    sks_buffer_putc (out, '\n');
    sks_terminal_style (terminal, out, SKS_STYLE_STRONG);
    const char *name = sks_level_name (number);
    if (*level->label)
        sks_terminal_puts (out, level->label);
    else
        sks_buffer_printf (out, "%c%s", toupper ((unsigned char) *name), name + 1);
    sks_terminal_style (terminal, out, SKS_STYLE_NONE);
    sks_buffer_puts (out, ": ");
    sks_print_count (out, level->count);
    sks_buffer_puts (out, level->count == 1 ? " statement\n" : " statements\n");
    for (size_t i = 0; i < level->count; i++) {
        sks_buffer_printf (out, "%*" PRIu32 ". ", NUMBER - 2, level->statements[i].position);
        sks_print_wrapped (out, terminal, level->statements[i].text, NULL, 0, NUMBER);
        sks_buffer_putc (out, '\n');
    }
}

void
sks_print_record (sks_buffer *out, const sks_terminal *terminal, const sks_record *record)
{
    sks_terminal_style (terminal, out, SKS_STYLE_STRONG);
    sks_terminal_puts (out, record->title);
    sks_terminal_style (terminal, out, SKS_STYLE_NONE);
    sks_buffer_puts (out, " (");
    sks_terminal_puts (out, record->soc);
    sks_buffer_puts (out, ")\n");
    if (*record->description) {
        sks_print_wrapped (out, terminal, record->description, NULL, 0, 0);
        sks_buffer_putc (out, '\n');
    }
    sks_buffer_putc (out, '\n');
    put_export (out, terminal, record);
    for (int level = 0; level < SKS_LEVELS; level++)
        put_level (out, terminal, level, &record->levels[level]);
}
