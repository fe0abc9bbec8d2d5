"""A suite that any transport can be put to: what a program may rely on, whoever sends.

A transport is one function, so it is soon made over any HTTP library: take a request apart, send
it, put a response together, and turn what the library raises into an error of `cvatfn.errors`.
What is soon forgotten, the suite finds. Here one is made in a hurry:

>>> from contextlib import closing, contextmanager, nullcontext
>>> from http.client import HTTPConnection
>>> from cvatfn.outcome import Success
>>> from cvatfn.transport import Request, Response
>>> @contextmanager
... def hasty(url):
...     def send(request: Request):
...         fields = dict(request.headers)
...         with closing(HTTPConnection(url.removeprefix("http://"))) as connection:
...             connection.request(request.method, request.target, request.body, fields)
...             answer = connection.getresponse()
...             return Success(Response(answer.status, answer.getheaders(), answer.read()))
...     yield send
>>> cannot = {"timeouts": "not yet", "deadlines": "not yet", "closing": "it keeps nothing open"}
>>> report = run(hasty, cannot=cannot, patience=3)  # seconds for each check: it has no timeouts
>>> report.conforms, len(report.of("passed")) > 20
(False, True)
>>> print(next(result for result in report.of("failed") if "origin" in result.check))
... # doctest: +NORMALIZE_WHITESPACE
failed   other_origins_are_not_asked: A request that is meant for another server is refused, and
sent to nobody. (ForeignOrigin or Unsendable was expected, not a response of status 200)

With requests, `session.request(..., allow_redirects=False)` takes the place of `connection`, with
httpx `client.request(..., follow_redirects=False)`; both are given `url + request.target`. An async
transport is put to the suite by `run(blocking(make))`, which runs it in a loop of its own.

In pytest, each check is a test, and what is skipped says why:

>>> import pytest
>>> @pytest.mark.parametrize("check", CHECKS, ids=str)
... def test_it_conforms(check):
...     result = check.run(hasty, cannot)
...     if result.verdict == "skipped":
...         pytest.skip(result.reason)
...     assert result.verdict == "passed", str(result)

A transport without sockets is given `answered`, which is what the suite's server answers:

>>> from cvatfn.transport import in_memory
>>> def asking_a_function(url):
...     return nullcontext(in_memory(answered, origin=url))
>>> run(asking_a_function, cannot={"wire": "it has no sockets"}).conforms
True

Rule: the suite starts its own servers, on this machine only; what it cannot look at it skips, with
the reason that was given for it, and never silently.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cvatfn.testing.conformance.bridging import MakeAsyncTransport as MakeAsyncTransport
    from cvatfn.testing.conformance.bridging import blocking as blocking
    from cvatfn.testing.conformance.checking import Cannot as Cannot
    from cvatfn.testing.conformance.checking import Check as Check
    from cvatfn.testing.conformance.checking import Need as Need
    from cvatfn.testing.conformance.checking import Report as Report
    from cvatfn.testing.conformance.checking import Result as Result
    from cvatfn.testing.conformance.running import CHECKS as CHECKS
    from cvatfn.testing.conformance.running import run as run
    from cvatfn.testing.conformance.service import answered as answered
    from cvatfn.testing.conformance.stage import MakeTransport as MakeTransport
else:
    from cvatfn.lazily import lazily

    __getattr__, __dir__, __all__ = lazily(
        __name__,
        {
            "cvatfn.testing.conformance.bridging": "MakeAsyncTransport blocking",
            "cvatfn.testing.conformance.checking": "Cannot Check Need Report Result",
            "cvatfn.testing.conformance.running": "CHECKS run",
            "cvatfn.testing.conformance.service": "answered",
            "cvatfn.testing.conformance.stage": "MakeTransport",
        },
    )
