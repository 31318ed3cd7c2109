/* package_markdown.c - an occupation as a section of Markdown (CommonMark). */
#include "package.h"

#include "core/base/printable_put.h"

#include <string.h>

#define MARKUP "\\`*_[]<>&~#|"

/* An item "Name: text"; nothing if there is no text. */
static void
put_fact (sks_buffer *out, const char *name, const char *text)
{
    if (!text || !*text)
        return;
    sks_buffer_printf (out, "- %s: ", name);
    sks_printable_put_escaped (out, text, MARKUP);
    sks_buffer_putc (out, '\n');
}

/* A paragraph. What would make a list of it at the beginning of a line is escaped, too: "-", "+", "1." and "1)". */
static void
put_paragraph (sks_buffer *out, const char *text)
{
    size_t digits = strspn (text, "0123456789");
    sks_buffer_add (out, text, digits);
    text += digits;
    if (*text && strchr (digits ? ".)" : "-+", *text))
        sks_buffer_putc (out, '\\');
    sks_printable_put_escaped (out, text, MARKUP);
    sks_buffer_puts (out, "\n\n");
}

static void
put_head (const sks_package_content *content)
{
    const sks_record *record = content->record;
    sks_buffer *out = content->out;
    sks_buffer_puts (out, "# ");
    sks_printable_put_escaped (out, content->title, MARKUP);
    sks_buffer_puts (out, "\n\n");
    if (*record->description)
        put_paragraph (out, record->description);
    put_fact (out, "Group", record->group_title);
    put_fact (out, "Sector", record->sector_label);
    if (record->zone)
        sks_buffer_printf (out, "- Job zone: %d\n", record->zone);
}

static void
put_end (const sks_package_content *content)
{
    const sks_record *record = content->record;
    sks_buffer *out = content->out;
    sks_buffer_puts (out, "\n---\n\n");
    put_fact (out, "Version", record->version);
    put_fact (out, "Exported", record->exported_at);
    for (size_t i = 0; i < record->source_count; i++) {
        sks_buffer_puts (out, "- Source: ");
        sks_printable_put_escaped (out, record->sources[i].name, MARKUP);
        sks_buffer_puts (out, ": ");
        sks_printable_put_escaped (out, record->sources[i].text, MARKUP);
        sks_buffer_putc (out, '\n');
    }
    put_fact (out, "Attribution", record->attribution);
    sks_buffer_putc (out, '\n');
}

static void
put_statement (const sks_package_content *content, const sks_package_statement *statement)
{
    sks_buffer *out = content->out;
    if (statement == content->statements || statement[-1].level != statement->level) {
        sks_buffer_puts (out, "\n## ");
        sks_printable_put_escaped (out, sks_package_label (content, statement->level), MARKUP);
        sks_buffer_puts (out, "\n\n");
    }
    sks_buffer_printf (out, "- <a id=\"%s\"></a>", statement->id);
    sks_printable_put_escaped (out, statement->text, MARKUP);
    sks_buffer_putc (out, '\n');
}

const sks_package_writer sks_package_markdown = { put_head, put_statement, NULL, NULL, put_end };
