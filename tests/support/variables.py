"""The variables of the environment that tests need. A script that is started by hand without one says so."""

import os
import sys

MEANINGS = {
    "SKS_BUILD": "the folder with the programs, such as $PWD/build",
    "SKS_CORPUS": "the folder with the sample exports, such as $PWD/corpus",
}


def variable(name):
    value = os.environ.get(name)
    if not value:
        sys.exit(f"{name} is not set: {MEANINGS[name]}")
    return value
