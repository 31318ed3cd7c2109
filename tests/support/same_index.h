/* same_index.h - assertions that two indexes answer alike. They fail the test by themselves. */
#ifndef SKS_TEST_SAME_INDEX_H
#define SKS_TEST_SAME_INDEX_H

/* Assert that an index that many runs have updated equals one that was built in one run: each list, text and
 * occupation. The first may have forms that no text has any more, if they are not found.
 *   grown, fresh   folders of indexes of at most 1,024 statements */
void same_index_expect (const char *grown, const char *fresh);

#endif
