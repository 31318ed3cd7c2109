/* heap.h - keeps the best of many items: a binary heap in an array, with the worst kept item at its root.
 *
 * SKS_HEAP (name, type, context, is_worse) defines
 *
 *     bool name_offer (type *items, size_t *count, size_t room, context ctx, type *item)
 *         Keep an item: in a free slot if there is one, else in place of the root if that
 *         is worse. Returns whether an item was dropped; *item is then the dropped one.
 *
 * for `bool is_worse (context ctx, const type *a, const type *b)`, a total order. A macro, so that the comparison,
 * which runs for nearly every item, is inlined. */
#ifndef SKS_HEAP_H
#define SKS_HEAP_H

#include <stdbool.h>
#include <stddef.h>

#define SKS_HEAP(name, type, context, is_worse)                                                                        \
    static inline bool name##_offer (type *items, size_t *count, size_t room, context ctx, type *item)                 \
    {                                                                                                                  \
        type added = *item;                                                                                            \
        size_t at = 0;                                                                                                 \
        if (*count < room) {                                                                                           \
            at = (*count)++;                                                                                           \
            for (size_t parent; at && is_worse (ctx, &added, &items[parent = (at - 1) / 2]); at = parent)              \
                items[at] = items[parent];                                                                             \
            items[at] = added;                                                                                         \
            return false;                                                                                              \
        }                                                                                                              \
        if (!room || !is_worse (ctx, &items[0], &added))                                                               \
            return true;                                                                                               \
        *item = items[0];                                                                                              \
        for (size_t child; (child = 2 * at + 1) < *count; at = child) {                                                \
            if (child + 1 < *count)                                                                                    \
                child += is_worse (ctx, &items[child + 1], &items[child]);                                             \
            if (!is_worse (ctx, &items[child], &added))                                                                \
                break;                                                                                                 \
            items[at] = items[child];                                                                                  \
        }                                                                                                              \
        items[at] = added;                                                                                             \
        return true;                                                                                                   \
    }

#endif
