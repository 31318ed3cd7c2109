"""Finds bytes of output that a terminal would interpret instead of showing them."""

import re

OBEYED = re.compile(r"[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\udc80-\udcff\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def obeyed(data):
    """Such characters, and bytes that are not UTF-8; line ends and tabs are allowed."""
    return OBEYED.findall(data.decode(errors="surrogateescape"))
