/* record_reader.c - bytes -> record: the reply to "occupation". */
#include "core/base/schema.h"
#include "tree.h"
#include "wire.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#define ANY_SIZE SIZE_MAX
#define REPLY_MEMBERS 4096

static int
read_text (const sks_tree *tree, const cJSON *object, const sks_place *above, const char *name, const char **out)
{
    const sks_place here = { above, name, 0 };
    return sks_wire_text (tree, sks_wire_member (object, name), &here, ANY_SIZE, out);
}

static int
read_count (const sks_tree *tree, const cJSON *object, const sks_place *above, const char *name, uint64_t most,
            uint64_t *out)
{
    const sks_place here = { above, name, 0 };
    return sks_wire_whole (tree, sks_wire_member (object, name), &here, 0, most, out);
}

/* The two texts of an object. */
static int
read_pair (const sks_tree *tree, const cJSON *item, const sks_place *place, const char *first, const char **first_out,
           const char *second, const char **second_out)
{
    int rc = sks_wire_object (tree, item, place);
    if (rc == 0)
        rc = read_text (tree, item, place, first, first_out);
    return rc ? rc : read_text (tree, item, place, second, second_out);
}

/* A list of objects, its items in an array of `size` bytes each; *list is its JSON. */
static int
open_list (const sks_tree *tree, const cJSON *object, const sks_place *place, size_t size, const cJSON **list,
           void **array, size_t *count)
{
    *list = sks_wire_member (object, place->name);
    int rc = sks_wire_list (tree, *list, place, ANY_SIZE, count);
    if (rc)
        return rc;
    *array = sks_arena_array (tree->memory, *count + 1, size);
    return *array ? 0 : sks_fail_memory (tree->err);
}

static int
read_sources (const sks_tree *tree, const cJSON *root, sks_record *record)
{
    const sks_place place = { NULL, "sources", 0 };
    const cJSON *list;
    void *array;
    int rc = open_list (tree, root, &place, sizeof *record->sources, &list, &array, &record->source_count);
    if (rc)
        return rc;
    sks_citation *sources = array;
    sks_place here = { &place, NULL, 0 };
    for (const cJSON *item = list->child; rc == 0 && item; item = item->next, here.index++)
        rc = read_pair (tree, item, &here, "name", &sources[here.index].name, "text", &sources[here.index].text);
    record->sources = sources;
    return rc;
}

static int
read_statements (const sks_tree *tree, const cJSON *item, const sks_place *above, sks_record_level *level)
{
    const sks_place place = { above, "statements", 0 };
    const cJSON *list;
    void *array;
    int rc = open_list (tree, item, &place, sizeof *level->statements, &list, &array, &level->count);
    if (rc)
        return rc;
    sks_record_statement *statements = array;
    sks_place here = { &place, NULL, 0 };
    for (const cJSON *one = list->child; one; one = one->next, here.index++) {
        uint64_t position;
        if ((rc = read_pair (tree, one, &here, "id", &statements[here.index].id, "text",
                             &statements[here.index].text)) ||
            (rc = read_count (tree, one, &here, "position", UINT32_MAX, &position)))
            return rc;
        statements[here.index].position = (uint32_t) position;
    }
    level->statements = statements;
    return 0;
}

static int
level_of (const char *name)
{
    return sks_level_of (name, strlen (name));
}

/* Each level once. */
static int
read_levels (const sks_tree *tree, const cJSON *root, sks_record *record)
{
    const sks_place place = { NULL, "levels", 0 };
    const cJSON *list = sks_wire_member (root, "levels");
    bool seen[SKS_LEVELS] = { false };
    size_t count;
    int rc = sks_wire_list (tree, list, &place, SKS_LEVELS, &count);
    if (rc == 0 && count < SKS_LEVELS)
        rc = sks_wire_refuse (tree, tree->misfit, &place, "not %d levels", SKS_LEVELS);
    if (rc)
        return rc;
    sks_place here = { &place, NULL, 0 };
    for (const cJSON *item = list->child; item; item = item->next, here.index++) {
        const sks_place level_place = { &here, "level", 0 };
        int level;
        if ((rc = sks_wire_object (tree, item, &here)) ||
            (rc = sks_wire_choice (tree, sks_wire_member (item, "level"), &level_place, level_of,
                                   "emerging, developing, proficient, advanced", &level)))
            return rc;
        if (seen[level])
            return sks_wire_refuse (tree, tree->misfit, &level_place, "stands twice");
        seen[level] = true;
        if ((rc = read_text (tree, item, &here, "label", &record->levels[level].label)) ||
            (rc = read_statements (tree, item, &here, &record->levels[level])))
            return rc;
    }
    return 0;
}

/* The zone, and whether it was inferred; each may be null. */
static int
read_zone (const sks_tree *tree, const cJSON *root, sks_record *record)
{
    const sks_place place = { NULL, "zone", 0 }, inferred_place = { NULL, "zone_inferred", 0 };
    const cJSON *zone = sks_wire_member (root, "zone"), *inferred = sks_wire_member (root, "zone_inferred");
    uint32_t number = 0;
    bool flag = false;
    int rc = cJSON_IsNull (zone) ? 0 : sks_wire_uint (tree, zone, &place, 1, SKS_ZONES, &number);
    if (rc == 0 && !cJSON_IsNull (inferred))
        rc = sks_wire_flag (tree, inferred, &inferred_place, &flag);
    record->zone = (int) number;
    record->zone_inferred = cJSON_IsNull (inferred) ? -1 : flag;
    return rc;
}

static int
read_record (const sks_tree *tree, const cJSON *root, sks_record *record)
{
    const struct {
        const char *name;
        const char **out;
    } texts[] = {
        { "soc", &record->soc },
        { "title", &record->title },
        { "description", &record->description },
        { "exported_at", &record->exported_at },
        { "attribution", &record->attribution },
    };
    const sks_place group = { NULL, "group", 0 }, sector = { NULL, "sector", 0 }, framework = { NULL, "framework", 0 };
    const cJSON *sector_item = sks_wire_member (root, "sector");
    int rc = read_count (tree, root, NULL, "generation", SKS_WHOLE_MOST, &record->generation);
    if (rc == 0)
        rc = read_count (tree, root, NULL, "took_us", SKS_WHOLE_MOST, &record->took_us);
    for (size_t i = 0; rc == 0 && i < sizeof texts / sizeof *texts; i++)
        rc = read_text (tree, root, NULL, texts[i].name, texts[i].out);
    if (rc == 0)
        rc = read_pair (tree, sks_wire_member (root, "group"), &group, "code", &record->group, "title",
                        &record->group_title);
    if (rc == 0 && !cJSON_IsNull (sector_item))
        rc = read_pair (tree, sector_item, &sector, "code", &record->sector, "label", &record->sector_label);
    if (rc == 0)
        rc = read_pair (tree, sks_wire_member (root, "framework"), &framework, "version", &record->version,
                        "description", &record->framework);
    if (rc || (rc = read_zone (tree, root, record)) || (rc = read_sources (tree, root, record)))
        return rc;
    return read_levels (tree, root, record);
}

int
sks_reply_decode_record (sks_record **out, const char *bytes, size_t size, sks_error *err)
{
    static const sks_json_limits limits = { SKS_MAX_REPLY_BYTES, SKS_JSON_DEPTH, REPLY_MEMBERS, SIZE_MAX };
    *out = NULL;
    int rc = sks_reply_decode_status (bytes, size, err);
    if (rc)
        return rc;
    sks_arena *memory = sks_arena_create ();
    sks_record *record = memory ? sks_arena_alloc (memory, sizeof *record) : NULL;
    cJSON *root = NULL;
    if (!record)
        rc = sks_fail_memory (err);
    if (rc == 0)
        rc = sks_json_parse (&root, bytes, size, &limits, err);
    const sks_tree tree = { memory, SKS_EPROTOCOL, SKS_EPROTOCOL, err };
    if (rc == 0)
        rc = read_record (&tree, root, record);
    if (rc == 0 && !(record->json = sks_arena_copy (memory, bytes, size)))
        rc = sks_fail_memory (err);
    cJSON_Delete (root);
    if (rc) {
        sks_arena_destroy (&memory);
        return rc;
    }
    record->memory = memory;
    *out = record;
    return 0;
}

void
sks_record_destroy (sks_record **record_p)
{
    if (!record_p || !*record_p)
        return;
    sks_arena *memory = (*record_p)->memory;
    *record_p = NULL;
    sks_arena_destroy (&memory);
}
