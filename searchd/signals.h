/* signals.h - eventfds that need the kernel only while their receiver sleeps.
 *
 * libzmq's threads wake each other by eventfds. For each signal the sender writes, and the receiver waits, polls, reads,
 * and polls again: five system calls, three of them with a known result. Here the count of an eventfd is in memory. Once
 * an eventfd was added to an epoll set, it is written only while a thread waits for that set, and it is never read.
 *
 * libc_hooks.c reports the system calls of libzmq here. The broker and its workers use the same eventfds. */
#ifndef SKS_SIGNALS_H
#define SKS_SIGNALS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/types.h>

/* Keep the counts of eventfds that are created from now on, if this libzmq calls the functions of libc_hooks.c. Call
 * before other threads start. */
void sks_signals_begin (void);

/* An eventfd was created with this count; a descriptor is about to be closed. An eventfd may not be duplicated, and after
 * it was removed from a set it may only be closed. */
void sks_signals_create (int descriptor, unsigned count);
void sks_signals_close (int descriptor);

/* Whether it is an eventfd whose count is kept. */
bool sks_signals_has (int descriptor);

/* As write(2), read(2), epoll_ctl(2) and epoll_wait(2). The thread that waits for a set must be the only one that reads
 * its eventfds. */
ssize_t sks_signals_write (int descriptor, const void *bytes, size_t size);
ssize_t sks_signals_read (int descriptor, void *bytes, size_t size);
int sks_signals_control (int set, int operation, int descriptor, struct epoll_event *event);
int sks_signals_wait (int set, struct epoll_event *events, int max, int timeout);

/* Whether poll(2) for its input without waiting needs no kernel; then *readable is the result. */
bool sks_signals_poll (int descriptor, bool *readable);

#endif
