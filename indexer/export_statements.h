/* export_statements.h - the statements of an export that is being read. Only for its readers. */
#ifndef SKS_EXPORT_STATEMENTS_H
#define SKS_EXPORT_STATEMENTS_H

#include "export_reader.h"

/* Make space for at most `max` statements. Call it once, before the others. False when out of memory; r->no_memory is
 * set. */
bool sks_export_statements_begin (sks_export_reader *r, size_t max);

/* Add a statement. One that is empty, too long or a duplicate in its level is reported and left out: false.
 *   raw        as in the input
 *   pointer    where that is, for the report
 *   position   its place in its level, from 1; 0 until sks_export_statements_place
 *   origin     see locator.h */
bool sks_export_statements_add (sks_export_reader *r, const char *raw, const char *pointer, int level,
                                uint32_t position, unsigned long origin);

/* Give the statement that was added last a position. False if another one has it, or it is not 1 to
 * SKS_MAX_LEVEL_STATEMENTS. */
bool sks_export_statements_claim (sks_export_reader *r, unsigned long position);

/* The position of a statement that was left out: only a statement that claims it gets it. So others do not move when
 * the input is mended. */
void sks_export_statements_reserve (sks_export_reader *r, int level, unsigned long position);

/* Give each statement without a position the first one of its level that is free, in the order in which they were
 * added. */
void sks_export_statements_place (sks_export_reader *r);

/* After the last statement: order them and give them their ids. */
void sks_export_statements_end (sks_export_reader *r);

#endif
