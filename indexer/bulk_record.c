/* bulk_record.c - values, labels and provenance as the search gives them. */
#include "bulk_record.h"

#include "property.h"

#include <stdlib.h>

int
sks_bulk_record_create (sks_bulk_record **out, const sks_store *store, sks_error *err)
{
    sks_bulk_record *record = *out = calloc (1, sizeof *record);
    if (!record)
        return sks_fail_memory (err);
    record->store = store;
    record->statement = SKS_NONE;
    record->occupation = SKS_NONE;
    record->origins = (sks_buffer) SKS_BUFFER_INIT (SIZE_MAX / 2);
    return 0;
}

void
sks_bulk_record_destroy (sks_bulk_record **record_p)
{
    if (*record_p)
        sks_buffer_free (&(*record_p)->origins);
    free (*record_p);
    *record_p = NULL;
}

static int
read_origins (sks_bulk_record *record, sks_error *err)
{
    static const int properties[SKS_BULK_ORIGINS] = { [SKS_BULK_EXPORTED_AT] = SKS_PROPERTY_EXPORTED_AT,
                                                      [SKS_BULK_SOURCE] = SKS_PROPERTY_SOURCES,
                                                      [SKS_BULK_ATTRIBUTION] = SKS_PROPERTY_ATTRIBUTION };
    size_t starts[SKS_BULK_ORIGINS];
    sks_buffer_clear (&record->origins);
    for (int i = 0; i < SKS_BULK_ORIGINS; i++) {
        starts[i] = record->origins.size;
        sks_property_put (record->store, record->occupation, properties[i], "; ", &record->origins);
        sks_buffer_putc (&record->origins, '\0');
    }
    int code = sks_buffer_status (&record->origins, err);
    for (int i = 0; !code && i < SKS_BULK_ORIGINS; i++)
        record->origin[i] = record->origins.bytes + starts[i];
    return code;
}

static int
read_occupation (sks_bulk_record *record, uint32_t occupation, sks_error *err)
{
    const sks_store *store = record->store;
    const sks_occupation *row = &store->occupation[occupation];
    const char *version = sks_store_string (store, store->edition[row->edition].version);
    const sks_value *sector = &store->sector[row->sector], *group = &store->group[row->group];
    record->occupation = occupation;
    record->value[SKS_FACET_SECTOR] = sks_store_string (store, sector->code);
    record->label[SKS_FACET_SECTOR] = sks_store_string (store, sector->label);
    record->value[SKS_FACET_GROUP] = sks_store_string (store, group->code);
    record->label[SKS_FACET_GROUP] = sks_store_string (store, group->label);
    record->value[SKS_FACET_OCCUPATION] = sks_store_string (store, row->soc);
    record->label[SKS_FACET_OCCUPATION] = sks_store_string (store, row->title);
    record->value[SKS_FACET_ZONE] = sks_schema_zone_value (row->zone);
    record->label[SKS_FACET_ZONE] = sks_schema_zone_label (row->zone);
    record->value[SKS_FACET_VERSION] = *version ? version : SKS_NO_VALUE;
    record->label[SKS_FACET_VERSION] = record->value[SKS_FACET_VERSION];
    sks_bulk_words_read_title (&record->title, store, occupation);
    return read_origins (record, err);
}

bool
sks_bulk_record_next (sks_bulk_record *record, int *code, sks_error *err)
{
    const sks_store *store = record->store;
    uint32_t statement = ++record->statement; /* SKS_NONE becomes 0 */
    if (statement >= store->statements)
        return false;
    while (store->cells[record->cell + 1] <= statement)
        record->cell++;
    uint32_t occupation = record->cell / SKS_LEVELS;
    record->first = occupation != record->occupation;
    if (record->first && (*code = read_occupation (record, occupation, err)))
        return false;
    record->level = sks_cell_level (record->cell);
    record->value[SKS_FACET_LEVEL] = sks_level_name (record->level);
    record->label[SKS_FACET_LEVEL] = sks_schema_level_label (record->level);
    record->position = sks_store_position (store, statement);
    size_t size = sks_store_put_text (store, statement, record->text);
    record->text[size] = '\0';
    sks_store_id_of_text (store, statement, record->cell, record->text, size, record->id);
    sks_bulk_words_read (&record->words, store, statement);
    return true;
}

const char *
sks_bulk_record_origin_name (int origin)
{
    static const char *const names[SKS_BULK_ORIGINS] = {
        [SKS_BULK_EXPORTED_AT] = "exported_at", [SKS_BULK_SOURCE] = "source", [SKS_BULK_ATTRIBUTION] = "attribution"
    };
    return names[origin];
}
