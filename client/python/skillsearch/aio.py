"""The asyncio client: many requests under way on one connection."""

from __future__ import annotations

import asyncio
import collections
import functools
import time
from types import TracebackType
from typing import (TYPE_CHECKING, Any, AsyncGenerator, Awaitable, Callable, Deque, Dict, Iterable, List, Optional,
                    Sequence, Set, Tuple, Type, TypeVar, Union, cast)

import zmq

from . import requests
from .connection import DEFAULT_TIMEOUT_S, MAX_UNDER_WAY, Connection, endpoints_of, page, parts, probe, result
from .errors import (Busy, ConnectError, DeadlineExceeded, GenerationChanged, InvalidArgument, NotFound, ProtocolError,
                     SkillsearchError)
from .requests import Request
from .ring import Ring, moves_on, patience
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


def _scans(build: Callable[Q, Request[Any]]) -> Callable[Concatenate[AsyncClient, Q], AsyncGenerator[Hit, None]]:
    """A method that asks one page after the other and gives their statements."""

    @functools.wraps(build)
    async def method(self: AsyncClient, *args: Q.args, **members: Q.kwargs) -> AsyncGenerator[Hit, None]:
        hits, cursor = page(await self.ask(build(*args, **members)))
        for hit in hits:
            yield hit
        while cursor is not None:
            try:
                hits, cursor = page(await self.ask(build(*args, **{**members, "cursor": cursor})))
            except NotFound as error:
                raise GenerationChanged(error.message) from None
            for hit in hits:
                yield hit

    return cast("Callable[Concatenate[AsyncClient, Q], AsyncGenerator[Hit, None]]", method)


class AsyncClient:
    """As skillsearch.Client, for asyncio: open it with `async with`, in the loop that uses it.

    Requests are sent as they come, up to 128 at a time; further ones wait. Replies arrive in any order. A call that
    is cancelled gives its request up.
    """

    def __init__(self, endpoint: Union[str, Sequence[str], None] = None, *, server_key: Optional[str] = None,
                 client_key: Optional[str] = None, timeout: float = DEFAULT_TIMEOUT_S) -> None:
        self.timeout = timeout
        self._endpoints = endpoints_of(endpoint)
        self._keys = (server_key, client_key)
        several = self._endpoints if len(self._endpoints) > 1 else []
        self._members = [AsyncClient(one, server_key=server_key, client_key=client_key, timeout=timeout) for one in several]
        self._ring = Ring(several, self._members)
        self._connection: Optional[Connection] = None
        self._waiting: Dict[str, asyncio.Future[Dict[str, Any]]] = {}
        self._queue: Deque[Tuple[str, bytes]] = collections.deque()  # not sent yet
        self._sent: Set[str] = set()

    async def __aenter__(self) -> AsyncClient:
        if self._connection and not self._connection.closed:
            raise InvalidArgument("the client is open already")
        self._loop = asyncio.get_running_loop()
        try:
            for one in self._members or [self]:
                one._loop = self._loop
                one._connection = Connection(one._endpoints[0], *self._keys, self.timeout)
            await self._loop.run_in_executor(None, probe, self._endpoints, self.timeout)
            for one in self._members or [self]:
                one._connect()
        except BaseException:
            await self.close()
            raise
        return self

    def _connect(self) -> None:
        if self._connection:
            self._connection.connect()
            for socket in (self._connection.socket, self._connection.monitor):
                self._loop.add_reader(socket.get(zmq.FD), self._work)

    async def __aexit__(self, kind: Optional[Type[BaseException]], error: Optional[BaseException],
                        trace: Optional[TracebackType]) -> None:
        await self.close()

    async def close(self) -> None:
        """Close all connections. Requests under way fail with InvalidArgument. A second call has no effect."""
        for one in self._members:
            await one.close()
        connection = self._connection
        if connection and not connection.closed:
            for socket in (connection.socket, connection.monitor):
                self._loop.remove_reader(socket.get(zmq.FD))
            connection.close()
            self._fail(self._waiting, lambda: InvalidArgument("the client is closed"))

    async def ask(self, request: Request[R]) -> R:
        """Ask a request of `requests` and return its reply."""
        if self._members:
            return cast(R, await self._ask_several(request))
        connection = self._connection
        if not connection:
            raise InvalidArgument("open the client with `async with`")
        name, data = connection.frame(request)
        if asyncio.get_running_loop() is not self._loop:
            raise InvalidArgument("the client belongs to the event loop that opened it")
        if not self._waiting:
            connection.observe()
            connection.renew()
        ended: asyncio.Future[Dict[str, Any]] = self._loop.create_future()
        self._waiting[name] = ended
        self._queue.append((name, data))
        timer = self._loop.call_later(self.timeout, self._give_up, connection, name)
        try:
            self._work()
            return cast(R, result(await ended))
        finally:
            timer.cancel()
            del self._waiting[name]
            self._sent.discard(name)
            self._work()

    async def _ask_several(self, request: Request[Any]) -> Any:
        """Ask one endpoint, and further ones as ring.py says."""
        left = self._ring.order(request.op)
        if not left[0]._connection or asyncio.get_running_loop() is not self._loop:
            await left[0].ask(request)  # raises what is wrong
        began = time.monotonic()
        end = self._loop.time() + self.timeout
        running: Dict[asyncio.Future[Any], AsyncClient] = {}
        failure: Optional[SkillsearchError] = None
        losses, more = 0, True
        try:
            while left or running:
                if left and (more or not running):
                    member = await self._pick(left, bool(running))
                    running[asyncio.ensure_future(member.ask(request))] = member
                span = max(end - self._loop.time(), 0)
                done, _ = await asyncio.wait(running, timeout=min(span, patience(self.timeout)) if left else span,
                                             return_when=asyncio.FIRST_COMPLETED)
                more = not done
                if not done and self._loop.time() >= end:
                    for slow in running.values():
                        self._ring.fail(slow, began)
                    raise DeadlineExceeded(f"no answer within {self.timeout:g} s")
                for task in done:
                    error = task.exception()
                    losses += isinstance(error, ConnectError)
                    if not isinstance(error, SkillsearchError) or not moves_on(error, request, losses):
                        self._settle(running, task, began)
                        return task.result()
                    member = running.pop(task)
                    if not isinstance(error, (Busy, NotFound)):
                        self._ring.fail(member)
                    failure = error if failure is None or not isinstance(error, ConnectError) else failure
            raise failure or ConnectError("no endpoint is left")
        finally:
            for task in running:
                task.cancel()

    async def _pick(self, left: List[AsyncClient], hurry: bool) -> AsyncClient:
        """Take the next member that is connected; wait for one a little, unless another has the request already."""
        end = self._loop.time() + patience(self.timeout)
        while True:
            for member in left:
                if member._connection and member._connection.connected:
                    left.remove(member)
                    return member
            if hurry or self._loop.time() >= end:
                return left.pop(0)
            await asyncio.sleep(0.005)

    def _settle(self, running: Dict[asyncio.Future[Any], AsyncClient], ended: asyncio.Future[Any], began: float) -> None:
        """One endpoint has answered; those that got the request earlier are silent."""
        self._ring.answer(running[ended])
        for task, member in running.items():
            if task is ended:
                break
            if not task.done():
                self._ring.fail(member, began)

    def _give_up(self, connection: Connection, name: str) -> None:
        if self._sent:  # there is a connection
            self._fail([name], lambda: DeadlineExceeded(f"no answer within {self.timeout:g} s"))
        else:
            self._fail([name], lambda: connection.unsent(self.timeout))

    def _fail(self, names: Iterable[str], error: Callable[[], SkillsearchError]) -> None:
        for name in list(names):
            self._sent.discard(name)
            if not self._waiting[name].done():
                self._waiting[name].set_exception(error())

    def _work(self) -> None:
        """Send and receive all that is possible now."""
        connection = self._connection
        if not connection or connection.closed:
            return
        lost = connection.observe()
        for _ in range(MAX_UNDER_WAY):
            self._send(connection)
            try:
                got = connection.receive()
            except ProtocolError as error:
                text = error.message
                self._fail(self._sent, lambda: ProtocolError(text))
                continue
            if got:
                self._take(*got)
            elif not self._is_ready(connection):
                break
        else:
            self._loop.call_soon(self._work)  # let other callbacks run before the rest
        failure = connection.failure()
        if failure:
            kind, text = type(failure), failure.message
            self._fail(self._waiting, lambda: kind(text))
        elif lost:
            self._fail(self._sent, connection.lost)

    def _is_ready(self, connection: Connection) -> bool:
        """Whether the socket can receive, or send what is queued. The descriptor is edge-triggered: receiving may use up
        the event of a new connection, and sending that of a reply."""
        events = cast(int, connection.socket.get(zmq.EVENTS))
        sends = bool(self._queue) and len(self._sent) < MAX_UNDER_WAY
        return bool(events & zmq.POLLIN) or (sends and bool(events & zmq.POLLOUT))

    def _send(self, connection: Connection) -> None:
        while self._queue and len(self._sent) < MAX_UNDER_WAY:
            name, data = self._queue[0]
            wanted = name in self._waiting and not self._waiting[name].done()
            if wanted and not connection.send(data):
                return
            self._queue.popleft()
            if wanted:
                self._sent.add(name)

    def _take(self, name: Optional[str], reply: Dict[str, Any]) -> None:
        """End the request that the reply names; an error that names none is of the connection, such as a key that was
        removed, and ends all that were sent."""
        for one in list(self._sent) if name is None and not reply["ok"] else [name or ""]:
            if one in self._sent:
                self._sent.discard(one)
                if not self._waiting[one].done():
                    self._waiting[one].set_result(reply)

    async def multi(self, asked: Iterable[Request[Any]], *, return_errors: bool = False,
                    deadline_ms: Optional[int] = None) -> List[Any]:
        """The replies to up to 16 requests, of one generation. Raises the first error, or with return_errors leaves
        each in its place."""
        asked = list(asked)
        return parts(await self.ask(requests.multi(asked, deadline_ms=deadline_ms)), len(asked), return_errors)

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
