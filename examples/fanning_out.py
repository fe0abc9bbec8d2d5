"""The same endpoint for many parameters at once, over threads or over processes.

Connections may be used by many threads, and pickle by their settings; so do endpoints, parameters,
answers and errors. The pool is the caller's: a cluster's executor works as well.

    python -m examples.fanning_out https://cvat.example TOKEN 1 2 3
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Generic, ParamSpec, TypeVar

from cvatfn import CallError, Endpoint, Failure, Outcome, Success, Transport, call, connect
from cvatfn.api import tasks
from cvatfn.auth import AccessToken
from examples.running import run

P = ParamSpec("P")
T = TypeVar("T")


class Given(Generic[P]):
    """Parameters of an endpoint, kept for later; made by `given`."""

    def __init__(self, *args: P.args, **params: P.kwargs) -> None:
        self.args: tuple[object, ...] = args
        self.params: Mapping[str, object] = params


def given(endpoint: Endpoint[P, object], /, *args: P.args, **params: P.kwargs) -> Given[P]:
    """Parameters that fit an endpoint, as checkers see to.

    :param endpoint: whose parameters they are.
    """
    del endpoint  # only its type counts
    return Given[P](*args, **params)


def fan_out(
    pool: Executor,
    transport: Transport,
    endpoint: Endpoint[P, T],
    params_list: Iterable[Given[P]],
) -> Iterator[Outcome[T, CallError]]:
    """Ask an endpoint for all of it at once.

    :param pool: threads, processes, or whatever else runs functions.
    :param transport: what sends; for processes it has to pickle, as a connection does.
    :param endpoint: which operation.
    :param params_list: the parameters of each call.
    :returns: the outcomes, in the order of the parameters.
    """
    begun = [pool.submit(_asked, transport, endpoint, each) for each in params_list]
    return (each.result() for each in begun)  # but ty: `submit` confuses T with that of `_asked`


def _asked(
    transport: Transport, endpoint: Endpoint[..., T], each: Given[...]
) -> Outcome[T, CallError]:
    return call(transport, endpoint, *each.args, **each.params)


def main(url: str, token: str, *ids: str) -> int:
    """Tell the names of some tasks; a failure of one does not hide the others."""
    wanted = [given(tasks.retrieve, int(each)) for each in ids]
    failed = 0
    with connect(url, auth=AccessToken(token)) as cvat, ThreadPoolExecutor(8) as pool:
        for outcome in fan_out(pool, cvat, tasks.retrieve, wanted):
            match outcome:
                case Success(task):
                    print(f"{task.id}: {task.name}")
                case Failure(error):
                    print(error, file=sys.stderr)
                    failed += 1
    return 1 if failed else 0


if __name__ == "__main__":
    run(main)
