"""Several daemons on one index, and clients of the library that ask all of them (tests/system/clients.c)."""

import json
import signal
import subprocess

from peer import BUILD, Daemon, start

PATIENCE_S = 120


class Replicas:
    """Daemons that listen on sockets in a folder."""

    def __init__(self, index, folder, count, *arguments):
        self.daemons = [Daemon(index, "--workers", "2", *arguments, listen=f"ipc://{folder}/{number}")
                        for number in range(count)]
        self.endpoints = ",".join(one.endpoint for one in self.daemons)
        self.signalled = {}

    def searches(self):
        """The searches that each daemon has decoded."""
        return [one.peer().ask(op="stats")["requests"]["search"] for one in self.daemons]

    def signal(self, index, number):
        self.daemons[index].process.send_signal(number)
        self.signalled[index] = number

    def stop(self):
        for index, one in enumerate(self.daemons):
            if self.signalled.get(index) == signal.SIGSTOP:
                one.process.send_signal(signal.SIGCONT)
            if self.signalled.get(index) in (None, signal.SIGSTOP):
                one.stop()
            else:
                one.process.wait(timeout=PATIENCE_S)


class Clients:
    """Clients that ask until `finish`, with the default time limit or another one. The constructor returns when each has
    an answer."""

    def __init__(self, endpoints, count, kind, *timeout_ms):
        self.process = start([BUILD / "test-clients", endpoints, str(count), kind, *map(str, timeout_ms)], stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE, text=True)
        self._read("ready")

    def _read(self, wanted):
        line = self.process.stdout.readline()
        if not line.startswith(wanted):
            raise AssertionError(f"'{line}' instead of '{wanted}'")

    def answer(self, hundreds):
        """Wait for further answers."""
        for _ in range(hundreds):
            self._read("answered")

    def finish(self):
        out, _ = self.process.communicate(timeout=PATIENCE_S)
        return json.loads(out.splitlines()[-1])
