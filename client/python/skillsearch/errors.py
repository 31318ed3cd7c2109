"""What can go wrong. Each code of the protocol has a class; all are a SkillsearchError."""

from __future__ import annotations

from typing import Any, Dict, Optional, Type


class SkillsearchError(Exception):
    """A request failed.

    code: the protocol's name of the cause ("query_syntax"), or "connect", "protocol" or "invalid" for causes in
    the client. message: one line for people. at: the place in the query or text, in code points, or None.
    """

    code = "internal"

    def __init__(self, message: str, at: Optional[int] = None, code: Optional[str] = None) -> None:
        super().__init__(message)
        self.message = message
        self.at = at
        if code is not None:
            self.code = code

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


class BadRequest(SkillsearchError):
    """The daemon does not accept the request: an unknown value, or one of a wrong type. It fails again."""

    code = "bad_request"


class BadVersion(SkillsearchError):
    """The daemon speaks another version of the protocol."""

    code = "bad_version"


class QuerySyntax(SkillsearchError):
    """The query is invalid; `at` is the place."""

    code = "query_syntax"


class QueryTooComplex(SkillsearchError):
    """The query is over one of its limits; `at` is the place."""

    code = "query_too_complex"


class LimitExceeded(SkillsearchError):
    """A number, text or list is over its maximum; `hello` lists the limits."""

    code = "limit"


class NotFound(SkillsearchError):
    """No statement or occupation of this name."""

    code = "not_found"


class GenerationChanged(NotFound):
    """A new generation was published during a scan: begin again."""


class Busy(SkillsearchError):
    """The daemon's queue is full: try again later, with growing pauses."""

    code = "busy"


class DeadlineExceeded(SkillsearchError):
    """No answer within the deadline of the request, or within the time limit of the client."""

    code = "deadline"


class ShuttingDown(SkillsearchError):
    """The daemon is ending: try again."""

    code = "shutting_down"


class Unavailable(SkillsearchError):
    """A server that the daemon needs does not answer: try again."""

    code = "unavailable"


class Unsupported(SkillsearchError):
    """This daemon cannot answer such a request. It fails again."""

    code = "unsupported"


class IndexUnavailable(SkillsearchError):
    """The daemon cannot read its index; the cause is in its log."""

    code = "index"


class InternalError(SkillsearchError):
    """A defect of the daemon, or lack of memory; the cause is in its log."""

    code = "internal"


class AuthError(SkillsearchError):
    """The keys do not match: ours is unknown to the daemon or was removed, or the server's is another one."""

    code = "auth"


class ConnectError(SkillsearchError):
    """Nothing answers at the endpoint."""

    code = "connect"


class ProtocolError(SkillsearchError):
    """What came back is not a reply of version 1."""

    code = "protocol"


class InvalidArgument(SkillsearchError):
    """An argument, a key file, or a use of the client is wrong."""

    code = "invalid"


_CLASSES: Dict[str, Type[SkillsearchError]] = {
    kind.code: kind
    for kind in (BadRequest, BadVersion, QuerySyntax, QueryTooComplex, LimitExceeded, NotFound, Busy, DeadlineExceeded,
                 ShuttingDown, Unavailable, Unsupported, IndexUnavailable, InternalError, AuthError)
}


def error_of(reply: Dict[str, Any]) -> SkillsearchError:
    """The error of a reply whose `ok` is false. A code of a later daemon gives a plain SkillsearchError."""
    error = reply.get("error")
    if not isinstance(error, dict) or not isinstance(error.get("code"), str):
        return ProtocolError("an error without a code")
    at = error.get("at")
    kind = _CLASSES.get(error["code"], SkillsearchError)
    return kind(str(error.get("message", "")), at if isinstance(at, int) else None, error["code"])
