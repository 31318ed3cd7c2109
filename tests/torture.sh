#!/bin/sh
# torture.sh: a few tries of each case of `make torture`.
exec /usr/bin/python3 -B "$(dirname "$0")/torture/main.py" --short
