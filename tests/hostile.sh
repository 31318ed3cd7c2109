#!/bin/sh
# hostile.sh: see tests/hostile.py.
cd "$(dirname "$0")" && exec /usr/bin/python3 -B hostile.py
