"""A connection to one daemon or several, without waiting: what the blocking and the asyncio client share."""

from __future__ import annotations

import contextlib
import itertools
import json
import math
import os
import re
import socket as sockets
import time
from typing import Any, Dict, List, Optional, Sequence, Set, Tuple, Union

import zmq
import zmq.auth
import zmq.utils.monitor

from .errors import (AuthError, ConnectError, InvalidArgument, LimitExceeded, ProtocolError, SkillsearchError,
                     error_of)
from .requests import Request
from .types import Hit

DEFAULT_ENDPOINT = "tcp://127.0.0.1:7311"
DEFAULT_TIMEOUT_S = 5.0
MAX_TIMEOUT_S = 2147483  # of poll, in milliseconds
MAX_ENDPOINTS = 8
MAX_REQUEST_BYTES = 65536
MAX_REPLY_BYTES = 16777216
MAX_UNDER_WAY = 128
_RECONNECT_MS = (100, 1000)  # the first pause, and the longest
_RECONNECT_PATIENCE_S = 2.0  # after which ZeroMQ has tried again, if it does

_monitors = itertools.count(1)
_EVENTS = (zmq.EVENT_HANDSHAKE_SUCCEEDED | zmq.EVENT_HANDSHAKE_FAILED_AUTH | zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL
           | zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL | zmq.EVENT_DISCONNECTED)


def endpoints_of(given: Union[str, Sequence[str], None]) -> List[str]:
    """The endpoints that a program names, or the environment."""
    if given is None:
        given = os.environ.get("SKILLSEARCH_ENDPOINT") or DEFAULT_ENDPOINT
    listed = [one.strip(" ") for one in given.split(",")] if isinstance(given, str) else list(given)
    if not 1 <= len(listed) <= MAX_ENDPOINTS:
        raise InvalidArgument(f"1 to {MAX_ENDPOINTS} endpoints, not {len(listed)}")
    for endpoint in listed:
        port = re.fullmatch(r"tcp://.+:(\d{1,5})", endpoint)
        if not (int(port[1]) < 65536 if port else re.fullmatch(r"ipc://.+", endpoint)):
            raise InvalidArgument(f"endpoint '{endpoint}': tcp://HOST:PORT or ipc://PATH is needed")
    return listed


def _listens(endpoint: str, timeout_s: float) -> Optional[OSError]:
    """Why a plain connection fails; None if something listens."""
    kind, _, place = endpoint.partition("://")
    try:
        if kind == "tcp":
            host, _, port = place.rpartition(":")
            sockets.create_connection((host.strip("[]"), int(port)), timeout_s).close()
        else:
            with sockets.socket(sockets.AF_UNIX) as probe:
                probe.settimeout(timeout_s)
                probe.connect("\0" + place[1:] if place.startswith("@") else place)
    except ValueError as error:
        raise InvalidArgument(f"endpoint '{endpoint}': {error}") from None
    except OSError as error:
        return error
    return None


def probe(endpoints: Sequence[str], timeout: float) -> None:
    """Wait until something listens at one of the endpoints; ConnectError if nothing does."""
    end = time.monotonic() + timeout
    for number, one in enumerate(endpoints):
        left = (end - time.monotonic()) / (len(endpoints) - number)
        failure = _listens(one, max(left, 0.001))
        if not failure:
            return
    raise ConnectError(f"nothing answers at {','.join(endpoints)}: {failure}")


def _certificate(path: str, secret: bool) -> Tuple[bytes, Optional[bytes]]:
    try:
        public, private = zmq.auth.load_certificate(path)
    except (OSError, ValueError) as error:
        raise InvalidArgument(f"{path}: {error}") from None
    if secret and private is None:
        raise InvalidArgument(f"{path}: this certificate has no secret key")
    if not secret and private is not None:
        raise InvalidArgument(f"{path}: this certificate has a secret key; the daemon's public one is needed")
    return public, private


class Connection:
    """A DEALER socket with its monitor, the ids of requests, and the reading of replies. Nothing blocks.

    Both descriptors of ZeroMQ are edge-triggered: read until `receive` and `observe` have no more.
    """

    def __init__(self, endpoint: str, server_key: Optional[str], client_key: Optional[str], timeout: float) -> None:
        if not isinstance(timeout, (int, float)) or not 0 < timeout <= MAX_TIMEOUT_S:
            raise InvalidArgument(f"a timeout of {timeout} s: more than 0 is needed, at most {MAX_TIMEOUT_S}")
        self.endpoint = endpoint
        server_key = server_key or os.environ.get("SKILLSEARCH_SERVER_KEY")
        client_key = client_key or os.environ.get("SKILLSEARCH_CLIENT_KEY")
        if bool(server_key) != bool(client_key):
            raise InvalidArgument("give both keys, the daemon's and the client's, or neither")
        server = _certificate(server_key, False) if server_key else None
        client = _certificate(client_key, True) if client_key else None
        self._process = os.getpid()
        self._ids = itertools.count(1)
        self._keyed = bool(server)
        self._connected: Set[str] = set()  # addresses as the monitor names them
        self._known: Set[str] = set()  # those that were connected at some time
        self._failures: Dict[str, AuthError] = {}
        self._stopped = False
        self._lost_s = math.inf  # time.monotonic() when a connection ended; inf: since then renewed, or never
        try:
            self.socket = zmq.Context.instance().socket(zmq.DEALER)
            self.socket.linger = 0
            self.socket.set(zmq.IMMEDIATE, 1)  # nothing is queued for an endpoint that is not there
            self.socket.set(zmq.IPV6, int("[" in endpoint))
            self.socket.set(zmq.MAXMSGSIZE, MAX_REPLY_BYTES)
            self.socket.set(zmq.RCVHWM, MAX_UNDER_WAY)
            self.socket.set(zmq.RECONNECT_IVL, _RECONNECT_MS[0])
            self.socket.set(zmq.RECONNECT_IVL_MAX, _RECONNECT_MS[1])
            if server and client:
                self.socket.curve_serverkey = server[0]
                self.socket.curve_publickey, self.socket.curve_secretkey = client
            self._start_monitor()
        except zmq.ZMQError as error:
            raise ConnectError(f"cannot make a socket: {error}") from None

    def _start_monitor(self) -> None:
        """As get_monitor_socket, but without a limit: if nobody reads a monitor and it fills up, libzmq blocks all
        connections of the process."""
        address = f"inproc://skillsearch-{next(_monitors)}"  # one that was closed keeps its address for a while
        self.monitor = self.socket.context.socket(zmq.PAIR)
        self.monitor.linger = 0
        self.monitor.set(zmq.RCVHWM, 0)
        self.socket.monitor(address, _EVENTS)
        self.monitor.connect(address)

    def connect(self) -> None:
        try:
            self.socket.connect(self.endpoint)
        except zmq.ZMQError as error:
            raise InvalidArgument(f"endpoint '{self.endpoint}': {error}") from None

    def close(self) -> None:
        """Close both sockets. In the child of a fork they belong to the parent, and stay as they are."""
        if not self.closed:
            self.socket.monitor(None, 0)
            self.monitor.close()
            self.socket.close()

    @property
    def connected(self) -> bool:
        return bool(self._connected)

    @property
    def closed(self) -> bool:
        """Closed, or of another process."""
        return self._process != os.getpid() or bool(self.socket.closed)

    def frame(self, request: Request[Any]) -> Tuple[str, bytes]:
        """The id of a new request, and its bytes."""
        if self._process != os.getpid():
            raise InvalidArgument("the client belongs to the process that opened it")
        if self.closed:
            raise InvalidArgument("the client is closed")
        name = str(next(self._ids))
        try:
            data = json.dumps({"v": 1, "id": name, "op": request.op, **request.members}, ensure_ascii=False,
                              separators=(",", ":"), allow_nan=False).encode()
        except (TypeError, ValueError, RecursionError) as error:
            raise InvalidArgument(f"{request.op}: {error}") from None
        if len(data) > MAX_REQUEST_BYTES:
            raise LimitExceeded(f"a request of {len(data)} bytes, at most {MAX_REQUEST_BYTES}")
        return name, data

    def send(self, data: bytes) -> bool:
        """Send without blocking. False if there is no connection now.

        Libzmq reports that a connection ended before it removes its pipe, and drops what is written to that pipe. So
        nothing is sent until the monitor has reported the next connection; reading the events then makes the socket
        remove the old pipe.
        """
        if not self._connected:
            return False
        self.socket.get(zmq.EVENTS)
        try:
            self.socket.send(data, zmq.NOBLOCK)
        except zmq.Again:
            return False
        return True

    def receive(self) -> Optional[Tuple[Optional[str], Dict[str, Any]]]:
        """A reply and the id that it names, None for one that names no request; None when nothing has come."""
        try:
            frames = self.socket.recv_multipart(zmq.NOBLOCK)
        except zmq.Again:
            return None
        if len(frames) != 1:
            raise ProtocolError(f"a reply of {len(frames)} frames")
        try:
            reply = json.loads(frames[0].decode())
        except (ValueError, RecursionError) as error:
            raise ProtocolError(f"a reply that is not JSON: {error}") from None
        if not isinstance(reply, dict) or reply.get("v") != 1 or not isinstance(reply.get("ok"), bool):
            raise ProtocolError("this is not a reply of version 1")
        name = reply.get("id")
        if "id" in reply and not isinstance(name, str):
            raise ProtocolError("a reply whose id is no text")
        return name, reply

    def observe(self) -> bool:
        """Read the events of the monitor. Whether requests that were sent are lost: the only connection ended."""
        lost = False
        while True:
            try:
                event = zmq.utils.monitor.parse_monitor_message(self.monitor.recv_multipart(zmq.NOBLOCK))
            except zmq.Again:
                return lost
            kind, address = event["event"], event["endpoint"].decode()
            if kind == zmq.EVENT_HANDSHAKE_SUCCEEDED:
                self._connected.add(address)
                self._known.add(address)
                self._failures.pop(address, None)
            elif address in self._connected:
                self._connected.remove(address)
                self._lost_s = time.monotonic()
                lost = True
            elif kind == zmq.EVENT_HANDSHAKE_FAILED_AUTH:
                self._failures[address] = AuthError("the daemon does not know this client's key")
                self._stopped = True
            elif kind != zmq.EVENT_DISCONNECTED or address not in self._known:
                self._stopped |= kind == zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL
                self._failures.setdefault(address, AuthError(
                    "the server key is not this daemon's, or the daemon uses no keys" if self._keyed
                    else "the daemon requires keys, or this is no skillsearchd"))

    def failure(self) -> Optional[SkillsearchError]:
        """Why no request can be sent, when the endpoint has refused the connection."""
        return None if self._connected else next(iter(self._failures.values()), None)

    def renew(self) -> None:
        """Forget failures, and connect again where ZeroMQ does not: after a daemon refused the key or spoke with other keys,
        and after it sent more than MAX_REPLY_BYTES. The last one looks like any other end of a connection, so ZeroMQ gets
        time for its own tries."""
        stopped = self._stopped or time.monotonic() - self._lost_s > _RECONNECT_PATIENCE_S
        if stopped and not self._connected:
            with contextlib.suppress(zmq.ZMQError):  # already disconnected
                self.socket.disconnect(self.endpoint)
            self.connect()
            self._lost_s = math.inf
        self._stopped = False
        self._failures.clear()

    def unsent(self, timeout: float) -> SkillsearchError:
        """The error of a request that could not be sent in time."""
        for error in self._failures.values():
            return error
        return ConnectError(f"no connection to {self.endpoint} within {timeout:g} s")

    def lost(self) -> ConnectError:
        """The error of a request whose connection ended."""
        return ConnectError(f"{self.endpoint} closed the connection before it answered")


def result(reply: Dict[str, Any]) -> Dict[str, Any]:
    """A good reply; raises the error of another one."""
    if not reply["ok"]:
        raise error_of(reply)
    return reply


def parts(reply: Any, count: int, return_errors: bool) -> List[Any]:
    """The replies of a multi. Raises the first error, or with return_errors leaves each in its place."""
    replies = reply.get("replies")
    if not isinstance(replies, list) or len(replies) != count or not all(
            isinstance(part, dict) and isinstance(part.get("ok"), bool) for part in replies):
        raise ProtocolError("a multi whose replies are not those of its requests")
    found = [part if part["ok"] else error_of(part) for part in replies]
    for part in found:
        if isinstance(part, Exception) and not return_errors:
            raise part
    return found


def page(reply: Any) -> Tuple[List[Hit], Any]:
    """The statements of a page of scan, and the cursor of the next page, None after the last."""
    hits, cursor = reply.get("hits"), reply.get("cursor", 0)
    if not isinstance(hits, list) or not (cursor is None or isinstance(cursor, str)):
        raise ProtocolError("a page of scan without `hits` or `cursor`")
    return hits, cursor
