"""A daemon under load while generations are published: each is loaded (in the long form within a second), and no answer
fails."""

import json
import os
import subprocess
import threading
import time

import zmq

import index
import peer

CLIENTS = 6
# Each of them finds statements in every generation.
QUERIES = ["parcels", "pumps ledgers", '"in writing"', "rout*", "teaches OR staff", "level:emerging orders", ""]


class Seen:
    """The time of the first answer from each generation."""

    def __init__(self):
        self.times, self.news = {}, threading.Condition()

    def add(self, generation):
        with self.news:
            if self.times.setdefault(generation, now := time.time()) == now:
                self.news.notify_all()

    def wait(self, generation, until):
        with self.news:
            self.news.wait_for(lambda: generation in self.times, until - time.time())
            return self.times.get(generation, until)


class Asking(threading.Thread):
    """One client that sends requests without a pause until it is stopped. `sizes` are the numbers of statements of even
    and of odd generations."""

    def __init__(self, endpoint, number, sizes, seen):
        super().__init__(daemon=True)
        self.endpoint, self.number, self.sizes, self.seen = endpoint, number, sizes, seen
        self.answers, self.worst, self.flaws, self.going = 0, 0, [], True

    def ask(self, socket):
        self.answers += 1
        request = {"v": 1, "op": "search", "id": str(self.answers), "limit": 5, "facets": ["level"],
                   "q": QUERIES[(self.number + self.answers) % len(QUERIES)]}
        begun = time.monotonic()
        socket.send(json.dumps(request).encode())
        reply = json.loads(socket.recv())
        self.worst = max(self.worst, time.monotonic() - begun)
        if not reply["ok"] or reply["id"] != request["id"] or not reply["total"] or not reply["hits"]:
            self.flaws.append(str(reply))
            return
        self.seen.add(reply["generation"])
        wanted = self.sizes[reply["generation"] % 2]
        if not request["q"] and reply["total"] != wanted:
            self.flaws.append(f"{reply['total']} statements in generation {reply['generation']}, not {wanted}")

    def run(self):
        socket = zmq.Context.instance().socket(zmq.DEALER)
        socket.linger, socket.rcvtimeo = 0, 60_000
        socket.connect(self.endpoint)
        while self.going:
            try:
                self.ask(socket)
            except Exception as problem:  # any exception is a failed answer
                self.flaws.append(repr(problem))
                return


def serve(folder):
    read, write = os.pipe()
    daemon = peer.start([index.BUILD / "skillsearchd", "--index", folder, "--listen", "tcp://127.0.0.1:*",
                               "--ready-fd", str(write)], pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as ready:
        return daemon, ready.readline().strip()


def publish(place, number, seen, limit):
    """Publish generation `number`. Returns the flaw, such as that it is not loaded within `limit` seconds, and the time
    from the change of the link to the first answer."""
    outcome = index.run(place.index, "--only", place.other if number % 2 else place.sources)
    if outcome.returncode:
        return f"exit {outcome.returncode}: {outcome.stderr!r}", 0
    published = os.lstat(os.path.join(place.index, "current")).st_mtime
    took = seen.wait(number, published + peer.PATIENCE_S) - published
    return (f"loaded after {took:.2f} s" if took >= limit else ""), took


def torture(table, place, _random, short):
    index.copy(None, place.index)
    index.run(place.index, place.other)
    sizes, seen = (place.after[0], place.other_size[0]), Seen()
    daemon, endpoint = serve(place.index)
    clients = [Asking(endpoint, i, sizes, seen) for i in range(CLIENTS)]
    for client in clients:
        client.start()
    table.begin("publish under load")
    worst = 0
    for number in range(2, 8 if short else 202):
        flaw, took = publish(place, number, seen, peer.PATIENCE_S if short else 1)
        table.note(f"generation {number}", flaw)
        worst = max(worst, took)
    for client in clients:
        client.going = False
    for client in clients:
        client.join()
    answers, flaws = sum(c.answers for c in clients), [flaw for c in clients for flaw in c.flaws]
    table.note("answers", f"{len(flaws)} failed: {flaws[:3]}" if flaws else "")
    daemon.terminate()
    table.note("the daemon ends", "" if daemon.wait(60) == 0 else f"exit {daemon.returncode}")
    slowest = max(client.worst for client in clients)
    table.end(f"{answers} answers, {len(flaws)} failed, the slowest after {slowest * 1000:.0f} ms; "
              f"loaded within {worst * 1000:.0f} ms")
