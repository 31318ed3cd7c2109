/* reply_table.h - the members of replies: readers and writers use the same rows, which are in the order of writing;
 * for core/wire only.
 *
 * Trees, and positions in the units of a client (spans), have separate readers and writers. */
#ifndef SKS_WIRE_REPLY_TABLE_H
#define SKS_WIRE_REPLY_TABLE_H

#include "tree.h"
#include "wire.h"

#include <stddef.h>

#define SKS_COUNT(table) (sizeof (table) / sizeof *(table))

/* Rules of members that have the same name in JSON and in C. */
#define SKS_RULE(type, member, kind, need)                                                                             \
    {                                                                                                                  \
        .name = #member, SKS_MEMBER_##kind, SKS_MEMBER_##need, offsetof (type, member), 0, NULL                        \
    }
#define SKS_RULE_TEXTS(type, member, counted)                                                                          \
    {                                                                                                                  \
        .name = #member, SKS_MEMBER_TEXTS, SKS_MEMBER_PRESENT, offsetof (type, member), offsetof (type, counted), NULL \
    }
#define SKS_RULE_ITEMS(type, member, counted, need, list)                                                              \
    {                                                                                                                  \
        .name = #member, SKS_MEMBER_ITEMS, SKS_MEMBER_##need, offsetof (type, member), offsetof (type, counted),       \
        &(list)                                                                                                        \
    }

/* Rules of a hit; its spans are written after the first SKS_HIT_HEAD members. */
#define SKS_HIT_HEAD 3
#define SKS_HIT_RULES 14
extern const sks_member_rule sks_hit_rules[SKS_HIT_RULES];

#define SKS_PROVENANCE_RULES 4
extern const sks_member_rule sks_provenance_rules[SKS_PROVENANCE_RULES];

#define SKS_SUGGESTION_RULES 4
extern const sks_member_rule sks_suggestion_rules[SKS_SUGGESTION_RULES];

/* Rules of the reading of a query, and of the number of matches. */
#define SKS_READING_RULES 8
extern const sks_member_rule sks_reading_rules[SKS_READING_RULES];

#define SKS_FACET_VALUE_RULES 4
extern const sks_member_rule sks_facet_value_rules[SKS_FACET_VALUE_RULES];

#define SKS_CELL_RULES 5
extern const sks_member_rule sks_cell_rules[SKS_CELL_RULES];

#define SKS_COMPLETIONS_RULES 3
extern const sks_member_rule sks_completions_rules[SKS_COMPLETIONS_RULES];

/* Rules of a level of an occupation. */
#define SKS_RECORD_LEVEL_RULES 2
extern const sks_member_rule sks_record_level_rules[SKS_RECORD_LEVEL_RULES];

extern const sks_member_items sks_citation_items, sks_note_items, sks_near_items;

/* Shares of a score or a likeness, with and without their parts. */
extern const sks_member_items sks_share_items, sks_word_share_items;

#endif
