"""The client library under stress (library.c), with a daemon of its own: allocations that fail, what belongs to the host
program, and a thousand clients one after the other."""

import os
import pathlib
import subprocess
import sys
import tempfile

from peer import BUILD, Daemon, index
from variables import variable


def main():
    with tempfile.TemporaryDirectory() as place:
        index(pathlib.Path(place) / "index", variable("SKS_CORPUS"))
        daemon = Daemon(pathlib.Path(place) / "index")
        run = subprocess.run([BUILD / "test-library"], cwd=place, env={**os.environ, "SKILLSEARCH_ENDPOINT": daemon.endpoint}, check=False)
        daemon.stop()
    return run.returncode


sys.exit(main())
