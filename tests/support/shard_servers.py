"""Real xapian-tcpsrv processes for an index in shards, and servers of something else."""

import os
import shutil
import signal
import socket
import subprocess
import threading

from peer import Port, index, start


class Server:
    """A xapian-tcpsrv on a free port of the loopback, ready when the constructor returns."""

    def __init__(self, path, port, *arguments):
        self.process = start(["xapian-tcpsrv", "--interface", "127.0.0.1", "--port", str(port.number), *arguments, path],
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)
        for line in self.process.stdout:
            if line.startswith("Listening"):
                return
        raise AssertionError(f"xapian-tcpsrv ended with {self.process.wait()}")

    def stop(self):
        """The process of each connection is in the group."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def serve(place, exports, shards):
    """Index with shards.conf, and start the servers of the shards."""
    ports = [Port() for _ in range(shards)]
    place.mkdir()
    (place / "shards.conf").write_text("".join(f"127.0.0.1:{port.number}\n" for port in ports))
    index(place, exports, arguments=["--shards", str(shards)])
    return ports, [Server(place / "current" / f"shard-{i}", port) for i, port in enumerate(ports)]


class Mute:
    """Accepts connections, and sends at most a greeting."""

    def __init__(self, port, greeting=None):
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind(("127.0.0.1", port.number))
        self.listener.listen()
        self.greeting = greeting
        self.accepted = []
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.accepted.append(connection)
            if self.greeting:
                connection.sendall(self.greeting)

    def stop(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.thread.join()
        for one in [self.listener, *self.accepted]:
            one.close()


def copy_front(place, front):
    """What the machine with the daemon needs: two files of the generation, and the link."""
    (front / "gen-1").mkdir(parents=True)
    for name in ("statements", "shards"):
        shutil.copy(place / "gen-1" / name, front / "gen-1")
    (front / "current").symlink_to("gen-1")
