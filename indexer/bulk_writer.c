/* bulk_writer.c - what writers have in common. */
#include "bulk_writer.h"

int
sks_bulk_writer_write (sks_bulk_file *file, const sks_store *store, const char *name,
                       void (*put) (sks_buffer *out, const sks_bulk_record *record), sks_error *err)
{
    sks_bulk_record *record;
    int code = sks_bulk_record_create (&record, store, err);
    if (!code)
        code = sks_bulk_file_begin (file, name, err);
    while (!code && sks_bulk_record_next (record, &code, err)) {
        put (&file->buffer, record);
        code = sks_bulk_file_pass (file, err);
    }
    if (!code)
        code = sks_bulk_file_end (file, err);
    sks_bulk_record_destroy (&record);
    return code;
}
