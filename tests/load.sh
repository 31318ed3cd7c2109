#!/bin/sh
# load.sh [CASE...]: see tests/load.py.
cd "$(dirname "$0")" && exec /usr/bin/python3 -B load.py "$@"
