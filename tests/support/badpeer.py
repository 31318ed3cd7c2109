"""What a bad peer may send: connections that are not ZMTP, handshakes that stop, frames with false sizes, invalid
requests. Used by the load tests."""

import random
import socket
import struct
import time

import zmq

from peer import LOOK_S, PATIENCE_S

EVERY_OPERATION = [
    '"op":"get","ids":["43-9051.00/emerging/a831cc6ec7cc","nope"]',
    '"op":"similar","statement":"43-9051.00/emerging/a831cc6ec7cc","exclude":["occupation"]',
    '"op":"compare","occupation":"43-9051.00"',
    '"op":"crosswalk","occupations":["25-2021.00","47-2111.00"]',
    '"op":"map","text":"Sorts mail. She trains new clerks.","limit":2',
    '"op":"suggest","text":"mai"',
    '"op":"facet_values","q":"mail","facet":{"name":"occupation","limit":3}',
    '"op":"analyze","q":"the rout* mail NEAR/3 clerk NOT level:advanced"',
    '"op":"scan","q":"mail","limit":50',
    '"op":"multi","requests":[{"op":"search","q":"mail"},{"op":"health"},{"op":"search","q":"("}]',
    '"op":"hello"', '"op":"health"', '"op":"stats"',
    '"op":"search","q":"","sort":"-level","filter":{"level":["advanced"],"zone":{"min":2}},"want":["marked","explain"]',
]
BAD_REQUESTS = [
    '"op":"search","q":"mail AND"', '"op":"search","limit":1000', '"op":"fly"', '"op":"search","filtre":{}',
    '"op":"search","q":"' + "(" * 500 + '"', '"op":"search","filter":{"level":[' + ",".join(["1"] * 6000) + "]}",
    '"op":"search","q":"m*"', '"op":"map","text":""', '"op":"search","x":' + "[" * 40 + "]" * 40,
]


def levels_of(export):
    """The lists of statements of an export, for the caller to change."""
    return [level["statements"] for level in export["framework"]["levels"].values()]


def address_of(endpoint):
    scheme, rest = endpoint.split("://")
    if scheme == "ipc":
        return rest
    host, port = rest.rsplit(":", 1)
    return host, int(port)


# ------------------------------------------------------------ raw connections
def greeting(mechanism=b"NULL", version=3):
    return b"\xff" + bytes(8) + b"\x7f" + bytes([version, 0]) + mechanism.ljust(20, b"\0") + bytes(32)


READY_BODY = b"\x05READY" + b"\x0bSocket-Type" + struct.pack(">I", 6) + b"DEALER"
HANDSHAKE = greeting() + b"\x04" + bytes([len(READY_BODY)]) + READY_BODY


PING = b"\x04\x07\x04PING\0\0"
PING_WITH_A_LIFE = b"\x04\x07\x04PING\xff\xff"  # the daemon may close the connection after 6,553.5 s without a message
FIRST_NUMBER = 0x6b8b4567  # begins libzmq's ids of peers in a process that has not seeded rand()


def number(value):
    """The routing id that libzmq derives from it."""
    return b"\0" + struct.pack(">I", value)


def named(version, name):
    """The handshake of a peer that chooses its own name, in ZMTP 1.0, 2.0 or 3.0."""
    if version == 1:
        return bytes([1 + len(name), 0]) + name
    if version == 2:
        return b"\xff" + bytes(8) + b"\x7f\x01\x05\0" + bytes([len(name)]) + name
    body = READY_BODY + b"\x08Identity" + struct.pack(">I", len(name)) + name
    return greeting() + b"\x04" + bytes([len(body)]) + body


def frame(body):
    return b"\0" + bytes([len(body)]) + body


def garbage(chance):
    return chance.randbytes(chance.randint(1, 300))


RAW = {
    "closed": lambda chance: b"",
    "garbage": garbage,
    "half_greeting": lambda chance: greeting()[:chance.randint(1, 63)],
    "old_or_new": lambda chance: greeting(version=chance.choice([0, 1, 2, 9, 255])) + garbage(chance),
    "other_mechanism": lambda chance: greeting(chance.choice([b"CURVE", b"PLAIN", b"x" * 20])) + garbage(chance),
    "half_handshake": lambda chance: HANDSHAKE[:chance.randint(64, len(HANDSHAKE) - 1)],
    "bad_command": lambda chance: greeting() + b"\x04" + bytes([chance.randint(0, 255)]) + garbage(chance),
    "huge_frame": lambda chance: HANDSHAKE + b"\x02" + struct.pack(">Q", chance.choice([262145, 1 << 40, (1 << 64) - 1])),
    "half_frame": lambda chance: HANDSHAKE + b"\x00\xc8" + garbage(chance)[:150],
    "endless_message": lambda chance: HANDSHAKE + b"\x01\x00" * chance.randint(1, 2000),
    "junk_request": lambda chance: HANDSHAKE + b"\x00" + bytes([len(junk := chance.randbytes(99))]) + junk,
    "http": lambda chance: b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
}


def connect_raw(endpoint, chance):
    address = address_of(endpoint)
    family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
    one = socket.socket(family, socket.SOCK_STREAM)
    one.settimeout(PATIENCE_S)
    if family == socket.AF_INET:
        # Another source address each time: one address has only 28,000 ports.
        one.bind((f"127.{chance.randint(1, 250)}.{chance.randint(0, 250)}.{chance.randint(1, 250)}", 0))
        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", chance.randint(0, 1), 0))
    one.connect(address)
    return one


def shake_hands(one):
    """Send the handshake and wait for that of the daemon: a message sent before would be read as a part of ours."""
    one.sendall(HANDSHAKE)
    said = b""
    while b"READY" not in said:
        said += (more := one.recv(1000))
        if not more:
            raise ConnectionError("the daemon closed the connection")


def attack_raw(endpoints, chance, shape, kept):
    try:
        one, sent = connect_raw(chance.choice(endpoints), chance), RAW[shape](chance)
        if sent.startswith(HANDSHAKE):
            shake_hands(one)
            sent = sent[len(HANDSHAKE):]
        one.sendall(sent)
        kept.append(one)
    except OSError:
        pass  # the daemon may close the connection
    if len(kept) > 50:
        kept.pop(chance.randrange(len(kept))).close()


# ---------------------------------------------------------------- bad frames
FRAMES = [
    lambda chance: [b""], lambda chance: [chance.randbytes(chance.randint(1, 200))], lambda chance: [b"[" * 60000],
    lambda chance: [b"[" + b"1," * 32000 + b"1]"], lambda chance: [b"a", b"b"], lambda chance: [b"", b"a", b"b"],
    lambda chance: [b""] * 50, lambda chance: [b"x"] * 500, lambda chance: [b"", b'{"v":1,"op":"health"}', b""],
    lambda chance: [b'{"v":1,"op":"search","q":"' + b"\\u0061" * 5000 + b'"}'], lambda chance: [b"\0" * 65536],
    lambda chance: [b"\xff\xfe" * 100], lambda chance: [b'{"v":1,"v":1,"op":"health"}'],
    lambda chance: [b'{"v":1e999,"op":"health"}'], lambda chance: [b"x" * 65537], lambda chance: [b"x" * 262145],
]


def attack(endpoints, count, seed=7):
    """Returns the numbers of connections and messages."""
    chance = random.Random(seed)
    sockets = []
    for endpoint in endpoints:
        sockets.append(zmq.Context.instance().socket(zmq.DEALER))
        sockets[-1].setsockopt(zmq.LINGER, 0)
        sockets[-1].setsockopt(zmq.SNDTIMEO, 1000)
        sockets[-1].connect(endpoint)
    kept, shapes, messages = [], list(RAW), 0
    for i in range(count):
        if i % 5:
            attack_raw(endpoints, chance, shapes[i % len(shapes)], kept)
            continue
        one = chance.choice(sockets)
        try:
            one.send_multipart(chance.choice(FRAMES)(chance))
            messages += 1
            while one.poll(0):
                one.recv_multipart()
        except zmq.Again:
            pass
    for one in kept + sockets:
        one.close()
    return {"connections": count - (count + 4) // 5, "messages": messages}


def settle(daemon, peer, descriptors):
    """Request "health" until the daemon has closed the connections of others, that is, until it has `descriptors`
    descriptors again, or until PATIENCE_S has passed."""
    end = time.monotonic() + PATIENCE_S
    while daemon.descriptors() > descriptors and time.monotonic() < end:
        peer.ask("health")
        time.sleep(LOOK_S)
