/* memory.h - the memory of the program, so that the system gives it in large pieces. */
#ifndef SKS_MEMORY_H
#define SKS_MEMORY_H

/* Call it first in the program. A run takes up to hundreds of MiB, and most of it once: malloc(3) gets large blocks
 * from the system and returns them, so each page that is used costs an interruption of the processor and is cleared
 * again after it was freed. Afterwards malloc keeps what was freed, and 2 MiB cost one interruption. */
void sks_memory_prepare (void);

/* Return what was freed to the system. */
void sks_memory_release (void);

#endif
