"""The blocking client."""

from __future__ import annotations

import functools
import time
from types import TracebackType
from typing import TYPE_CHECKING, Any, Callable, Iterator, List, Optional, Sequence, Type, TypeVar, Union, cast

import zmq

from . import requests
from .connection import DEFAULT_TIMEOUT_S, Connection, parts, result
from .errors import ConnectError, DeadlineExceeded, GenerationChanged, NotFound
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


def _scans(build: Callable[Q, Request[Any]]) -> Callable[Concatenate[Client, Q], Iterator[Hit]]:
    """A method that asks one page after the other and gives their statements."""

    @functools.wraps(build)
    def method(self: Client, *args: Q.args, **members: Q.kwargs) -> Iterator[Hit]:
        page = self.ask(build(*args, **members))
        yield from page["hits"]
        while page["cursor"] is not None:
            try:
                page = self.ask(build(*args, **{**members, "cursor": page["cursor"]}))
            except NotFound as error:
                raise GenerationChanged(error.message) from None
            yield from page["hits"]

    return cast("Callable[Concatenate[Client, Q], Iterator[Hit]]", method)


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
        self._connection = Connection(zmq.Context.instance(), endpoint, server_key, client_key, timeout)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, kind: Optional[Type[BaseException]], error: Optional[BaseException],
                 trace: Optional[TracebackType]) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection, at once. A second call has no effect."""
        self._connection.close()

    def ask(self, request: Request[R]) -> R:
        """Ask a request of `requests` and return its reply."""
        connection = self._connection
        name, data = connection.frame(request)
        end = time.monotonic() + self.timeout
        self._wait(zmq.POLLOUT, end)
        connection.socket.send(data)
        while True:
            self._wait(zmq.POLLIN, end)
            answered, reply = connection.reply(connection.socket.recv())
            if answered == name or (answered is None and not reply["ok"]):
                return cast(R, result(reply))  # any other reply is a late one, to a request that was given up

    def _wait(self, what: int, end: float) -> None:
        """Wait until the socket can send or has received; raises what the monitor reports before."""
        connection = self._connection
        poller = zmq.Poller()
        poller.register(connection.socket, what)
        poller.register(connection.monitor, zmq.POLLIN)
        while True:
            ready = dict(poller.poll(max(0, int((end - time.monotonic()) * 1000))))
            if connection.socket in ready:
                return
            if connection.monitor in ready:
                error = connection.event(connection.monitor.recv_multipart())
                if error:
                    raise error
            elif what == zmq.POLLOUT:
                raise ConnectError(f"no connection to {','.join(connection.endpoints)} within {self.timeout:g} s")
            else:
                raise DeadlineExceeded(f"no answer within {self.timeout:g} s")

    def multi(self, asked: Sequence[Request[Any]], *, return_errors: bool = False) -> List[Any]:
        """The replies to up to 16 requests, of one generation. Raises the first error, or with return_errors leaves
        each in its place."""
        found = parts(cast(Any, self.ask(requests.multi(asked))), len(asked))
        if not return_errors:
            for part in found:
                if isinstance(part, Exception):
                    raise part
        return found

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
