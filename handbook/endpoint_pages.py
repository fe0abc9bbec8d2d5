"""The reference of the endpoints: a page for each area, written from the endpoints as data.

Rule: all that stands on a page is read off the endpoint, its docstring or the model of its body; so
a new release of CVAT changes the pages with the code.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from types import NoneType
from typing import Final, get_origin

from cvatfn import Endpoint
from cvatfn.codecs.bodies import sent_kind
from cvatfn.codecs.kinds import class_of
from cvatfn.endpoints import ALL_LOGINS, Answer, Parameter
from cvatfn.models import Page, RqId
from cvatfn.plans import MODEST, plan_of
from cvatfn.versions import BASELINE, Version
from handbook.dated import Dated, in_words
from handbook.examples import written
from handbook.model_pages import fields_told
from handbook.spelling import limits, spelled
from handbook.telling import heading, indented, sentence, taken_apart

__all__ = ["area_page", "module_of"]

AnyEndpoint = Endpoint[..., object]


def area_page(
    area: str, endpoints: tuple[AnyEndpoint, ...], facts: Dated, known: Mapping[str, str]
) -> str:
    """The page of an area.

    :param area: the module's name, such as `tasks`.
    :param endpoints: its endpoints.
    :param facts: what the models do not hold.
    :param known: where each public name is documented.
    """
    about = facts.tags[area.removesuffix("_")]
    return "\n".join(
        [
            *heading(area),
            *(sentence(about, known), ""),
            *(".. list-table::", "   :widths: auto", "   :class: endpoints", ""),
            *indented(line for each in endpoints for line in _row(each)),
            "",
            *(line for each in endpoints for line in _described(each, facts, known)),
        ]
    )


def module_of(endpoint: AnyEndpoint) -> str:
    """The name of the module that an endpoint is in, such as `lambda_`.

    :param endpoint: which one.
    """
    return endpoint.declaration.function.__module__.rpartition(".")[2]


def _row(endpoint: AnyEndpoint) -> Iterator[str]:
    target = f"cvatfn.api.{module_of(endpoint)}.{endpoint.declaration.function.__name__}"
    name = f"{module_of(endpoint)}.{endpoint.declaration.function.__name__}"
    yield f"* - :py:obj:`{name} <{target}>`"
    yield f"  - ``{endpoint.method}`` ``{endpoint.path}``"


def _described(endpoint: AnyEndpoint, facts: Dated, known: Mapping[str, str]) -> Iterator[str]:
    yield f".. py:function:: {_signature(endpoint)}"
    yield "   :module: cvatfn.api"
    yield ""
    yield from indented(_content(endpoint, facts, known))


def _signature(endpoint: AnyEndpoint) -> str:
    function = endpoint.declaration.function
    signature = inspect.signature(function)
    shown: list[str] = []
    starred = False
    for name, given in signature.parameters.items():
        if given.kind is inspect.Parameter.KEYWORD_ONLY and not starred:
            shown.append("*")
            starred = True
        default = "" if given.default is inspect.Parameter.empty else f" = {given.default!r}"
        shown.append(f"{name}: {spelled(str(given.annotation))}{default}")
    returned = spelled(str(signature.return_annotation))
    name = f"{module_of(endpoint)}.{function.__name__}"
    return f"{name}({', '.join(shown)}) -> {returned}"


def _content(endpoint: AnyEndpoint, facts: Dated, known: Mapping[str, str]) -> Iterator[str]:
    told = taken_apart(endpoint.doc)
    yield f"``{endpoint.method}`` ``{endpoint.path}``"
    yield ""
    yield sentence(told.said.partition("\n\n")[0].replace("\n", " "), known)
    yield ""
    yield from _since(endpoint)
    yield ".. code-block:: python"
    yield ""
    yield from indented(written(endpoint).split("\n"))
    yield ""
    yield from _more(endpoint)
    if endpoint.parameters or endpoint.body:
        yield ":takes:"
        yield from indented(_taken(endpoint, told.parameters, facts, known))
        yield ""
    yield ":answers:"
    yield from indented(_answered(endpoint))
    yield ""
    yield ":fails with:"
    yield from indented(_failing(endpoint))
    yield ""
    yield from _logins(endpoint)


def _since(endpoint: AnyEndpoint) -> Iterator[str]:
    # Spoken of only where a supported release lacks it: all are from the baseline on.
    late = endpoint.since is not None and Version(endpoint.since) > BASELINE
    said = in_words(
        endpoint.since if late else None, endpoint.until, deprecated=endpoint.deprecated
    )
    if said:
        yield from (".. rst-class:: releases", "", said[0].upper() + said[1:] + ".", "")


def _taken(
    endpoint: AnyEndpoint, meanings: Mapping[str, str], facts: Dated, known: Mapping[str, str]
) -> Iterator[str]:
    annotations: dict[str, str] = dict(inspect.get_annotations(endpoint.declaration.function))
    by_name = {each.name: each for each in endpoint.parameters}
    for name in inspect.signature(endpoint.declaration.function).parameters:
        kind = spelled(annotations[name], optional=False)
        yield ""
        if name not in by_name:
            yield from _body(endpoint, kind, facts)
            continue
        each = by_name[name]
        yield f"``{name}`` · {_place(each)} · :typed:`{kind}`"
        yield f"   {sentence(meanings.get(name, ''), known)}{_remarks(each)}"


def _place(parameter: Parameter) -> str:
    match parameter.place:
        case "path":
            return "in the path"
        case "query":
            named = parameter.wire_name != parameter.name
            return f"in the query, as ``{parameter.wire_name}``" if named else "in the query"
        case "header":
            return f"header ``{parameter.wire_name}``"


def _remarks(parameter: Parameter) -> str:
    released = in_words(parameter.since, parameter.until, deprecated=parameter.deprecated)
    remarks = [
        *(["Required."] if parameter.required and parameter.place != "path" else []),
        *(f"{word[0].upper()}{word[1:]}." for word in limits(parameter.type)),
        *([f"{released[0].upper()}{released[1:]}."] if released else []),
    ]
    return "".join(f" {remark}" for remark in remarks)


def _body(endpoint: AnyEndpoint, kind: str, facts: Dated) -> Iterator[str]:
    body = endpoint.body
    if body is None:  # the caller has found a parameter that is none of path, query or header
        raise TypeError(f"{endpoint.name} has no body")
    model = class_of(sent_kind(body.type)).__name__
    needed = "required" if body.required else "may be left out"
    sent = " or ".join(f"``{each}``" for each in body.content_types)
    yield f"``{body.name}`` · the body, {needed} · :typed:`{kind}`"
    yield f"   A :typed:`models.{model}`, or a dict of the same; sent as {sent}."
    yield ""
    yield f"   .. dropdown:: Fields of {model}"
    yield ""
    yield from indented(fields_told(model, facts), 6)


def _answered(endpoint: AnyEndpoint) -> Iterator[str]:
    returned = str(inspect.signature(endpoint.declaration.function).return_annotation)
    good = [answer for answer in endpoint.answers if answer.status < 300]
    told = {answer.status: _held(answer, spelled(returned)) for answer in good}
    for what in dict.fromkeys(told.values()):
        statuses = ", ".join(f"``{status}``" for status, held in told.items() if held == what)
        yield from ("", f"{statuses} · {what}")


def _held(answer: Answer, kind: str) -> str:
    if answer.type is None or answer.status == 204:
        return "nothing"
    what = "the bytes of a file" if answer.type is bytes else f":typed:`{kind}`"
    forms = " or ".join(f"``{each}``" for each in answer.content_types if each != "*/*")
    return f"{what}, as {forms}" if forms else what


def _failing(endpoint: AnyEndpoint) -> Iterator[str]:
    checked = bool(endpoint.parameters or endpoint.body)
    returns = endpoint.declaration.signature.returns
    decoded = returns is not bytes and returns is not NoneType
    cases = [
        *(["InvalidParams"] if checked else []),
        "TransportError",
        "Rejected",
        "UnexpectedStatus",
        *(["Undecodable"] if decoded else []),
    ]
    yield ", ".join(f":py:obj:`~cvatfn.errors.{case}`" for case in cases) + "."
    named = [answer for answer in endpoint.answers if answer.status >= 400]
    if named:
        told = ", ".join(
            f"``{answer.status}``"
            + ("" if answer.type is None else f" (with :typed:`{_named(answer.type)}`)")
            for answer in named
        )
        yield f"Of refusals, CVAT's document names {told}; others come, too."
    if plan_of(endpoint.declaration).max_body == MODEST:
        size = MODEST >> 20
        yield f"An answer of more than {size} MiB is :py:obj:`~cvatfn.errors.TooLarge`."


def _named(kind: object) -> str:
    return f"models.{getattr(kind, '__name__', kind)}"


def _more(endpoint: AnyEndpoint) -> Iterator[str]:
    """What else of the library is for such an endpoint."""
    returns = endpoint.declaration.signature.returns
    name = f"{module_of(endpoint)}.{endpoint.declaration.function.__name__}"
    said = ""
    if get_origin(returns) is Page:
        said = (
            "One page at a time; all of them, lazily: "
            f"``paginate(transport, {name}, ...)`` (:py:obj:`~cvatfn.paginate`)."
        )
    elif returns is RqId and (409, RqId) in [(each.status, each.type) for each in endpoint.answers]:
        said = (
            "The server only begins with it. From start to file: "
            f"``export(transport, {name}, to, ...)`` (:py:obj:`~cvatfn.export`)."
        )
    elif any(each.type is RqId or each.type == RqId | None for each in endpoint.answers[:1]):
        said = (
            "The server only begins with it: wait for its end with "
            "``wait_for(transport, begun)`` (:py:obj:`~cvatfn.wait_for`)."
        )
    elif returns is bytes and endpoint.method == "GET":
        said = (
            "To a file, at constant memory: "
            f"``download(transport, {name}, to, ...)`` (:py:obj:`~cvatfn.download`)."
        )
    said += _FOR.get(endpoint.name, "")
    if said:
        yield from (said, "")


_FOR: Final = {
    "tasks.create_data": " Files of any size and number: :py:obj:`~cvatfn.upload_data`.",
    "tasks.create_annotations": " Large files: :py:obj:`~cvatfn.transfer.import_annotations`.",
    "jobs.create_annotations": " Large files: :py:obj:`~cvatfn.transfer.import_annotations`.",
    "projects.create_dataset": " Large files: :py:obj:`~cvatfn.transfer.import_dataset`.",
    "tasks.create_backup": " Large files: :py:obj:`~cvatfn.transfer.restore_task`.",
    "projects.create_backup": " Large files: :py:obj:`~cvatfn.transfer.restore_project`.",
    "cloudstorages.retrieve_content_v2": (
        "Everything in a storage, lazily: :py:obj:`~cvatfn.walk_storage`."
    ),
    "auth.create_login": "A login for ``connect``: :py:obj:`~cvatfn.login`.",
    "requests.retrieve": "Until it is done: :py:obj:`~cvatfn.wait_for`.",
}
"""What does more than a single call would."""


def _logins(endpoint: AnyEndpoint) -> Iterator[str]:
    if endpoint.logins == ALL_LOGINS:
        return
    ways = [_WAYS[each] for each in endpoint.logins if each != "anonymous"]
    anyone = "anonymous" in endpoint.logins
    said = "none is needed" if anyone else f"{' or '.join(ways)} only"
    yield ":login:"
    yield f"   {said[0].upper()}{said[1:]}."
    yield ""


_WAYS: Final = {
    "basic": "name and password",
    "token": "token key",
    "access_token": "access token",
    "session": "session",
}
