/* notify.h - reports the state of the service to the service manager (sd_notify(3)). */
#ifndef SKS_NOTIFY_H
#define SKS_NOTIFY_H

/* Send a state such as "READY=1" to the socket that $NOTIFY_SOCKET names: a path,
 * or an abstract name after "@". Does nothing when the variable is not set; a
 * failure is logged (notify_failed) and otherwise ignored. */
void sks_notify (const char *state);

#endif
