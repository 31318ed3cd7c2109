#!/bin/sh
# unit.sh: see tests/unit.py.
cd "$(dirname "$0")" && exec /usr/bin/python3 -B unit.py
