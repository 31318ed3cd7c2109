/* tree.h - typed access to a parsed JSON tree, for all decoders; for core/wire only.
 *
 * Each accessor checks presence, type and bounds; a refusal begins with the value's JSON pointer ("/filter/level/0:
 * ..."). The pointer is written only then: until it is needed, it is a chain of places on the stack. */
#ifndef SKS_TREE_H
#define SKS_TREE_H

#include "core/base/arena.h"
#include "core/base/json.h"

#include <stdbool.h>

/* One step of the path from the root to a value. */
typedef struct sks_place {
    const struct sks_place *above; /* NULL directly below the root */
    const char *name;              /* of a member; NULL for an item of a list */
    size_t index;                  /* of an item */
} sks_place;

typedef struct sks_tree {
    sks_arena *memory; /* for copies of strings */
    int type_code;     /* error code for a missing value or a wrong type */
    int limit_code;    /* error code for a size, count or number over its maximum */
    sks_error *err;
} sks_tree;

/* Fill the error with the pointer of place, ": " and the formatted text.
 * Returns code. place NULL is the root; it has no pointer. */
int sks_tree_refuse (const sks_tree *tree, int code, const sks_place *place, const char *format, ...) SKS_PRINTF (4, 5);

/* The member of an object, or NULL; case-sensitive. */
const struct cJSON *sks_tree_member (const struct cJSON *object, const char *name);

/* The accessors. item NULL is refused as missing. `max` of a whole number is at most SKS_WHOLE_MOST. */
int sks_tree_object (const sks_tree *tree, const struct cJSON *item, const sks_place *place);
int sks_tree_list (const sks_tree *tree, const struct cJSON *item, const sks_place *place, size_t max, size_t *count);
int sks_tree_flag (const sks_tree *tree, const struct cJSON *item, const sks_place *place, bool *out);
int sks_tree_number (const sks_tree *tree, const struct cJSON *item, const sks_place *place, double *out);
int sks_tree_whole (const sks_tree *tree, const struct cJSON *item, const sks_place *place, uint64_t min, uint64_t max,
                    uint64_t *out);

int sks_tree_uint (const sks_tree *tree, const struct cJSON *item, const sks_place *place, uint32_t min, uint32_t max,
                   uint32_t *out);

/* Copies. */
int sks_tree_text (const sks_tree *tree, const struct cJSON *item, const sks_place *place, size_t max,
                   const char **out);

/* A list of at most `max` strings of at most `most_bytes` each. Copies. */
int sks_tree_texts (const sks_tree *tree, const struct cJSON *item, const sks_place *place, size_t max,
                    size_t most_bytes, const char *const **out, size_t *count);

/* A string that must be one of the names that name_of returns for 0, 1, 2 and so on. The refusal lists them. */
int sks_tree_choice (const sks_tree *tree, const struct cJSON *item, const sks_place *place,
                     const char *(*name_of) (int), int *out);

/* Refuse a name that is not one of these.
 *   after   text that follows the list of names */
int sks_tree_refuse_choice (const sks_tree *tree, const sks_place *place, const char *name,
                            const char *(*name_of) (int), const char *after);

/* Memory for the items of a list, zeroed; *rc is the result. item NULL is refused
 * as missing. */
void *sks_tree_array (const sks_tree *tree, const struct cJSON *item, const sks_place *place, size_t size,
                      size_t *count, int *rc);

/* Refuse an unknown member. */
int sks_tree_refuse_member (const sks_tree *tree, const sks_place *place);

/* A text from the peer, made printable (printable.h) for a one-line error text, and truncated at a character
 * boundary. Returns out. */
#define SKS_EXCERPT_BYTES 96
const char *sks_tree_excerpt (char out[SKS_EXCERPT_BYTES], const char *text);

/* All whole numbers up to this one are exact in a double. */
#define SKS_WHOLE_MOST (UINT64_C (1) << 53)

#endif
