"""How large an answer may be, for transports that have it in memory already.

Rule: a limit is the request's own (`at_most`), and holds for what was granted: a refusal is never
lost for its size.
"""

from __future__ import annotations

from cvatfn.errors import TooLarge
from cvatfn.messages import Request, Response, masked_request
from cvatfn.outcome import Failure, Outcome, Success

__all__ = ["held_to"]


def held_to(request: Request, response: Response) -> Outcome[Response, TooLarge]:
    """The response, if it is no larger than the request allows.

    :param request: what was asked.
    :param response: what came of it.

    >>> held_to(Request("GET", "/x", max_body=2), Response(200, body=b"123")).failure().limit
    2
    """
    limit = request.max_body
    granted = 200 <= response.status < 300
    if limit is None or not granted or len(response.body) <= limit:
        return Success(response)
    return Failure(TooLarge(masked_request(request), limit))
