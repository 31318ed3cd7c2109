/* shard_writer.cc - documents of libxapian, committed in parts. */
#include "shard_writer.h"

#include <string>

#include "guard.hh"
#include "index.h"

using sks::destroy;
using sks::guard;

struct sks_shard_writer {
    std::string path;
    Xapian::WritableDatabase database;
    unsigned pending; // documents since the last commit
};

namespace
{

/* Documents between two commits. Xapian holds their postings in memory and merges them into the tables at each commit;
 * 5,000 was the fastest of 2,500, 5,000 and 10,000. */
const unsigned COMMIT_EVERY = 5000;

const int FLAGS =
    Xapian::DB_CREATE | Xapian::DB_BACKEND_GLASS | Xapian::DB_NO_TERMLIST | Xapian::DB_NO_SYNC | Xapian::DB_DANGEROUS;

} // namespace

int
sks_shard_writer_open (sks_shard_writer **out, const char *path, sks_error *err)
{
    *out = nullptr;
    return guard (err, path, [&] {
        *out = new sks_shard_writer { path, Xapian::WritableDatabase (path, FLAGS), 0 };
        return 0;
    });
}

int
sks_shard_writer_add (sks_shard_writer *writer, const sks_shard_term *terms, size_t count,
                      const sks_shard_value *values, size_t value_count, sks_error *err)
{
    return guard (err, writer->path.c_str (), [&] {
        Xapian::Document document;
        for (size_t i = 0; i < count; i++) {
            // Xapian would notice only while adding, and then lose the whole database without naming the cause.
            if (terms[i].size == 0 || terms[i].size > SKS_MAX_TERM_BYTES)
                return sks_fail (err, SKS_EINVALID, "a term of %zu bytes; 1 to %d can be indexed", terms[i].size,
                                 SKS_MAX_TERM_BYTES);
            const std::string name (terms[i].bytes, terms[i].size);
            if (terms[i].position)
                document.add_posting (name, terms[i].position, terms[i].count);
            else
                document.add_term (name, terms[i].count);
        }
        for (size_t i = 0; i < value_count; i++)
            document.add_value (static_cast<Xapian::valueno> (i), std::string (values[i].bytes, values[i].size));
        writer->database.add_document (document);
        if (++writer->pending == COMMIT_EVERY) {
            writer->pending = 0;
            writer->database.commit ();
        }
        return 0;
    });
}

int
sks_shard_writer_note (sks_shard_writer *writer, const char *key, const char *value, sks_error *err)
{
    return guard (err, writer->path.c_str (), [&] {
        writer->database.set_metadata (key, value);
        return 0;
    });
}

int
sks_shard_writer_commit (sks_shard_writer *writer, sks_error *err)
{
    return guard (err, writer->path.c_str (), [&] {
        writer->pending = 0;
        writer->database.commit ();
        return 0;
    });
}

void
sks_shard_writer_close (sks_shard_writer **writer_p)
{
    destroy (writer_p);
}
