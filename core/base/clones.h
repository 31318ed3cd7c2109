/* clones.h - functions that are compiled several times, for processors with more instructions than the oldest one,
 * which programs are built for. The loader selects one; all compute the same, to the last bit.
 *
 * `make check-clones` builds and tests each of them alone, by SKS_CLONE=x86-64-v3 and so on. Not with
 * ThreadSanitizer, which is not initialised when the loader selects, nor with clang
 * 14, which gives the versions no common name. */
#ifndef SKS_CLONES_H
#define SKS_CLONES_H

#if defined(SKS_CLONE)
#define SKS_CLONE_TEXT(arch) #arch
#define SKS_CLONE_TARGET(arch) "arch=" SKS_CLONE_TEXT (arch)
#define SKS_CLONES __attribute__ ((target (SKS_CLONE_TARGET (SKS_CLONE))))
#elif defined(__x86_64__) && !defined(__clang__) && !defined(__SANITIZE_THREAD__)
#define SKS_CLONES __attribute__ ((target_clones ("arch=x86-64-v4", "arch=x86-64-v3", "popcnt", "default")))
#else
#define SKS_CLONES
#endif

#endif
