"""Several endpoints with copies of one index: which one a request goes to, and when it goes to another one."""

from __future__ import annotations

import math
import random
import time
from typing import Any, Dict, Generic, List, Sequence, Tuple, TypeVar

from .errors import AuthError, Busy, ConnectError, NotFound, ShuttingDown, SkillsearchError, Unavailable
from .requests import Request

M = TypeVar("M")

_MOST_LOSSES = 2  # connections that may break under one request: its bytes may be the cause
_PAUSES_S = (1.0, 8.0)  # the first pause of an endpoint that failed, and the longest
_MOST_PAUSES = 256
_pauses: Dict[str, Tuple[float, float]] = {}  # by endpoint, for all clients of the process: when it ends, its length
_answers: Dict[str, float] = {}  # when it answered last


def patience(timeout: float) -> float:
    """How long to wait for one endpoint before another one is asked as well."""
    return max(timeout / 10, 0.1)


def moves_on(error: SkillsearchError, request: Request[Any], losses: int) -> bool:
    """Whether another endpoint may answer a request that failed; losses counts its broken connections."""
    if isinstance(error, NotFound):
        return "cursor" in request.members  # the pages of a scan belong to one generation
    if isinstance(error, (ConnectError, AuthError)):
        return losses < _MOST_LOSSES
    return isinstance(error, (Busy, ShuttingDown, Unavailable))


class Ring(Generic[M]):
    """The members of a client, one for each endpoint, in a random order."""

    def __init__(self, endpoints: Sequence[str], members: Sequence[M]) -> None:
        self._members = list(zip(endpoints, members))
        random.shuffle(self._members)
        self._turn = 0

    def order(self, op: str) -> List[M]:
        """The members as a request should try them: the next one first, and those that have a pause last. The counters
        of different daemons do not belong together, so stats begins at the same one each time."""
        turn = 0 if op == "stats" else self._turn
        if op != "stats":
            self._turn = (self._turn + 1) % len(self._members)
        turned = self._members[turn:] + self._members[:turn]
        admitted = [member for endpoint, member in turned if self._admits(endpoint)]
        return admitted + [member for _, member in turned if member not in admitted]

    @staticmethod
    def _admits(endpoint: str) -> bool:
        """Whether an endpoint has no pause, or it is over and nobody has tried the endpoint since."""
        end, length = _pauses.get(endpoint, (0.0, 0.0))
        now = time.monotonic()
        if length and now >= end:
            length = min(2 * length, _PAUSES_S[1])
            _pauses[endpoint] = (now + length, length)
        return now >= end

    def fail(self, member: M, began: float = math.inf) -> None:
        """A member did not answer: it is left out for a while, unless it has answered another request in the second half
        of the time since a request began: then it is slow, not silent."""
        endpoint = self._endpoint_of(member)
        if _answers.get(endpoint, 0.0) < (began + time.monotonic()) / 2 and len(_pauses) < _MOST_PAUSES:
            _pauses.setdefault(endpoint, (time.monotonic() + _PAUSES_S[0], _PAUSES_S[0]))

    def answer(self, member: M) -> None:
        endpoint = self._endpoint_of(member)
        _pauses.pop(endpoint, None)
        if endpoint in _answers or len(_answers) < _MOST_PAUSES:
            _answers[endpoint] = time.monotonic()

    def _endpoint_of(self, member: M) -> str:
        return next(endpoint for endpoint, one in self._members if one is member)
