"""The asyncio client: many requests under way on one connection."""

from __future__ import annotations

import asyncio
import functools
from types import TracebackType
from typing import (TYPE_CHECKING, Any, AsyncIterator, Awaitable, Callable, Dict, List, Optional, Sequence, Type, TypeVar,
                    Union, cast)

import zmq
import zmq.asyncio

from . import requests
from .connection import DEFAULT_TIMEOUT_S, MAX_UNDER_WAY, Connection, parts, result
from .errors import (ConnectError, DeadlineExceeded, GenerationChanged, InvalidArgument, NotFound, ProtocolError,
                     SkillsearchError, error_of)
from .requests import Request
from .types import Hit

if TYPE_CHECKING:
    from typing_extensions import Concatenate, ParamSpec

    P = ParamSpec("P")
    Q = ParamSpec("Q")

R = TypeVar("R")


def _asks(build: Callable[P, Request[R]]) -> Callable[Concatenate[AsyncClient, P], Awaitable[R]]:
    """A method that makes a request and asks it."""

    @functools.wraps(build)
    async def method(self: AsyncClient, *args: P.args, **members: P.kwargs) -> R:
        return await self.ask(build(*args, **members))

    return cast("Callable[Concatenate[AsyncClient, P], Awaitable[R]]", method)


def _scans(build: Callable[Q, Request[Any]]) -> Callable[Concatenate[AsyncClient, Q], AsyncIterator[Hit]]:
    """A method that asks one page after the other and gives their statements."""

    @functools.wraps(build)
    async def method(self: AsyncClient, *args: Q.args, **members: Q.kwargs) -> AsyncIterator[Hit]:
        page = await self.ask(build(*args, **members))
        for hit in page["hits"]:
            yield hit
        while page["cursor"] is not None:
            try:
                page = await self.ask(build(*args, **{**members, "cursor": page["cursor"]}))
            except NotFound as error:
                raise GenerationChanged(error.message) from None
            for hit in page["hits"]:
                yield hit

    return cast("Callable[Concatenate[AsyncClient, Q], AsyncIterator[Hit]]", method)


class AsyncClient:
    """As skillsearch.Client, for asyncio: open it with `async with`, in the loop that uses it.

    Requests are sent as they come, up to 128 at a time; further ones wait. Replies arrive in any order. A call that
    is cancelled gives its request up.
    """

    def __init__(self, endpoint: Union[str, Sequence[str], None] = None, *, server_key: Optional[str] = None,
                 client_key: Optional[str] = None, timeout: float = DEFAULT_TIMEOUT_S) -> None:
        self.timeout = timeout
        self._how = (endpoint, server_key, client_key, timeout)
        self._connection: Optional[Connection] = None
        self._waiting: Dict[str, asyncio.Future[Dict[str, Any]]] = {}
        self._tasks: List[asyncio.Task[None]] = []

    async def __aenter__(self) -> AsyncClient:
        loop = asyncio.get_running_loop()
        self._slots = asyncio.Semaphore(MAX_UNDER_WAY)
        self._connection = await loop.run_in_executor(None, self._open)
        self._tasks = [loop.create_task(self._receive()), loop.create_task(self._observe())]
        return self

    def _open(self) -> Connection:
        return Connection(zmq.asyncio.Context.instance(), *self._how)

    async def __aexit__(self, kind: Optional[Type[BaseException]], error: Optional[BaseException],
                        trace: Optional[TracebackType]) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connection. Requests under way fail with InvalidArgument."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        self._fail(InvalidArgument("the client is closed"))
        if self._connection:
            self._connection.close()

    async def ask(self, request: Request[R]) -> R:
        """Ask a request of `requests` and return its reply."""
        connection = self._connection
        if not connection:
            raise InvalidArgument("open the client with `async with`")
        try:
            return await asyncio.wait_for(self._ask(connection, request), self.timeout)
        except asyncio.TimeoutError:
            raise DeadlineExceeded(f"no answer within {self.timeout:g} s") from None

    async def _ask(self, connection: Connection, request: Request[R]) -> R:
        async with self._slots:
            name, data = connection.frame(request)
            future: asyncio.Future[Dict[str, Any]] = asyncio.get_running_loop().create_future()
            self._waiting[name] = future
            try:
                await connection.socket.send(data)
                return cast(R, result(await future))
            finally:
                del self._waiting[name]

    def _fail(self, error: SkillsearchError) -> None:
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(error)

    async def _receive(self) -> None:
        assert self._connection
        while True:
            data = await self._connection.socket.recv()
            try:
                name, reply = self._connection.reply(data)
            except ProtocolError as error:
                self._fail(error)
                continue
            if name is None and not reply["ok"]:
                self._fail(error_of(reply))  # of the connection, such as a key that was removed
            future = self._waiting.get(name or "")
            if future and not future.done():
                future.set_result(reply)

    async def _observe(self) -> None:
        assert self._connection
        while True:
            error = self._connection.event(await self._connection.monitor.recv_multipart())
            if error:
                self._fail(error)

    async def multi(self, asked: Sequence[Request[Any]], *, return_errors: bool = False) -> List[Any]:
        """The replies to up to 16 requests, of one generation. Raises the first error, or with return_errors leaves
        each in its place."""
        found = parts(cast(Any, await self.ask(requests.multi(asked))), len(asked))
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
