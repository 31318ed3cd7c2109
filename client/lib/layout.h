/* layout.h - results for programs that were compiled for 0.1.0.
 *
 * Since then sks_hit and sks_share have new members at their ends. That changes the distance between the elements of
 * an array, which is part of a compiled program. */
#ifndef SKS_LAYOUT_H
#define SKS_LAYOUT_H

#include <skillsearch.h>

/* The version of sks_query in 0.1.0. Programs of that version send it with every search. */
#define SKS_LAYOUT_1 1

/* Move the hits of a result, and their shares, to where a program of 0.1.0 expects them. They cannot be read as
 * sks_hit and sks_share afterwards. Safe on NULL. */
void sks_layout_narrow (sks_result *result);

#endif
