#!/bin/sh
# e2e.sh: see tests/e2e.py.
cd "$(dirname "$0")" && exec /usr/bin/python3 -B e2e.py
