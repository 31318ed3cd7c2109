/* members.h - structures <-> objects of JSON by tables: the reader and the writer use the same rows, which are in the
 * order of writing; for core/wire only. */
#ifndef SKS_WIRE_MEMBERS_H
#define SKS_WIRE_MEMBERS_H

#include "core/base/buffer.h"
#include "offset.h"
#include "tree.h"

#include <stddef.h>

#define SKS_COUNT(table) (sizeof (table) / sizeof *(table))

/* The type of a member in the structure, at `offset`. */
enum sks_member_kind {
    SKS_MEMBER_TEXT,   /* const char * */
    SKS_MEMBER_TEXTS,  /* const char *const *, with its count at count_offset */
    SKS_MEMBER_WHOLE,  /* uint64_t */
    SKS_MEMBER_PLACE,  /* uint32_t */
    SKS_MEMBER_PLACES, /* const uint32_t *, likewise */
    SKS_MEMBER_BYTE,   /* uint32_t, a position in the text of the request */
    SKS_MEMBER_SPANS,  /* const sks_span *, likewise; positions in the text of the structure, else of the request */
    SKS_MEMBER_REAL,   /* double */
    SKS_MEMBER_FLAG,   /* int */
    SKS_MEMBER_LEVEL,  /* int, enum sks_level */
    SKS_MEMBER_ZONE,   /* int; null is 0 */
    SKS_MEMBER_STATED, /* int, true or false; null is -1 */
    SKS_MEMBER_ITEMS,  /* const pointer to structures of `type`, likewise: a list of objects */
    SKS_MEMBER_RECORD, /* const pointer to one: an object */
    SKS_MEMBER_MERGED, /* const pointer to one, whose members stand among those of this object; it has no name */
    SKS_MEMBER_PART,   /* a structure inside this one, or members of this one (offset 0): an object */
    SKS_MEMBER_LEVELS  /* uint64_t[SKS_LEVELS], or structures of `type`: an object with a member for each level */
};
enum sks_member_need {
    SKS_MEMBER_PRESENT,
    SKS_MEMBER_NULLABLE, /* may be null; then the structure is unchanged */
    SKS_MEMBER_FRAMED,   /* not written here: it opens or closes the reply */
    SKS_MEMBER_UNSENT,   /* a text that is not in JSON: "" when it is read */
    SKS_MEMBER_OPTIONAL, /* may be missing; then unchanged. Written unless it is zero or NULL; a list always */
    SKS_MEMBER_GIVEN,    /* likewise; a list is written unless it is NULL */
    SKS_MEMBER_FILLED    /* likewise; a list is written only when it has items */
};
typedef struct sks_member_rule {
    const char *name;
    enum sks_member_kind kind;
    enum sks_member_need need;
    size_t offset, count_offset;
    const struct sks_member_type *type;
} sks_member_rule;
typedef struct sks_member_type {
    const sks_member_rule *rules;
    size_t count;
    size_t size; /* of the structure */
    size_t text; /* offset of its text; 0: it has none */
} sks_member_type;

#define SKS_TYPE(rules, type) SKS_TYPE_TEXT (rules, type, 0)
#define SKS_TYPE_TEXT(rules, type, text)                                                                               \
    {                                                                                                                  \
        rules, SKS_COUNT (rules), sizeof (type), text                                                                  \
    }

/* Rules of members whose name in JSON is the same as in C, or (AS) another one. */
#define SKS_RULE(type, member, kind, need) SKS_RULE_AS (type, #member, member, kind, need)
#define SKS_RULE_AS(type, text, member, kind, need)                                                                    \
    {                                                                                                                  \
        text, SKS_MEMBER_##kind, SKS_MEMBER_##need, offsetof (type, member), 0, NULL                                   \
    }
#define SKS_RULE_COUNTED(type, member, counted, kind, need)                                                            \
    {                                                                                                                  \
#member, SKS_MEMBER_##kind, SKS_MEMBER_##need, offsetof(type, member), offsetof(type, counted), NULL           \
    }
#define SKS_RULE_ITEMS(type, text, member, counted, need, of)                                                          \
    {                                                                                                                  \
        text, SKS_MEMBER_ITEMS, SKS_MEMBER_##need, offsetof (type, member), offsetof (type, counted), &(of)            \
    }
#define SKS_RULE_OF(type, text, member, kind, need, of)                                                                \
    {                                                                                                                  \
        text, SKS_MEMBER_##kind, SKS_MEMBER_##need, offsetof (type, member), 0, &(of)                                  \
    }
/* An object whose members are those of this structure. */
#define SKS_RULE_WITHIN(text, need, of)                                                                                \
    {                                                                                                                  \
        text, SKS_MEMBER_PART, SKS_MEMBER_##need, 0, 0, &(of)                                                          \
    }

/* Read the members of an object into the zeroed structure at out. Copies texts. Positions in a text of the structure
 * are within it; those in the text of the request are only in order. */
int sks_members_read (const sks_tree *tree, const struct cJSON *object, const sks_place *place,
                      const sks_member_type *type, void *out);

/* Write the members of the structure at `from`. A required text that is NULL is written as "". A part that may be
 * null is null if its first member, a text or a structure, is NULL.
 *   text   of the request; its units are also those of the texts of structures. NULL if the type has no positions. */
void sks_members_put (sks_buffer *out, const sks_member_type *type, const void *from, sks_offset *text);

/* The list `name`, likewise. */
void sks_members_put_list (sks_buffer *out, const char *name, const sks_member_type *type, const void *list,
                           size_t count, sks_offset *text);

#endif
