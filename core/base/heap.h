/* heap.h - the best of many items: a binary heap in an array, with the worst of the kept ones at its root.
 *
 * SKS_HEAP (name, type, context, is_worse) defines
 *
 *     bool name_offer (type *items, size_t *count, size_t room, context ctx, type *item)
 *         Keep an item: in a free place while there is one, else in the place of the
 *         root if that is worse. Returns whether one did not stay; *item is that one.
 *
 * for `bool is_worse (context ctx, const type *a, const type *b)`, a total order. It is
 * compiled for each type, as nearly every item is compared. */
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
