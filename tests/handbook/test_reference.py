"""The reference says what there is: all endpoints, models, and whatever else is public, once."""

from __future__ import annotations

import inspect
import re
from collections import Counter
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from uuid import UUID

import pytest

from cvatfn import Endpoint, Outcome, Request, Success, api, catalogue, models, prepare
from cvatfn.codecs.bodies import sent_kind
from cvatfn.codecs.building import fields_of
from cvatfn.codecs.enums import OpenEnum
from cvatfn.codecs.kinds import class_of
from cvatfn.errors import InvalidParams
from cvatfn.filters import Tasks
from cvatfn.plans import MODEST, plan_of
from handbook.endpoint_pages import module_of
from handbook.examples import BODIES, VALUES, written
from handbook.sources import reference
from handbook.surface import entries, modules, public

ENDPOINTS = list(catalogue())
NAMES = [endpoint.name for endpoint in ENDPOINTS]


@cache
def pages() -> dict[str, str]:
    return dict(reference())


def described(text: str) -> list[str]:
    """The full paths of what a page describes, below the top of it."""
    found: list[str] = []
    current = ""
    lines = text.split("\n")
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        if directive := re.match(r"\.\. (py:currentmodule|py:module):: (\S+)", line):
            current = directive[2] if directive[1] == "py:currentmodule" else ""
        elif auto := re.match(r"\.\. auto(?:class|function):: (\S+)", line):
            found.append(auto[1])
        elif plain := re.match(r"\.\. py:(?:class|data|function):: ([\w.]+)", line):
            module = re.match(r"   :module: (\S+)", after)
            found.append(f"{module[1] if module else current}.{plain[1]}")
    return found


def block(endpoint: Endpoint[..., object]) -> str:
    """What the page of its area says of an endpoint."""
    page = pages()[f"reference/api/{module_of(endpoint)}.rst"]
    name = f"{module_of(endpoint)}.{endpoint.declaration.function.__name__}"
    return page.partition(f".. py:function:: {name}(")[2].partition("\n.. py:function:: ")[0]


def test_every_endpoint_and_every_public_name_appears_exactly_once() -> None:
    counted = Counter(path for text in pages().values() for path in described(text))
    assert [path for path, times in counted.items() if times > 1] == []
    wanted = {f"cvatfn.models.{name}" for name in public("cvatfn.models")}
    for tag in api.TAGS:
        names: list[str] = import_module(f"cvatfn.api.{tag}").__all__
        wanted |= {f"cvatfn.api.{tag}.{name}" for name in names}
    library = {entry.path for _, _, held in entries() for entry in held}
    assert set(counted) == wanted | library


def test_what_stands_on_the_pages_is_what_each_all_lists() -> None:
    listed = [entry for _, _, held in entries() for entry in held]
    things = {(entry.home, entry.name) for entry in listed}
    for module in modules():
        if module.startswith(("cvatfn.api", "cvatfn.models")):
            continue
        for name in public(module):
            found: object = getattr(import_module(module), name)
            homes = [home for home, own in things if own == name]
            assert any(getattr(import_module(home), name) is found for home in homes), module
    for entry in listed:
        package, _, name = entry.path.rpartition(".")
        assert name in public(package)
        assert getattr(import_module(package), name) is getattr(
            import_module(entry.home), entry.name
        )


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=NAMES)
def test_an_endpoint_is_told_whole(endpoint: Endpoint[..., object]) -> None:
    told = block(endpoint)
    assert f"``{endpoint.method}`` ``{endpoint.path}``" in told
    for parameter in endpoint.parameters:
        line = re.search(rf"^ +``{parameter.name}`` · (.*)\n +(.*)$", told, re.MULTILINE)
        assert line is not None, parameter.name
        assert parameter.place in line[1]
        assert parameter.place == "path" or ("Required." in line[2]) == parameter.required
        if parameter.wire_name != parameter.name:
            assert f"``{parameter.wire_name}``" in line[1]
        for release in (parameter.since, parameter.until):
            assert release is None or f"CVAT {release}" in line[2]
        assert ("eprecated" in line[2]) >= parameter.deprecated
    if endpoint.body is not None:
        model = class_of(sent_kind(endpoint.body.type))
        assert f"A :typed:`models.{model.__name__}`, or a dict" in told
        fields = told.partition(f".. dropdown:: Fields of {model.__name__}\n")[2]
        assert re.findall(r"^ +- ``(\w+)``: ", fields, re.MULTILINE) == [
            field.name for field in fields_of(model)
        ]
        assert all(f"``{each}``" in told for each in endpoint.body.content_types)
    assert all(f"``{answer.status}``" in told for answer in endpoint.answers)
    assert ("~cvatfn.errors.TooLarge" in told) == (plan_of(endpoint.declaration).max_body == MODEST)
    assert ("\n   Deprecated" in told) == endpoint.deprecated


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=NAMES)
def test_the_call_that_is_shown_can_be_prepared(endpoint: Endpoint[..., object]) -> None:
    shown = written(endpoint)
    indented = "\n".join(f"      {line}" if line else "" for line in shown.split("\n"))
    assert indented in block(endpoint)
    assert max(map(len, shown.split("\n"))) <= 88

    def call(
        _: object, asked: Endpoint[..., object], *args: object, **params: object
    ) -> Outcome[Request, InvalidParams]:
        assert asked is endpoint
        return prepare(asked, *args, **params)

    space = {
        **{tag: import_module(f"cvatfn.api.{tag}") for tag in api.TAGS},
        "call": call,
        "transport": None,
        "Path": Path,
        "UUID": UUID,
        "datetime": datetime,
        "UTC": UTC,
    }
    prepared: object = eval(shown, space)  # noqa: S307 - our own
    assert isinstance(prepared, Success), prepared


def test_no_example_is_there_for_nothing() -> None:
    sent = {class_of(sent_kind(each.body.type)).__name__ for each in ENDPOINTS if each.body}
    assert sent == set(BODIES)
    for key in VALUES:
        name = key.rpartition(".")[2]
        users = [
            each
            for each in ENDPOINTS
            for parameter in each.parameters
            if parameter.name == name
            and key in (name, f"{each.name}.{name}", f"{each.name.partition('.')[0]}.{name}")
        ]
        assert users, key


def test_every_field_of_every_model_stands_there_and_each_member_of_each_enum() -> None:
    told = "\n".join(text for name, text in pages().items() if "/models/" in name)
    for name in public("cvatfn.models"):
        found: object = getattr(models, name)
        if not isinstance(found, type) or name.endswith("Dict"):
            continue
        kind: type[object] = found
        text = told.partition(f"\n.. py:class:: {name}\n")[2].partition("\n.. py:")[0]
        shown = re.findall(r"^   \.\. py:attribute:: (\w+)$", text, re.MULTILINE)
        if issubclass(found, OpenEnum):
            assert shown == [member.name for member in found]
        else:
            assert shown == [field.name for field in fields_of(kind)]


@pytest.mark.parametrize(
    ("model", "field", "said"),
    [
        ("TaskWriteRequest", "name", "Required; 1 to 256 characters."),
        ("TaskRead", "project_name", "Since CVAT 2.59.1."),
        ("TaskRead", "organization", "Deprecated."),
        ("AccessTokenRead", "value", "A secret, masked wherever it is shown."),
        ("OrganizationWriteRequest", "slug", "Required; 1 to 16 characters; matches"),
        ("InvitationWriteRequest", "email", "at least 1 character; the form of an email address."),
    ],
)
def test_a_field_is_told_with_its_limits_and_its_releases(
    model: str, field: str, said: str
) -> None:
    told = "\n".join(text for name, text in pages().items() if "/models/" in name)
    text = told.partition(f"\n.. py:class:: {model}\n")[2].partition("\n.. py:class")[0]
    note = text.partition(f".. py:attribute:: {field}\n")[2].partition("   .. py:attribute")[0]
    assert said in note


def test_the_fields_to_filter_by_stand_there_with_their_types() -> None:
    told = pages()["reference/filters.rst"].partition(".. autoclass:: cvatfn.filters.Tasks\n")[2]
    text = told.partition("\n.. auto")[0]
    shown = re.findall(r"py:attribute:: (\w+)\n +:type: (\S+)\[", text)
    assert [name for name, _ in shown] == [name for name in vars(Tasks) if name[0] != "_"]
    assert dict(shown)["name"] == "cvatfn.filters.Text"


def test_an_alias_and_a_constant_have_the_text_of_the_source() -> None:
    errors = pages()["reference/errors.rst"]
    assert "Why a call came to nothing." in errors
    waiting = pages()["reference/waiting.rst"]
    assert "When background work is looked at" in waiting


def test_everything_that_users_call_has_a_docstring() -> None:
    held = [entry for page, _, held in entries() if "/" not in page.name for entry in held]
    found: list[object] = [getattr(import_module(entry.home), entry.name) for entry in held]
    functions = [each for each in found if inspect.isroutine(each)]
    assert len(functions) > 100
    assert [each for each in functions if not inspect.getdoc(each)] == []
