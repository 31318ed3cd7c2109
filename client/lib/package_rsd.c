/* package_rsd.c - rich skill descriptors: the CSV of the Open Skills Management Tool. */
#include "package.h"

#include <stdio.h>
#include <string.h>

static const char *const columns[] = { "Canonical URL",
                                       "RSD Name",
                                       "Author",
                                       "Skill Statement",
                                       "Category",
                                       "Keywords",
                                       "Standards",
                                       "Certifications",
                                       "Occupation Major Groups",
                                       "Occupation Minor Groups",
                                       "Broad Occupations",
                                       "Detailed Occupations",
                                       "O*Net Job Codes",
                                       "Employers" };

#define SOC_BYTES 7 /* "43-9051" */

/* Write the code of a group: the first `kept` bytes of a SOC code, then zeros. */
static void
write_group (char out[SOC_BYTES + 1], const char *soc, size_t kept)
{
    snprintf (out, SOC_BYTES + 1, "%.*s%s", (int) kept, soc, "00-0000" + kept);
}

/* The number of bytes that a minor group's code takes from those of its occupations. SOC 2018 has three minor groups
 * that do not end in 000. */
static size_t
minor_bytes (const char *soc)
{
    static const char *const longer[] = { "15-12", "31-11", "51-51" };
    for (size_t i = 0; i < sizeof longer / sizeof *longer; i++)
        if (strncmp (soc, longer[i], strlen (longer[i])) == 0)
            return 5;
    return 4;
}

static void
begin (const sks_package_content *content)
{
    sks_table_begin (content->table, columns, sizeof columns / sizeof *columns);
}

static void
put_statement (const sks_package_content *content, const sks_package_statement *statement)
{
    const sks_record *record = content->record;
    const sks_uuid uuid = sks_package_uuid (content, true, "statement", statement->id);
    char major[SOC_BYTES + 1], minor[SOC_BYTES + 1], broad[SOC_BYTES + 1], detailed[SOC_BYTES + 1];
    sks_buffer uri = SKS_BUFFER_INIT (SKS_MAX_REQUEST_BYTES);
    write_group (major, record->soc, 2);
    write_group (minor, record->soc, minor_bytes (record->soc));
    write_group (broad, record->soc, 6);
    write_group (detailed, record->soc, SOC_BYTES);
    if (content->options->base_uri)
        sks_package_write_uri (&uri, content->options, &uuid);
    const char *const cells[] = { uri.size ? sks_buffer_text (&uri) : NULL,
                                  statement->title,
                                  sks_package_creator (content),
                                  statement->text,
                                  record->title,
                                  sks_level_name (statement->level),
                                  statement->id,
                                  NULL,
                                  major,
                                  minor,
                                  broad,
                                  detailed,
                                  record->soc,
                                  NULL };
    _Static_assert(sizeof cells / sizeof *cells == sizeof columns / sizeof *columns, "a cell for each column");
    for (size_t column = 0; column < sizeof cells / sizeof *cells; column++)
        sks_table_text (content->table, cells[column]);
    if (uri.failed)
        content->out->failed = uri.failed;
    sks_buffer_free (&uri);
}

const sks_package_writer sks_package_rsd = { begin, put_statement, NULL, NULL, NULL };
