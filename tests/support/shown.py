"""What a terminal would obey instead of showing it."""


def obeyed(data):
    """Such characters in bytes of output, and bytes that are no UTF-8; line ends and tabs are not among them."""
    return [c for c in data.decode(errors="surrogateescape")
            if (ord(c) < 32 and c not in "\r\n\t") or 0x7f <= ord(c) < 0xa0 or 0xdc80 <= ord(c) <= 0xdcff
            or c in "\u061c\u200e\u200f" or "\u2028" <= c <= "\u202e" or "\u2066" <= c <= "\u2069"]
