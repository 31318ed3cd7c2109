/* shards.cc - queries, and one match of them over all shards. */
#include "shards.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <string>
#include <vector>

#include "guard.hh"

using sks::destroy;
using sks::guard;

struct sks_shards_query {
    Xapian::Query query;
};

struct sks_shards {
    std::vector<std::string> places, names; // names: for errors
    std::vector<std::string> contexts;      // what Xapian's errors call them; empty: in a file
    std::vector<Xapian::Database> shards;
    std::vector<bool> open;
    unsigned timeout_ms, connect_ms;
    Xapian::Database all;                 // the open ones
    std::vector<uint32_t> in_all;         // their numbers
    bool joined;                          // `all` has those that are open now
    std::deque<sks_shards_query> queries; // a deque does not move its elements
    std::deque<std::string> texts;        // of the last answer, as are the next two
    std::vector<sks_shards_hit> hits;
    std::vector<sks_shards_count> counts;
    sks_shards_failure failure; // of the last call
};

namespace
{

/* HOST:PORT of a server; an IPv6 address is in brackets, which Xapian does not take. False for a path. */
bool
split_place (const std::string &place, std::string &host, unsigned &port)
{
    const size_t colon = place.rfind (':');
    if (colon == std::string::npos || place.find ('/') != std::string::npos)
        return false;
    const bool bracketed = colon > 2 && place[0] == '[' && place[colon - 1] == ']';
    host = bracketed ? place.substr (1, colon - 2) : place.substr (0, colon);
    port = static_cast<unsigned> (std::strtoul (place.c_str () + colon + 1, nullptr, 10));
    return true;
}

std::string
context_of (const std::string &place)
{
    std::string host;
    unsigned port;
    return split_place (place, host, port) ? "(" + host + ":" + std::to_string (port) + ")" : "";
}

Xapian::Database
open_place (const sks_shards *set, const std::string &place)
{
    std::string host;
    unsigned port;
    if (!split_place (place, host, port))
        return Xapian::Database (place, Xapian::DB_NO_TERMLIST);
    return Xapian::Remote::open (host, port, set->timeout_ms, set->connect_ms);
}

/* Keep a node; null when out of memory. */
template <typename Make>
sks_shards_query *
keep (sks_shards *set, Make make) noexcept
{
    sks_shards_query *kept = nullptr;
    guard (nullptr, nullptr, [&] {
        set->queries.push_back ({ make () });
        kept = &set->queries.back ();
        return 0;
    });
    return kept;
}

bool
whole (sks_shards_query *const *operands, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!operands[i])
            return false;
    return true;
}

/* The operator over all operands; null if one is missing. */
sks_shards_query *
join (sks_shards *set, Xapian::Query::op op, sks_shards_query *const *operands, size_t count, uint32_t window)
{
    if (!whole (operands, count))
        return nullptr;
    return keep (set, [&] {
        std::vector<Xapian::Query> list;
        for (size_t i = 0; i < count; i++)
            list.push_back (operands[i]->query);
        return Xapian::Query (op, list.begin (), list.end (), window);
    });
}

const Xapian::Query::op OPERATORS[] = { Xapian::Query::OP_OR, Xapian::Query::OP_AND, Xapian::Query::OP_AND_NOT,
                                        Xapian::Query::OP_AND_MAYBE, Xapian::Query::OP_FILTER };

void
take_hits (sks_shards *set, Xapian::MSet found)
{
    set->hits.clear ();
    for (auto i = found.begin (); i != found.end (); ++i) {
        set->texts.push_back (i.get_sort_key ());
        const uint32_t shard = set->in_all[(*i - 1) % set->in_all.size ()]; // how Xapian numbers joined documents
        set->hits.push_back ({ i.get_weight (), set->texts.back ().data (), set->texts.back ().size (), shard });
    }
}

void
take_counts (sks_shards *set, const Xapian::ValueCountMatchSpy *spy)
{
    set->counts.clear ();
    if (!spy)
        return;
    for (auto i = spy->values_begin (); i != spy->values_end (); ++i) {
        set->texts.push_back (*i);
        set->counts.push_back ({ set->texts.back ().data (), set->texts.back ().size (), i.get_termfreq () });
    }
}

/* Close a shard; its connection cannot be used any more. */
void
disconnect (sks_shards *set, size_t shard)
{
    set->open[shard] = false;
    set->joined = false;
    set->shards[shard] = Xapian::Database ();
    set->all = Xapian::Database ();
}

/* Close a shard whose server failed, and name it. A server reports errors of its own, too: of a file that is missing or
 * damaged. */
int
fail_shard (sks_shards *set, size_t shard, const Xapian::Error &cause, sks_error *err)
{
    const char *reason = cause.get_error_string ();
    const bool timed_out = std::strcmp (cause.get_type (), "NetworkTimeoutError") == 0;
    set->failure = { shard, timed_out };
    disconnect (set, shard);
    return sks_fail (err, SKS_EUNAVAILABLE, "%s: %s%s%s", set->names[shard].c_str (), cause.get_msg ().c_str (),
                     reason ? ": " : "", reason ? reason : "");
}

/* Call `work` on one shard. An error of a server is SKS_EUNAVAILABLE. */
template <typename Work>
int
try_shard (sks_shards *set, size_t shard, sks_error *err, Work work)
{
    return guard (err, set->names[shard].c_str (), [&] {
        try {
            work ();
            return 0;
        } catch (const Xapian::Error &cause) {
            if (set->contexts[shard].empty ())
                throw;
            return fail_shard (set, shard, cause, err);
        }
    });
}

/* The open server that an error names; the number of shards if it names none. */
size_t
find_shard (const sks_shards *set, const Xapian::Error &cause)
{
    size_t i = 0;
    while (i < set->places.size () && (!set->open[i] || set->contexts[i].empty () ||
                                       cause.get_context ().find (set->contexts[i]) == std::string::npos))
        i++;
    return i;
}

void
join_open (sks_shards *set)
{
    if (set->joined)
        return;
    set->all = Xapian::Database ();
    set->in_all.clear ();
    for (size_t i = 0; i < set->shards.size (); i++)
        if (set->open[i]) {
            set->all.add_database (set->shards[i]);
            set->in_all.push_back (static_cast<uint32_t> (i));
        }
    set->joined = true;
}

/* Match, and keep what was found. */
void
run (sks_shards *set, const sks_shards_order *order, sks_shards_answer *out)
{
    Xapian::Enquire enquire (set->all);
    Xapian::ValueCountMatchSpy *spy = order->counts ? new Xapian::ValueCountMatchSpy (order->counted) : nullptr;
    if (spy)
        enquire.add_matchspy (spy->release ());
    enquire.set_query (order->query->query);
    enquire.set_docid_order (Xapian::Enquire::DONT_CARE);
    if (order->weighted) {
        enquire.set_weighting_scheme (Xapian::TfIdfWeight ("nnn"));
        enquire.set_sort_by_relevance_then_value (order->key, false);
    } else {
        enquire.set_weighting_scheme (Xapian::BoolWeight ());
        enquire.set_sort_by_value (order->key, false);
    }
    if (order->kept)
        enquire.set_collapse_key (order->collapsed, order->kept);
    const bool exact = order->exact || order->counts;
    const Xapian::MSet found =
        enquire.get_mset (order->skip, order->want, exact ? set->all.get_doccount () : order->want);
    set->texts.clear ();
    take_hits (set, found);
    take_counts (set, spy);
    *out = { exact ? found.get_matches_estimated () : found.get_matches_lower_bound (), set->hits.data (),
             set->hits.size (), set->counts.data (), set->counts.size () };
}

} // namespace

int
sks_shards_make (sks_shards **out, const sks_shards_places *places, sks_error *err)
{
    *out = nullptr;
    return guard (err, nullptr, [&] {
        sks_shards *set = *out = new sks_shards {};
        set->places.assign (places->places, places->places + places->count);
        for (size_t i = 0; i < places->count; i++)
            set->names.push_back ("shard " + std::to_string (i + 1) + " of " + std::to_string (places->count) + " (" +
                                  places->places[i] + ")");
        for (const std::string &place : set->places)
            set->contexts.push_back (context_of (place));
        set->shards.resize (places->count);
        set->open.resize (places->count);
        set->timeout_ms = places->timeout_ms;
        set->connect_ms = places->connect_ms;
        return 0;
    });
}

int
sks_shards_connect (sks_shards *set, size_t shard, sks_error *err)
{
    if (set->open[shard])
        return 0;
    set->failure = { shard, false };
    return try_shard (set, shard, err, [&] {
        set->shards[shard] = open_place (set, set->places[shard]);
        set->open[shard] = true;
        set->joined = false;
    });
}

void
sks_shards_disconnect (sks_shards *set, size_t shard)
{
    guard (nullptr, nullptr, [&] {
        disconnect (set, shard);
        return 0;
    });
}

const char *
sks_shards_name (const sks_shards *set, size_t shard)
{
    return set->names[shard].c_str ();
}

bool
sks_shards_is_open (const sks_shards *set, size_t shard)
{
    return set->open[shard];
}

int
sks_shards_open (sks_shards **out, const sks_shards_places *places, sks_error *err)
{
    int code = sks_shards_make (out, places, err);
    for (size_t i = 0; !code && i < places->count; i++)
        code = sks_shards_connect (*out, i, err);
    if (code)
        sks_shards_close (out);
    return code;
}

void
sks_shards_close (sks_shards **set_p)
{
    destroy (set_p);
}

int
sks_shards_note (sks_shards *set, size_t shard, const char *key, char *out, size_t size, sks_error *err)
{
    *out = '\0';
    return try_shard (set, shard, err,
                      [&] { std::snprintf (out, size, "%s", set->shards[shard].get_metadata (key).c_str ()); });
}

int
sks_shards_keep_alive (sks_shards *set, size_t shard, sks_error *err)
{
    return try_shard (set, shard, err, [&] {
        if (set->open[shard])
            set->shards[shard].keep_alive ();
    });
}

int
sks_shards_documents (sks_shards *set, uint64_t *count, sks_error *err)
{
    return guard (err, nullptr, [&] {
        join_open (set);
        *count = set->all.get_doccount ();
        return 0;
    });
}

/* ------------------------------------------------------------------ queries */

sks_shards_query *
sks_shards_term (sks_shards *set, const char *bytes, size_t size)
{
    return keep (set, [&] { return Xapian::Query (std::string (bytes, size)); });
}

/* A term of no bytes is in every document; unlike Query::MatchAll it is no object that threads would share. */
sks_shards_query *
sks_shards_all (sks_shards *set)
{
    return keep (set, [] { return Xapian::Query (std::string ()); });
}

sks_shards_query *
sks_shards_nothing (sks_shards *set)
{
    return keep (set, [] { return Xapian::Query (); });
}

sks_shards_query *
sks_shards_join (sks_shards *set, int op, sks_shards_query *const *operands, size_t count)
{
    return join (set, OPERATORS[op], operands, count, 0);
}

sks_shards_query *
sks_shards_phrase (sks_shards *set, sks_shards_query *const *operands, size_t count)
{
    return join (set, Xapian::Query::OP_PHRASE, operands, count, static_cast<uint32_t> (count));
}

sks_shards_query *
sks_shards_near (sks_shards *set, sks_shards_query *const *operands, size_t count, uint32_t window)
{
    return join (set, Xapian::Query::OP_NEAR, operands, count, window);
}

sks_shards_query *
sks_shards_range (sks_shards *set, uint32_t slot, const char *first, const char *last, size_t size)
{
    return keep (set, [&] {
        return Xapian::Query (Xapian::Query::OP_VALUE_RANGE, slot, std::string (first, size), std::string (last, size));
    });
}

sks_shards_query *
sks_shards_scale (sks_shards *set, sks_shards_query *query, double factor)
{
    if (!query)
        return nullptr;
    return keep (set, [&] { return Xapian::Query (Xapian::Query::OP_SCALE_WEIGHT, query->query, factor); });
}

sks_shards_query *
sks_shards_constant (sks_shards *set, sks_shards_query *query, double weight)
{
    sks_shards_query *source =
        keep (set, [&] { return Xapian::Query ((new Xapian::FixedWeightPostingSource (weight))->release ()); });
    sks_shards_query *const both[] = { source, query };
    return join (set, Xapian::Query::OP_FILTER, both, 2, 0);
}

void
sks_shards_clear (sks_shards *set)
{
    set->queries.clear ();
}

/* ------------------------------------------------------------------ running */

int
sks_shards_run (sks_shards *set, const sks_shards_order *order, sks_shards_answer *out, sks_error *err)
{
    *out = sks_shards_answer {};
    set->failure = {};
    if (!order->query)
        return sks_fail_memory (err);
    const int code = guard (err, nullptr, [&] {
        try {
            join_open (set);
            run (set, order, out);
            return 0;
        } catch (const Xapian::Error &cause) {
            const size_t shard = find_shard (set, cause);
            if (shard == set->places.size ())
                throw;
            return fail_shard (set, shard, cause, err);
        }
    });
    // The others may have answers on the way, which would be taken for those to the next query.
    for (size_t i = 0; code && i < set->open.size (); i++)
        sks_shards_disconnect (set, i);
    return code;
}

int
sks_shards_refuse (sks_shards *set, size_t shard, sks_error *err)
{
    const sks_error cause = *err;
    set->failure = { shard, false };
    sks_shards_disconnect (set, shard);
    return sks_fail (err, set->contexts[shard].empty () ? SKS_EINDEX : SKS_EUNAVAILABLE, "%s: %s",
                     set->names[shard].c_str (), cause.text);
}

const sks_shards_failure *
sks_shards_failed (const sks_shards *set)
{
    return &set->failure;
}
