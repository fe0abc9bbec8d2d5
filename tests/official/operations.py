"""The page `docs/operations-of-cvat-sdk.md`, written from both catalogues.

    python -m tests.official.operations

Rule: nothing in its table is written by hand.
"""

# pyright: reportMissingModuleSource=false
# Checked against the stubs in `typings`; the package itself is there after `make official` only.

from __future__ import annotations

import inspect
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from cvatfn import Endpoint, catalogue

__all__ = ["PAGE", "differing", "is_unread", "official_operations", "page", "row_of"]

PAGE: Final = Path(__file__).parents[2] / "docs" / "operations-of-cvat-sdk.md"

HEAD: Final = """\
# The operations of cvat-sdk, and what they are here

Written by `python -m tests.official.operations` from the `*_api` classes of cvat-sdk 2.80 and from
the catalogue of cvatfn; `make official` compares it with both. How calls are ported stands in
[Coming from cvat-sdk](coming-from-cvat-sdk.md).

All {all} operations are here, under the same names, with the same methods, paths and parameters.
{otherwise} have a parameter that is named or placed otherwise, or that cvat-sdk lacks; it stands in
the last column. {unread} have an answer that cvat-sdk does not read: it gives `None`, and the bytes
are in `response.data`.

| cvat-sdk | gives | cvatfn | gives | request | parameters |
|---|---|---|---|---|---|
"""


def official_operations(client: Any) -> Mapping[str, Any]:
    """By name, the operations of all the `*_api` classes of cvat-sdk.

    :param client: an `ApiClient`.
    """
    apis = {name.removesuffix("_api"): getattr(client, name) for name in client._apis}
    return {
        f"{tag}.{name.removesuffix('_endpoint')}": getattr(api, name)
        for tag, api in apis.items()
        for name in dir(api)
        if name.endswith("_endpoint")
    }


def page(client: Any) -> str:
    """The whole page.

    :param client: an `ApiClient`.
    """
    theirs = official_operations(client)
    ours = {endpoint.name: endpoint for endpoint in catalogue()}
    assert theirs.keys() == ours.keys()
    pairs = [(theirs[name], ours[name]) for name in sorted(ours)]
    head = HEAD.format(
        all=len(pairs),
        otherwise=_counted(sum(bool(differing(*pair)) for pair in pairs)),
        unread=_counted(sum(is_unread(*pair) for pair in pairs)),
    )
    return head + "".join(f"{_row(*pair)}\n" for pair in pairs)


def row_of(endpoint: Endpoint[..., object]) -> str:
    """What the page says of an endpoint of ours, without what cvat-sdk does.

    :param endpoint: the endpoint.
    """
    request = f"{endpoint.method} {endpoint.path}"
    return f"| `{endpoint.name}` | {_given(endpoint)} | `{request}` |"


def differing(theirs: Any, ours: Endpoint[..., object]) -> tuple[list[str], list[str]] | None:
    """The parameters that only one of the two has; `None` where there are none.

    :param theirs: cvat-sdk's endpoint.
    :param ours: this library's.
    """
    options = inspect.signature(theirs.call_with_http_info).parameters
    named = {*theirs.params_map["all"]} - {*options}
    body = set[str]() if ours.body is None else {ours.body.name}
    mine = {parameter.name for parameter in ours.parameters} | body
    return None if named == mine else (sorted(named - mine), sorted(mine - named))


def is_unread(theirs: Any, ours: Endpoint[..., object]) -> bool:
    """Whether cvat-sdk does not read an answer that there is.

    :param theirs: its endpoint.
    :param ours: this library's.
    """
    return theirs.settings["response_schema"] is None and ours.answers[0].type is not None


def _row(theirs: Any, ours: Endpoint[..., object]) -> str:
    tag, _, operation = ours.name.partition(".")
    read = "`None`, unread" if is_unread(theirs, ours) else _read(theirs.settings)
    return f"| `{tag}_api.{operation}` | {read} {row_of(ours)} {_differences(theirs, ours)}|"


def _read(settings: Mapping[str, Any]) -> str:
    if settings["response_schema"] is None:
        return "`None`"
    answer: Any = settings["response_schema"][0]
    if isinstance(answer, type):
        return "an open file" if answer.__name__ == "IOBase" else f"`{answer.__name__}`"
    return "`dict`" if isinstance(answer, dict) else f"`list[{answer[0].__name__}]`"


def _given(endpoint: Endpoint[..., object]) -> str:
    answer: object = inspect.signature(endpoint.declaration.function).return_annotation
    return f"`{str(answer).replace('models.', '')}`".replace("|", "\\|")


def _differences(theirs: Any, ours: Endpoint[..., object]) -> str:
    different = differing(theirs, ours)
    if different is None:
        return ""
    only_theirs, only_ours = (", ".join(f"`{name}`" for name in names) for names in different)
    return f"{only_theirs} there, {only_ours} here " if only_theirs else f"{only_ours} only here "


def _counted(number: int) -> str:
    return {6: "Six", 15: "Fifteen"}.get(number, str(number))


if __name__ == "__main__":
    from cvat_sdk.api_client import ApiClient, Configuration

    PAGE.write_text(page(ApiClient(Configuration("http://cvat.example"))), encoding="utf-8")
