/* ambiguity.h - a name that is a part of several labels: what it may mean. */
#ifndef SKS_AMBIGUITY_H
#define SKS_AMBIGUITY_H

#include "option.h"

/* If a failure refuses such a name, cut its text before its list of labels, which has only those that fit, and write
 * all labels of the index that the name may mean, with their codes, one per line.
 *   client   NULL: not connected.
 * Returns false, and changes nothing, if it is another failure or the labels cannot be requested. */
bool sks_ambiguity_list (sks_client *client, const sks_options *options, sks_error *what, sks_buffer *out);

#endif
