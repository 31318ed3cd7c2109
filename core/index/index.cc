/* index.cc - stemming, joining and reading of Xapian files. */
#include "guard.hh"

#include <cstring>
#include <string>

#include "core/base/forms.h"
#include "index.h"

using sks::destroy;
using sks::guard;

struct sks_stemmer {
    Xapian::Stem stem;
};

struct sks_reader {
    std::string path;
    Xapian::Database database;
    const uint32_t *map; // statement of each document; null: document - 1
    uint32_t documents;  // rows of map
    sks_budget *budget;  // null: none
};

namespace
{

/* The cost of Xapian's step to the next posting, in units of a budget. */
const unsigned POSTING_UNITS = 8;

} // namespace

/* ---------------------------------------------------------------- stemming */

int
sks_stemmer_create (sks_stemmer **out, sks_error *err)
{
    *out = nullptr;
    return guard (err, nullptr, [&] {
        *out = new sks_stemmer { Xapian::Stem ("english") };
        return 0;
    });
}

void
sks_stemmer_destroy (sks_stemmer **stemmer_p)
{
    destroy (stemmer_p);
}

int
sks_stemmer_stem (sks_stemmer *stemmer, const char *word, size_t word_size, char *out, size_t size, size_t *length,
                  sks_error *err)
{
    return guard (err, nullptr, [&] {
        char base[SKS_MAX_WORD_BYTES], own[SKS_MAX_WORD_BYTES];
        const size_t base_size = sks_forms_base (word, word_size, base),
                     own_size = sks_forms_stem (base, base_size, own);
        const std::string stem = own_size ? std::string (own, own_size) : stemmer->stem (std::string (base, base_size));
        *length = stem.size () < size ? stem.size () : size;
        std::memcpy (out, stem.data (), *length);
        return 0;
    });
}

/* ----------------------------------------------------------------- joining */

int
sks_index_compact (const char *const *pieces, size_t count, const char *path, sks_error *err)
{
    return guard (err, path, [&] {
        Xapian::Database all;
        for (size_t i = 0; i < count; i++)
            all.add_database (Xapian::Database (pieces[i], Xapian::DB_NO_TERMLIST));
        all.compact (path, Xapian::DBCOMPACT_SINGLE_FILE);
        return 0;
    });
}

int
sks_index_check (const char *path, sks_error *err)
{
    return guard (err, path, [&] {
        size_t errors = Xapian::Database::check (path, 0, nullptr);
        return errors ? sks_fail (err, SKS_EINDEX, "%s: errors in the postings: %zu", path, errors) : 0;
    });
}

/* ----------------------------------------------------------------- reading */

int
sks_reader_open (sks_reader **out, int fd, const char *path, const uint32_t *map, uint32_t documents, sks_error *err)
{
    *out = nullptr;
    return guard (err, path, [&] {
        *out = new sks_reader { path, Xapian::Database (fd, Xapian::DB_NO_TERMLIST), map, documents, nullptr };
        return 0;
    });
}

void
sks_reader_close (sks_reader **reader_p)
{
    destroy (reader_p);
}

void
sks_reader_limit (sks_reader *reader, sks_budget *budget)
{
    reader->budget = budget;
}

uint32_t
sks_reader_documents (sks_reader *reader)
{
    uint32_t documents = 0;
    guard (nullptr, nullptr, [&] {
        documents = reader->database.get_doccount ();
        return 0;
    });
    return documents;
}

int
sks_reader_postings (sks_reader *reader, const char *term, size_t size, uint32_t *statements, uint32_t *counts,
                     size_t capacity, size_t *count, sks_error *err)
{
    *count = 0;
    return guard (err, reader->path.c_str (), [&] {
        const std::string name (term, size);
        size_t n = 0;
        for (auto p = reader->database.postlist_begin (name), end = reader->database.postlist_end (name); p != end;
             ++p) {
            if (reader->budget && sks_budget_spend (reader->budget, POSTING_UNITS))
                return sks_budget_status (reader->budget, err);
            uint32_t statement = *p - 1;
            if (reader->map) {
                statement = statement < reader->documents ? reader->map[statement] : UINT32_MAX;
                if (statement == UINT32_MAX)
                    continue;
            }
            if (n == capacity)
                return sks_fail (err, SKS_EINDEX, "more postings than the dictionary has for \"%.*s\"", (int) size,
                                 term);
            statements[n] = statement;
            counts[n++] = p.get_wdf ();
        }
        *count = n;
        return 0;
    });
}

int
sks_reader_find (sks_reader *reader, const char *term, size_t size, const uint32_t *documents, size_t count,
                 uint32_t first, size_t *found, sks_error *err)
{
    *found = 0;
    if (!count) /* to open a list reads blocks */
        return 0;
    return guard (err, reader->path.c_str (), [&] {
        const std::string name (term, size);
        auto p = reader->database.postlist_begin (name), end = reader->database.postlist_end (name);
        for (; *found < count && p != end; ++*found) {
            const Xapian::docid wanted = documents[*found] - first + 1;
            p.skip_to (wanted);
            if (p == end || *p != wanted)
                break;
        }
        return 0;
    });
}
