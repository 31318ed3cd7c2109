/* released.c - a program of the last release: it reads every kind of answer of 0.1.0, and arrays beyond their first
 * element. abi.sh compiles it against the header of that release. */
#include <skillsearch.h>
#include <stdio.h>

static int
fail (const sks_error *err)
{
    fprintf (stderr, "%s: %s\n", sks_code_name (err->code), err->text);
    return 1;
}

static void
print_hits (const char *kind, const sks_result *result)
{
    for (size_t i = 0; i < result->hit_count; i++) {
        const sks_hit *hit = &result->hits[i];
        printf ("%s %s %d %u %s %s\n", kind, hit->id, hit->level, hit->position, hit->occupation, hit->text);
        for (size_t k = 0; k < hit->span_count; k++)
            printf ("span %u %u\n", hit->spans[k].start, hit->spans[k].end);
        for (size_t k = 0; k < hit->share_count; k++)
            printf ("share %s %s %.3f\n", hit->shares[k].part, hit->shares[k].term, hit->shares[k].score);
    }
}

static void
print_facets (const sks_result *result)
{
    for (size_t i = 0; i < result->facet_count; i++)
        for (size_t k = 0; k < result->facets[i].count; k++) {
            const sks_facet_value *value = &result->facets[i].values[k];
            printf ("facet %s %s %s %lu %lu\n", sks_facet_name (result->facets[i].facet), value->value, value->label,
                    (unsigned long) value->count, (unsigned long) value->child_count);
        }
}

int
main (void)
{
    sks_client *client;
    sks_result *result;
    sks_error err;
    char *reply;
    const char *ids[3];
    sks_client_options options = SKS_CLIENT_OPTIONS_INIT;
    sks_query query = SKS_QUERY_INIT;
    query.text = "mail OR patients OR kitchen";
    query.want = SKS_WANT_MARKED | SKS_WANT_EXPLAIN;
    query.facets[0].facet = SKS_FACET_LEVEL;
    query.facets[0].limit = 10;
    query.facets[1].facet = SKS_FACET_OCCUPATION;
    query.facets[1].limit = 5;
    query.facets[1].tree = 1;
    query.facet_count = 2;
    if (sks_client_open_with (&client, &options, &err))
        return fail (&err);
    sks_client_set_timeout (client, 10000);
    if (sks_client_ping (client, NULL, &err) || sks_client_search (client, &query, &result, &err))
        return fail (&err);
    printf ("total %lu %s\n", (unsigned long) result->total, result->read_as);
    print_hits ("hit", result);
    print_facets (result);
    for (size_t i = 0; i < 3; i++)
        ids[i] = result->hits[2 * i + 1].id;
    sks_result *found = result;
    if (sks_client_get (client, ids, 3, &result, &err))
        return fail (&err);
    print_hits ("got", result);
    sks_result_destroy (&result);
    sks_result_destroy (&found);
    if (sks_client_call (client, "{\"v\":1,\"op\":\"search\",\"limit\":0}", &reply, &err))
        return fail (&err);
    sks_free (reply);
    sks_client_close (&client);
    return 0;
}
