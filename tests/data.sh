#!/bin/sh
# data.sh: see tests/data.py.
cd "$(dirname "$0")" && exec /usr/bin/python3 -B data.py
