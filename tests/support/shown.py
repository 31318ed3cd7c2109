"""Finds bytes of output that a terminal would interpret instead of showing them."""


def obeyed(data):
    """Such characters, and bytes that are not UTF-8; line ends and tabs are allowed."""
    return [c for c in data.decode(errors="surrogateescape")
            if (ord(c) < 32 and c not in "\r\n\t") or 0x7f <= ord(c) < 0xa0 or 0xdc80 <= ord(c) <= 0xdcff
            or c in "\u061c\u200e\u200f" or "\u2028" <= c <= "\u202e" or "\u2066" <= c <= "\u2069"]
