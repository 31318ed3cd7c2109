/* ambiguity.h - a name that is a part of several labels: what it may mean. */
#ifndef SKS_AMBIGUITY_H
#define SKS_AMBIGUITY_H

#include "option.h"

/* If a failure is the refusal of such a name, end its text before the labels, which are only those that fit, and list
 * the labels that the index has, with their codes, one per line.
 *   client   NULL: not connected.
 * Returns false, and changes nothing, if it is another failure or the labels cannot be requested. */
bool sks_ambiguity_list (sks_client *client, const sks_options *options, sks_error *what, sks_buffer *out);

#endif
