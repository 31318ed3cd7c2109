/* absent.h - forms that no text has any more, in a dictionary that grows.
 *
 * They keep their rows, because old postings refer to forms by their ranks. Readers must not find them: a word that
 * occurs nowhere is corrected, or read as an inflection of another one. */
#ifndef SKS_ABSENT_H
#define SKS_ABSENT_H

#include "making.h"

/* Note the forms that texts which are gone had. Returns 0 or SKS_ENOMEM. */
int sks_absent_expect (sks_making *making, sks_error *err);

/* Mark those of them that no statement, title, group or description has now. The dictionary's statements are counted. */
void sks_absent_mark (sks_dictionary *dictionary, const sks_plan *plan);

#endif
