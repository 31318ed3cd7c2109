"""The client library under stress (library.c), with one daemon and with two: allocations that fail, what belongs to the
host program, and a thousand clients one after the other."""

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
        daemons = [Daemon(pathlib.Path(place) / "index") for _ in range(2)]
        several = ",".join(one.endpoint for one in daemons)
        codes = [subprocess.run([BUILD / "test-library"], cwd=place, env={**os.environ, "SKILLSEARCH_ENDPOINT": endpoint},
                                check=False).returncode for endpoint in (daemons[0].endpoint, several)]
        for one in daemons:
            one.stop()
    return max(codes)


sys.exit(main())
