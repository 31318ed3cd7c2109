"""A connection to one daemon or several, without waiting: what the blocking and the asyncio client share."""

from __future__ import annotations

import itertools
import json
import os
import socket as sockets
from typing import Any, Dict, List, Optional, Sequence, Tuple, Union

import zmq
import zmq.auth
import zmq.utils.monitor

from .errors import AuthError, ConnectError, InvalidArgument, LimitExceeded, ProtocolError, error_of
from .requests import Request

DEFAULT_ENDPOINT = "tcp://127.0.0.1:7311"
DEFAULT_TIMEOUT_S = 5.0
MAX_ENDPOINTS = 8
MAX_REQUEST_BYTES = 65536
MAX_UNDER_WAY = 128

_EVENTS = (zmq.EVENT_HANDSHAKE_SUCCEEDED | zmq.EVENT_HANDSHAKE_FAILED_AUTH | zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL
           | zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL | zmq.EVENT_DISCONNECTED)


def _endpoints(given: Union[str, Sequence[str], None]) -> List[str]:
    if given is None:
        given = os.environ.get("SKILLSEARCH_ENDPOINT") or DEFAULT_ENDPOINT
    listed = given.split(",") if isinstance(given, str) else list(given)
    if not 1 <= len(listed) <= MAX_ENDPOINTS:
        raise InvalidArgument(f"1 to {MAX_ENDPOINTS} endpoints, not {len(listed)}")
    for endpoint in listed:
        if not endpoint.startswith(("tcp://", "ipc://")):
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
    """A DEALER socket with its monitor, the ids of requests, and the reading of replies.

    Both sockets are of the class that the context makes: zmq.Context or zmq.asyncio.Context.
    """

    def __init__(self, context: Any, endpoint: Union[str, Sequence[str], None], server_key: Optional[str],
                 client_key: Optional[str], timeout: float) -> None:
        self.endpoints = _endpoints(endpoint)
        server_key = server_key or os.environ.get("SKILLSEARCH_SERVER_KEY")
        client_key = client_key or os.environ.get("SKILLSEARCH_CLIENT_KEY")
        if bool(server_key) != bool(client_key):
            raise InvalidArgument("give both keys, the daemon's and the client's, or neither")
        failures = [_listens(one, timeout) for one in self.endpoints]
        if all(failures):
            raise ConnectError(f"nothing answers at {','.join(self.endpoints)}: {failures[0]}")
        self._process = os.getpid()
        self._ids = itertools.count(1)
        self.keyed = bool(server_key)
        self.socket = context.socket(zmq.DEALER)
        self.socket.linger = 0
        self.socket.set(zmq.IMMEDIATE, 1)  # nothing is queued for an endpoint that is not there
        if server_key and client_key:
            self.socket.curve_serverkey, _ = _certificate(server_key, False)
            self.socket.curve_publickey, self.socket.curve_secretkey = _certificate(client_key, True)
        self.monitor = self.socket.get_monitor_socket(_EVENTS)
        self._ready = False
        for one in self.endpoints:
            self.socket.connect(one)

    def close(self) -> None:
        """Close both sockets. In the child of a fork they belong to the parent, and stay as they are."""
        if self._process == os.getpid() and not self.socket.closed:
            self.socket.disable_monitor()
            self.socket.close()

    @property
    def closed(self) -> bool:
        return bool(self.socket.closed)

    def frame(self, request: Request[Any]) -> Tuple[str, bytes]:
        """The id of a new request, and its bytes."""
        if self._process != os.getpid():
            raise InvalidArgument("the client belongs to the process that opened it")
        if self.socket.closed:
            raise InvalidArgument("the client is closed")
        name = str(next(self._ids))
        try:
            data = json.dumps({"v": 1, "id": name, "op": request.op, **request.members}, ensure_ascii=False,
                              separators=(",", ":"), allow_nan=False).encode()
        except (TypeError, ValueError) as error:
            raise InvalidArgument(f"{request.op}: {error}") from None
        if len(data) > MAX_REQUEST_BYTES:
            raise LimitExceeded(f"a request of {len(data)} bytes, at most {MAX_REQUEST_BYTES}")
        return name, data

    def reply(self, data: bytes) -> Tuple[Optional[str], Dict[str, Any]]:
        """A reply and the id that it names, None for one that names no request."""
        try:
            reply = json.loads(data)
        except ValueError as error:
            raise ProtocolError(f"a reply that is not JSON: {error}") from None
        if not isinstance(reply, dict) or reply.get("v") != 1 or not isinstance(reply.get("ok"), bool):
            raise ProtocolError("this is not a reply of version 1")
        name = reply.get("id")
        return name if isinstance(name, str) else None, reply

    def event(self, frames: List[bytes]) -> Optional[AuthError]:
        """The error that an event of the monitor means, if any."""
        event = zmq.utils.monitor.parse_monitor_message(frames)["event"]
        if event == zmq.EVENT_HANDSHAKE_SUCCEEDED:
            self._ready = True
        if self._ready:
            return None
        if event == zmq.EVENT_HANDSHAKE_FAILED_AUTH:
            return AuthError("the daemon does not know this client's key")
        return AuthError("the server key is not this daemon's, or the daemon uses no keys" if self.keyed
                         else "the daemon requires keys, or this is no skillsearchd")



def result(reply: Dict[str, Any]) -> Dict[str, Any]:
    """A good reply; raises the error of another one."""
    if not reply["ok"]:
        raise error_of(reply)
    return reply


def parts(reply: Dict[str, Any], count: int) -> List[Any]:
    """The replies of a multi, each a dictionary or the error in its place."""
    replies = reply.get("replies")
    if not isinstance(replies, list) or len(replies) != count or not all(
            isinstance(part, dict) and isinstance(part.get("ok"), bool) for part in replies):
        raise ProtocolError("a multi whose replies are not those of its requests")
    return [part if part["ok"] else error_of(part) for part in replies]
