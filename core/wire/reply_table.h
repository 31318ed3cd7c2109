/* reply_table.h - the members of structures that several replies have; for core/wire only. */
#ifndef SKS_WIRE_REPLY_TABLE_H
#define SKS_WIRE_REPLY_TABLE_H

#include "members.h"

extern const sks_member_type sks_hit_type, sks_citation_type, sks_note_type, sks_near_type;

/* Shares of a score or a likeness, with and without their parts. */
extern const sks_member_type sks_share_type, sks_word_share_type;

#endif
