"""bench_http.py INDEX REQUESTS: compares searches through skillsearch-http with the same over ZeroMQ.

REQUESTS is a folder with any.txt, one text per line. The two take turns, ROUNDS (5) runs of SECONDS (1) each at 1, 8
and 64 clients with one request under way each (ZeroMQ: 32 at most); figures are medians. CPU time is that of the
gateway's process, in microseconds per request. One JSON line per number of clients."""

import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import urllib.parse

from gateway import Gateway
from peer import BUILD, Daemon, ask_much

ROUNDS = int(os.environ.get("ROUNDS") or 5)
SECONDS = os.environ.get("SECONDS") or "1"
FACETS = ["level", "sector", "group"]


def write_requests(folder, texts):
    plain, targets = folder / "requests", folder / "targets"
    plain.write_text("".join(json.dumps({"op": "search", "q": text, "limit": 10, "facets": FACETS},
                                        separators=(",", ":"))[1:-1] + "\n" for text in texts))
    targets.write_text("".join("/v1/search?limit=10&facet=level&facet=sector&facet=group&q=" +
                               urllib.parse.quote_plus(text) + "\n" for text in texts))
    return plain, targets


def run_http(gateway, clients, targets):
    before = gateway.cpu_seconds()
    out = subprocess.run([BUILD / "test-http", str(gateway.port), str(clients), SECONDS, targets],
                         capture_output=True, text=True, check=True).stdout
    line = json.loads(out)
    line["cpu_us"] = (gateway.cpu_seconds() - before) / line["requests"] * 1e6
    return line


def median(lines, name):
    return round(statistics.median(line[name] for line in lines), 1)


def main():
    texts = (pathlib.Path(sys.argv[2]) / "any.txt").read_text().splitlines()[:1000]
    with tempfile.TemporaryDirectory() as name:
        plain, targets = write_requests(pathlib.Path(name), texts)
        daemon = Daemon(sys.argv[1])
        gateway = Gateway(daemon.endpoint, "--per-client", "64")
        while gateway.get("/readyz")[0] != 200:
            pass
        for clients in (1, 8, 64):
            zmq, http = [], []
            for _ in range(ROUNDS):
                zmq.append(ask_much(daemon.endpoint, str(min(clients, 32)), "1", SECONDS, plain))
                http.append(run_http(gateway, clients, targets))
            print(json.dumps({
                "clients": clients, "zmq_rate": median(zmq, "rate"), "http_rate": median(http, "rate"),
                "rate_ratio": round(statistics.median(h["rate"] / z["rate"] for h, z in zip(http, zmq)), 2),
                "zmq_p50_us": median(zmq, "p50_us"), "http_p50_us": median(http, "p50_us"),
                "p50_ratio": round(statistics.median(h["p50_us"] / z["p50_us"] for h, z in zip(http, zmq)), 2),
                "gateway_cpu_us": median(http, "cpu_us"), "bad": sum(line["bad"] for line in http)}), flush=True)
        gateway.stop()
        daemon.stop()


if __name__ == "__main__":
    main()
