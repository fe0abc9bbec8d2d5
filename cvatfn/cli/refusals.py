"""What ended a command, as an object for programs.

Rule: names and numbers stand by themselves, and what is not known is left out.
"""

from __future__ import annotations

import click

from cvatfn.cli.exits import Stopped, message_of
from cvatfn.cli.shown import json_text
from cvatfn.codecs.plain import is_array
from cvatfn.codecs.showing import readable
from cvatfn.errors import Problem, Rejected
from cvatfn.polling import RequestFailed

__all__ = ["as_object"]


def as_object(error: click.ClickException | Stopped) -> str:
    """An error as a line of JSON.

    :param error: what ended a command.

    >>> as_object(click.UsageError("no such option"))
    '{"error":"UsageError","exit_code":2,"message":"no such option"}'
    """
    code = int(error.code) if isinstance(error, Stopped) else error.exit_code
    told = error.error if isinstance(error, Stopped) else error
    kind = "Stopped" if isinstance(told, str) else type(told).__name__
    said = {"error": kind, "exit_code": code, "message": message_of(error)}
    return json_text({**said, **_facts(told)})


def _facts(error: object) -> dict[str, object]:
    facts: dict[str, object] = {}
    for name in ("endpoint", "status", "detail", "retry_after", "may_have_acted", "path"):
        value: object = getattr(error, name, None)
        if isinstance(value, str | int | float) and value != "":
            facts[name] = value
    problems: object = getattr(error, "problems", None) or getattr(error, "fields", None)
    if is_array(problems):
        facts["problems"] = [
            {"path": problem.path, "message": problem.message}
            for problem in problems
            if isinstance(problem, Problem)
        ]
    match error:
        case Rejected(response=response, outdated=outdated):
            facts |= {"request_id": response.request_id} if response.request_id else {}
            facts |= {"outdated": str(outdated)} if outdated else {}
        case RequestFailed(request=request):
            facts |= {"rq_id": request.id, "detail": readable(request.message)}
        case _:
            pass
    return facts
