/* zmtp.h - follows the bytes that one connection sends, as ZMTP 1.0, 2.0 and 3.x
 * have them (RFC 13, 15, 23), before libzmq sees them.
 *
 * A ROUTER socket of libzmq 4.3 trusts its peers too much in three respects:
 *
 *   names    a peer may choose its routing id. libzmq makes ids for the others from a
 *            counter, and ends the process when such an id is already in use; and a peer
 *            that takes the id of one that left receives its replies. So names are
 *            removed: every peer gets an id from the counter.
 *   frames   a message may have any number of them, and each costs more work to
 *            receive than to send.
 *   timers   a PING may set a timer for the connection (its time to live), and libzmq
 *            searches all timers of a thread to cancel one. So that time is set to 0,
 *            which sets no timer.
 *
 * A handshake of ZMTP 3 is not parsed: every "Identity" in it is changed into an unknown word, so that no reader
 * finds a name in it. Nothing here depends on threads, descriptors or libzmq. */
#ifndef SKS_ZMTP_H
#define SKS_ZMTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A message of more frames ends its connection. It is more than SKS_MAX_FRAMES, because a proxy has one connection for
 * all its clients: a message with a few frames too many is dropped instead. */
#define SKS_ZMTP_MAX_FRAMES 64

/* The parser state of a connection; all zero at first. */
typedef struct sks_zmtp {
    uint64_t size;   /* of the frame, or the part of this number that was read so far */
    uint64_t left;   /* bytes of the current part that are still to come */
    uint8_t version; /* 1, 2 or 3; 0: not known yet */
    uint8_t part;    /* of a frame: see zmtp.c */
    uint8_t at;      /* bytes of the greeting so far */
    uint8_t flags;   /* of the frame */
    uint8_t letters; /* of "identity" that match at the end; later, of PING */
    uint8_t frames;  /* of the current message so far, without the last one */
    bool curve;      /* the greeting names the mechanism CURVE */
    bool admitted;   /* with CURVE: the daemon sent READY */
    bool greeted;    /* the first frame, which is the handshake's, is over */
} sks_zmtp;

enum sks_zmtp_verdict {
    SKS_ZMTP_GOOD,
    SKS_ZMTP_NAMED,  /* a peer of ZMTP 1.0 or 2.0 chose a name */
    SKS_ZMTP_FRAMES, /* a message has more than SKS_ZMTP_MAX_FRAMES */
    SKS_ZMTP_BROKEN, /* not the ZMTP of any current client */
    SKS_ZMTP_VERDICTS
};

/* Follow the next bytes, and change names in them in place. Returns one of enum
 * sks_zmtp_verdict; with any other than SKS_ZMTP_GOOD, end the connection and discard the bytes. */
int sks_zmtp_follow (sks_zmtp *stream, unsigned char *bytes, size_t size);

/* Examine bytes that the daemon sends: the first ones of one call of send(2). With CURVE, the peer has sent all of
 * its handshake before its key is checked, and if the key is refused, libzmq sends ERROR without closing the
 * connection. */
void sks_zmtp_answer (sks_zmtp *stream, const unsigned char *bytes, size_t size);

/* Whether the handshake is over: the peer sent its frame, or with CURVE the daemon admitted it. */
bool sks_zmtp_handshake_done (const sks_zmtp *stream);

/* The size of the current frame, or of the last one, if the handshake is over; else 0. */
uint64_t sks_zmtp_frame_bytes (const sks_zmtp *stream);

/* Set the time to live of a PING to 0.
 *   command   the body of a command frame, decrypted; anything else is left as it is. */
void sks_zmtp_hide_ttl (unsigned char *command, size_t size);

/* Replace each "identity" in the bytes, in any letter case, by another word.
 *   letters   of it that end directly before the bytes; 0 at a start
 * Returns the letters of it that are at the end of the bytes. */
uint8_t sks_zmtp_hide_names (unsigned char *bytes, size_t size, uint8_t letters);

#endif
