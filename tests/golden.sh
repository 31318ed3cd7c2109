#!/bin/sh
# golden.sh: see tests/golden.py.
cd "$(dirname "$0")" && exec /usr/bin/python3 -B golden.py "$@"
