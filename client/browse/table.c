/* table.c - writes the library's lines to a file. */
#include "table.h"

#include "core/base/error.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

int
browse_table_begin (browse_table *table, bool sorted, sks_error *err)
{
    int rc = sks_lines_create (&table->lines, SKS_FORMAT_CSV, sorted ? SKS_LINES_SORTED : 0, err);
    errno = EEXIST;
    for (int i = 1; rc == 0 && !table->file && errno == EEXIST && i < BROWSE_TABLE_NAMES; i++) {
        snprintf (table->name, sizeof table->name, "skillsearch-%d.csv", i);
        table->file = fopen (table->name, "wxe");
    }
    if (rc == 0 && !table->file)
        rc = sks_fail_errno (err, "%s", table->name);
    if (rc)
        browse_table_end (table);
    return rc;
}

int
browse_table_add (browse_table *table, const char *json, size_t size, sks_page *page, sks_error *err)
{
    int rc = sks_lines_page (table->lines, json, size, page, err);
    if (rc == 0 && page->size && fwrite (page->text, 1, page->size, table->file) != page->size)
        rc = sks_fail_errno (err, "%s", table->name);
    if (rc == 0 && !page->cursor) {
        FILE *file = table->file;
        table->file = NULL;
        if (fclose (file) != 0) {
            rc = sks_fail_errno (err, "%s", table->name);
            unlink (table->name);
        }
        sks_lines_destroy (&table->lines);
    }
    if (rc)
        browse_table_end (table);
    return rc;
}

void
browse_table_end (browse_table *table)
{
    if (table->file) {
        fclose (table->file);
        unlink (table->name);
    }
    table->file = NULL;
    sks_lines_destroy (&table->lines);
}
