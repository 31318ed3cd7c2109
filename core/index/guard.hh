/* guard.hh - the exception barrier of the C++ files, which are the only ones that include it.
 *
 * Each function of a C interface is one call of `guard`. Subclasses of Xapian::Error come before their base classes.
 * Handles are plain classes made with new. */
#ifndef SKS_GUARD_HH
#define SKS_GUARD_HH

#include <xapian.h>

#include <exception>
#include <new>

#include "core/base/error.h"

namespace sks
{

/* Xapian's messages name blocks and tables, but rarely the file. */
inline int
fail (sks_error *err, int code, const char *path, const Xapian::Error &cause)
{
    const char *reason = cause.get_error_string ();
    return sks_fail (err, code, "%s%s%s%s%s%s", path ? path : "", path ? ": " : "", cause.get_msg ().c_str (),
                     reason ? " (" : "", reason ? reason : "", reason ? ")" : "");
}

template <typename Work>
int
guard (sks_error *err, const char *path, Work work) noexcept
{
    try {
        return work ();
    } catch (const Xapian::DatabaseLockError &e) {
        return fail (err, SKS_ELOCKED, path, e);
    } catch (const Xapian::DatabaseNotFoundError &e) {
        return fail (err, SKS_EINDEX, path, e);
    } catch (const Xapian::DatabaseCorruptError &e) {
        return fail (err, SKS_EINDEX, path, e);
    } catch (const Xapian::DatabaseOpeningError &e) {
        return fail (err, SKS_EINDEX, path, e);
    } catch (const Xapian::DatabaseError &e) {
        return fail (err, SKS_EIO, path, e);
    } catch (const Xapian::NetworkError &e) {
        return fail (err, SKS_EUNAVAILABLE, path, e);
    } catch (const Xapian::InvalidArgumentError &e) {
        return fail (err, SKS_EINVALID, path, e);
    } catch (const Xapian::Error &e) {
        return fail (err, SKS_EINTERNAL, path, e);
    } catch (const std::bad_alloc &) {
        return sks_fail_memory (err);
    } catch (const std::exception &e) {
        return sks_fail (err, SKS_EINTERNAL, "%s", e.what ());
    } catch (...) {
        return sks_fail (err, SKS_EINTERNAL, "an exception without a name");
    }
}

/* Free a handle whose destructor may throw. */
template <typename Handle>
void
destroy (Handle **handle_p) noexcept
{
    if (!handle_p || !*handle_p)
        return;
    Handle *handle = *handle_p;
    *handle_p = nullptr;
    guard (nullptr, nullptr, [&] {
        delete handle;
        return 0;
    });
}

} // namespace sks

#endif
