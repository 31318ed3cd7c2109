/* get.c - sks_client_get for programs that were linked with 0.1.0.
 *
 * That library had no symbol versions, and the dynamic linker gives such programs the first version of a symbol
 * (skillsearch.map). No argument of the call shows which header its program was compiled with; a search has the version
 * of its query. A static library needs none of this, as its programs are linked again. */
#include "client/lib/client.h"

/* Only the linker uses this name; programs know the function as sks_client_get. */
SKS_API int sks_get_of_0_1_0 (sks_client *client, const char *const *ids, size_t count, sks_result **out,
                              sks_error *err);
__asm__(".symver sks_get_of_0_1_0, sks_client_get@SKILLSEARCH_0.0");

int
sks_get_of_0_1_0 (sks_client *client, const char *const *ids, size_t count, sks_result **out, sks_error *err)
{
    sks_client_expect_layout_1 (client);
    return sks_client_get (client, ids, count, out, err);
}
