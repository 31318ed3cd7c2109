"""Find occupational skill statements: a client of skillsearchd.

    import skillsearch

    with skillsearch.Client() as client:
        reply = client.search("incoming mail", level="developing", facets=["sector"])
        for hit in reply["hits"]:
            print(hit["id"], hit["text"])

AsyncClient is the same for asyncio. requests makes requests for multi, types has the shapes of replies.
"""

from . import requests, types
from .aio import AsyncClient
from .client import Client
from .connection import DEFAULT_ENDPOINT
from .errors import (AuthError, BadRequest, BadVersion, Busy, ConnectError, DeadlineExceeded, GenerationChanged,
                     IndexUnavailable, InternalError, InvalidArgument, LimitExceeded, NotFound, ProtocolError, QuerySyntax,
                     QueryTooComplex, ShuttingDown, SkillsearchError, Unavailable, Unsupported)

__version__ = "0.1.0"
__all__ = ["AsyncClient", "AuthError", "BadRequest", "BadVersion", "Busy", "Client", "ConnectError", "DEFAULT_ENDPOINT",
           "DeadlineExceeded", "GenerationChanged", "IndexUnavailable", "InternalError", "InvalidArgument",
           "LimitExceeded", "NotFound", "ProtocolError", "QuerySyntax", "QueryTooComplex", "ShuttingDown",
           "SkillsearchError", "Unavailable", "Unsupported", "requests", "types"]
