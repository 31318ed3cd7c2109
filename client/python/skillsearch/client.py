"""The blocking client."""

from __future__ import annotations

import contextlib
import functools
import threading
import time
from types import TracebackType
from typing import TYPE_CHECKING, Any, Callable, Dict, Generator, Iterable, List, Optional, Sequence, Type, TypeVar, Union, cast

import zmq

from . import requests
from .connection import DEFAULT_TIMEOUT_S, Connection, page, parts, result
from .errors import DeadlineExceeded, GenerationChanged, InvalidArgument, NotFound
from .requests import Request
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

    endpoint: "tcp://HOST:PORT" or "ipc://PATH"; several, as a list or separated by commas, share the requests. None:
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
        self._connection = Connection(endpoint, server_key, client_key, timeout)
        try:
            self._connection.probe(timeout)
            self._connection.connect()
        except BaseException:
            self._connection.close()
            raise

    def __enter__(self) -> Client:
        return self

    def __exit__(self, kind: Optional[Type[BaseException]], error: Optional[BaseException],
                 trace: Optional[TracebackType]) -> None:
        self.close()

    @contextlib.contextmanager
    def _alone(self) -> Generator[Connection, None, None]:
        """ZeroMQ ends the process when two threads use a socket at once, so the second one is refused."""
        if not self._used.acquire(blocking=False):
            raise InvalidArgument("the client is in use by another call: open one for each thread")
        try:
            yield self._connection
        finally:
            self._used.release()

    def close(self) -> None:
        """Close the connection, at once. A second call has no effect."""
        with self._alone() as connection:
            connection.close()

    def ask(self, request: Request[R]) -> R:
        """Ask a request of `requests` and return its reply."""
        with self._alone() as connection:
            return cast(R, result(self._ask(connection, request)))

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
