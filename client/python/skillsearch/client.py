"""The blocking client."""

from __future__ import annotations

import contextlib
import functools
import threading
import time
from types import TracebackType
from typing import TYPE_CHECKING, Any, Callable, Dict, Generator, Iterable, List, Optional, Sequence, Tuple, Type, TypeVar, Union, cast

import zmq

from . import requests
from .connection import DEFAULT_TIMEOUT_S, Connection, endpoints_of, page, parts, probe, result
from .errors import (Busy, ConnectError, DeadlineExceeded, GenerationChanged, InvalidArgument, NotFound, SkillsearchError,
                     error_of)
from .requests import Request
from .ring import Ring, moves_on, patience
from .types import Hit

if TYPE_CHECKING:
    from typing_extensions import Concatenate, ParamSpec

    P = ParamSpec("P")
    Q = ParamSpec("Q")

R = TypeVar("R")


def _asks(build: Callable[P, Request[R]]) -> Callable[Concatenate[Client, P], R]:
    """A method that makes a request and asks it."""

    @functools.wraps(build)
    def method(self: Client, *args: P.args, **members: P.kwargs) -> R:
        return self.ask(build(*args, **members))

    return cast("Callable[Concatenate[Client, P], R]", method)


def _scans(build: Callable[Q, Request[Any]]) -> Callable[Concatenate[Client, Q], Generator[Hit, None, None]]:
    """A method that asks one page after the other and gives their statements."""

    @functools.wraps(build)
    def method(self: Client, *args: Q.args, **members: Q.kwargs) -> Generator[Hit, None, None]:
        hits, cursor = page(self.ask(build(*args, **members)))
        yield from hits
        while cursor is not None:
            try:
                hits, cursor = page(self.ask(build(*args, **{**members, "cursor": cursor})))
            except NotFound as error:
                raise GenerationChanged(error.message) from None
            yield from hits

    return cast("Callable[Concatenate[Client, Q], Generator[Hit, None, None]]", method)


class Client:
    """Asks a daemon and waits for the answer.

    endpoint: "tcp://HOST:PORT" or "ipc://PATH"; several, as a list or separated by commas, have copies of one index
    and share the requests: each begins at the next one, and goes to another one when the daemon is busy, stopping,
    unavailable or lost, or has not answered after a tenth of the timeout (at least 0.1 s); the first answer counts. None:
    $SKILLSEARCH_ENDPOINT, else tcp://127.0.0.1:7311. server_key, client_key: files with the daemon's public and our
    secret certificate; both or neither. None: $SKILLSEARCH_SERVER_KEY and $SKILLSEARCH_CLIENT_KEY. timeout: seconds
    that opening and each call may take.

    Opening raises ConnectError when nothing listens, and InvalidArgument for wrong endpoints or keys. A call raises
    one of the errors of the protocol, AuthError, ConnectError, DeadlineExceeded (no answer in time) or ProtocolError.
    After an error the next call works. A client belongs to one thread at a time, and to the process that opened it.
    """

    def __init__(self, endpoint: Union[str, Sequence[str], None] = None, *, server_key: Optional[str] = None,
                 client_key: Optional[str] = None, timeout: float = DEFAULT_TIMEOUT_S) -> None:
        self.timeout = timeout
        self._used = threading.Lock()
        endpoints = endpoints_of(endpoint)
        self._connections: List[Connection] = []
        try:
            for one in endpoints:
                self._connections.append(Connection(one, server_key, client_key, timeout))
            probe(endpoints, timeout)
            for connection in self._connections:
                connection.connect()
        except BaseException:
            self.close()
            raise
        self._connection = self._connections[0]
        self._ring = Ring(endpoints, self._connections)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, kind: Optional[Type[BaseException]], error: Optional[BaseException],
                 trace: Optional[TracebackType]) -> None:
        self.close()

    @contextlib.contextmanager
    def _alone(self) -> Generator[List[Connection], None, None]:
        """ZeroMQ ends the process when two threads use a socket at once, so the second one is refused."""
        if not self._used.acquire(blocking=False):
            raise InvalidArgument("the client is in use by another call: open one for each thread")
        try:
            yield self._connections
        finally:
            self._used.release()

    def close(self) -> None:
        """Close all connections, at once. A second call has no effect."""
        with self._alone() as connections:
            for connection in connections:
                connection.close()

    def ask(self, request: Request[R]) -> R:
        """Ask a request of `requests` and return its reply."""
        with self._alone() as connections:
            reply = self._ask(connections[0], request) if len(connections) == 1 else self._ask_several(request)
            return cast(R, result(reply))

    def _ask(self, connection: Connection, request: Request[Any]) -> Dict[str, Any]:
        name, data = connection.frame(request)
        end = time.monotonic() + self.timeout
        connection.observe()
        connection.renew()
        while not connection.send(data):
            in_time = self._wait(connection, zmq.POLLOUT, end)
            connection.observe()
            failure = connection.failure()
            if failure or not in_time:
                raise failure or connection.unsent(self.timeout)
        lost = False
        while True:
            lost = connection.observe() or lost
            got = connection.receive()
            if got and (got[0] == name or (got[0] is None and not got[1]["ok"])):
                return got[1]
            if got:
                continue  # a late reply, to a request that was given up
            if lost:
                raise connection.lost()
            if not self._wait(connection, zmq.POLLIN, end):
                raise DeadlineExceeded(f"no answer within {self.timeout:g} s")

    def _ask_several(self, request: Request[Any]) -> Dict[str, Any]:
        """Ask one endpoint, and further ones as ring.py says."""
        began = time.monotonic()
        end = began + self.timeout
        left = self._ring.order(request.op)
        asked: List[Tuple[Connection, str]] = []  # with the id of the request there
        failure: Optional[SkillsearchError] = None
        losses, more = 0, end
        for connection in left:
            connection.observe()
            connection.renew()
        while True:
            now = time.monotonic()
            if left and (not asked or now >= more):
                more = now + patience(self.timeout)
                sent = self._send_to_any(left, request, now if asked else min(more, end) if failure else end)
                if sent:
                    left.remove(sent[0])
                    asked.append(sent)
                elif not asked:
                    raise failure or next((one.failure() for one in left if one.failure()), None) or left[0].unsent(self.timeout)
            if not asked:
                raise failure or ConnectError("no endpoint is left")
            if time.monotonic() >= end:
                for connection, _ in asked:
                    self._ring.fail(connection, began)
                raise DeadlineExceeded(f"no answer within {self.timeout:g} s")
            self._wait_for_any([connection for connection, _ in asked], min(more, end) if left else end)
            for place, (connection, name) in enumerate(list(asked)):
                lost = connection.observe()
                reply = self._take(connection, name)
                if reply is None and not lost:
                    continue
                error = connection.lost() if reply is None else None if reply["ok"] else error_of(reply)
                losses += isinstance(error, ConnectError)
                if error is None or not moves_on(error, request, losses):
                    self._ring.answer(connection)
                    for slow, _ in asked[:place]:
                        self._ring.fail(slow, began)
                    if reply is None:
                        raise connection.lost()
                    return reply
                if not isinstance(error, (Busy, NotFound)):
                    self._ring.fail(connection)
                failure = error if reply else failure or error
                asked.remove((connection, name))
                break

    def _send_to_any(self, left: Sequence[Connection], request: Request[Any], until: float) -> Optional[Tuple[Connection, str]]:
        """Send a request to the first endpoint that is connected, or until then becomes it."""
        while True:
            for connection in left:
                connection.observe()
                name, data = connection.frame(request)
                if connection.connected and connection.send(data):
                    return connection, name
            if all(connection.failure() for connection in left) or not self._wait_for_any(left, until):
                return None

    @staticmethod
    def _take(connection: Connection, name: str) -> Optional[Dict[str, Any]]:
        """The reply to a request, if it has come; others are late, and belong to requests that were given up."""
        while True:
            got = connection.receive()
            if not got or got[0] == name or (got[0] is None and not got[1]["ok"]):
                return got[1] if got else None

    @staticmethod
    def _wait_for_any(connections: Sequence[Connection], until: float) -> bool:
        """Wait until one of the sockets has received, or one of the monitors has an event; whether that was in time."""
        poller = zmq.Poller()
        for connection in connections:
            poller.register(connection.socket, zmq.POLLIN)
            poller.register(connection.monitor, zmq.POLLIN)
        left = until - time.monotonic()
        return left > 0 and bool(poller.poll(int(min(left * 1000 + 1, 2**31 - 1))))

    @staticmethod
    def _wait(connection: Connection, what: int, end: float) -> bool:
        """Wait until the socket can send or has received, or the monitor has an event; whether that was in time."""
        poller = zmq.Poller()
        poller.register(connection.socket, what)
        poller.register(connection.monitor, zmq.POLLIN)
        left = end - time.monotonic()
        return left > 0 and bool(poller.poll(int(min(left * 1000 + 1, 2**31 - 1))))

    def multi(self, asked: Iterable[Request[Any]], *, return_errors: bool = False,
              deadline_ms: Optional[int] = None) -> List[Any]:
        """The replies to up to 16 requests, of one generation. Raises the first error, or with return_errors leaves
        each in its place."""
        asked = list(asked)
        return parts(self.ask(requests.multi(asked, deadline_ms=deadline_ms)), len(asked), return_errors)

    search = _asks(requests.search)
    get = _asks(requests.get)
    similar = _asks(requests.similar)
    compare = _asks(requests.compare)
    crosswalk = _asks(requests.crosswalk)
    occupation = _asks(requests.occupation)
    map = _asks(requests.map)
    suggest = _asks(requests.suggest)
    facet_values = _asks(requests.facet_values)
    analyze = _asks(requests.analyze)
    scan_page = _asks(requests.scan_page)
    scan = _scans(requests.scan_page)
    hello = _asks(requests.hello)
    stats = _asks(requests.stats)
    health = _asks(requests.health)
