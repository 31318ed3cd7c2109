/* libc_hooks.h - functions that libzmq calls instead of those of libc and libsodium.
 *
 * libc_hooks.c defines accept4(2), send(2), recv(2), close(2), epoll_ctl(2), epoll_wait(2), eventfd(2), read(2),
 * write(2), poll(2), getpid(2), crypto_box_open(3) and crypto_box_open_afternm(3). A dynamic library's call finds the
 * program's function first, so linking that file is enough; tests/lint/symbols.sh compares them with the functions that libzmq imports. A libzmq that calls other
 * functions bypasses them; the functions below show this. */
#ifndef SKS_LIBC_HOOKS_H
#define SKS_LIBC_HOOKS_H

#include <stdbool.h>

/* Whether accept4 was ever called for a connection, and crypto_box_open for the names of a client with a key. Any
 * thread. */
bool sks_libc_hooks_accepted (void);
bool sks_libc_hooks_opened (void);

#endif
