"""The names of cvat-sdk 2.80 beside those of this library: none is left without an answer.

What its low-level API can be asked for, this one can: by the same name, method, path, parameters.
"""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Mapping
from typing import Any, Final

import pytest
import urllib3

from cvatfn import catalogue, models
from tests.coming_from.page import TEXT, code, table
from tests.official.operations import PAGE, differing, official_operations, page

MISSING = "the official client is not installed: `make official` does that"
LOW = pytest.importorskip("cvat_sdk.api_client", reason=MISSING)
MODELS = pytest.importorskip("cvat_sdk.api_client.models")
EXCEPTIONS = pytest.importorskip("cvat_sdk.api_client.exceptions")
CORE = pytest.importorskip("cvat_sdk.core.client")
CORE_EXCEPTIONS = pytest.importorskip("cvat_sdk.core.exceptions")
PROXIES = pytest.importorskip("cvat_sdk.core.proxies.tasks")

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")  # it leaves sockets open


def client() -> Any:
    """A client that asks nobody; it is in no variable, since doctest stumbles over it there."""
    return LOW.ApiClient(LOW.Configuration("http://cvat.example"))


OTHERWISE: Final[Mapping[str, tuple[list[str], list[str]]]] = {
    "assets.create": (["file", "guide_id"], ["asset_write_request"]),
    "events.create_export": (["_from"], ["from_"]),
    "events.list": (["_from"], ["from_"]),
    "jobs.create_annotations": ([], ["conv_mask_to_poly"]),
    "projects.create_dataset": ([], ["conv_mask_to_poly"]),
    "tasks.create_annotations": ([], ["conv_mask_to_poly"]),
}
"""By operation, the parameters that only cvat-sdk has, and those that only this library has."""


OFFICIAL: Final = official_operations(client())
ENDPOINT: Final = OFFICIAL["tasks.retrieve"]
OURS: Final = {endpoint.name: endpoint for endpoint in catalogue()}
OPTIONS: Final = frozenset(inspect.signature(ENDPOINT.call_with_http_info).parameters) - {"kwargs"}


def _public(*things: object) -> set[str]:
    return {name for thing in things for name in dir(thing) if not name.startswith("_")}


def _said(heading: str) -> set[str]:
    """What the first column of a table names, without what stands behind the names."""
    return {re.split(r"[=\[]", name)[0] for first, *_ in table(heading) for name in code(first)}


def test_both_have_the_same_operations() -> None:
    assert OFFICIAL.keys() == OURS.keys()
    assert len(OURS) == 166


@pytest.mark.parametrize("name", OFFICIAL)
def test_an_operation_is_the_same_in_both(name: str) -> None:
    theirs, ours = OFFICIAL[name], OURS[name]
    assert (theirs.settings["http_method"], theirs.path) == (ours.method, ours.path)
    assert differing(theirs, ours) == OTHERWISE.get(name)
    if theirs.settings["response_schema"] is not None:
        assert ours.answers[0].type is not None


def test_the_page_of_operations_says_what_both_catalogues_say() -> None:
    assert PAGE.read_text("utf-8") == page(client()), "run `python -m tests.official.operations`"


def test_models_have_the_same_names_but_for_those_that_stand_for_a_field() -> None:
    interfaces = {name for name in dir(MODELS) if name[:1] == "I" and name[1:] in dir(MODELS)}
    theirs = {name for name in dir(MODELS) if name[:1].isupper()} - interfaces
    of_fields = {
        name + "".join(part.title() for part in field.split("_"))
        for name in theirs
        for field in _fields_of(getattr(MODELS, name))
    }
    assert theirs - {*dir(models)} - {"NullEnum"} <= of_fields


def _fields_of(model: Any) -> set[str]:
    known = getattr(model, "attribute_map", None)
    return {*known} if isinstance(known, dict) else set()


def test_the_configuration_is_told_of_whole() -> None:
    assert _said("Of the configuration") >= _public(LOW.Configuration("http://x"))
    parameters = inspect.signature(LOW.Configuration).parameters
    assert _said("Of the configuration") >= {*parameters}


def test_the_client_is_told_of_whole() -> None:
    public = {name for name in _public(client()) if not name.endswith("_api")}
    assert _said("Of the client") - {"with"} == public | {"call_api", "last_response"}


def test_the_options_of_a_call_are_told_of_whole() -> None:
    assert _said("Of a call") == OPTIONS | {"_return_http_data_only"}


def test_a_response_and_an_exception_are_told_of() -> None:
    named = _said("Of a response, and of an exception")
    of_errors = {name.removeprefix("error.") for name in named if name.startswith("error.")}
    assert of_errors == {*vars(EXCEPTIONS.ApiException(status=404))}
    for name in named - {f"error.{each}" for each in of_errors}:
        assert hasattr(urllib3.HTTPResponse, name.removeprefix("response.")) or name in HELD, name


HELD: Final = {"response.status", "response.headers", "response.reason"}
"""What a response has of its own, not of its class."""


def test_an_endpoint_is_told_of_whole() -> None:
    named = {name for first, *_ in table("Of an endpoint") for name in code(first)}
    assert {re.split(r"\[", name)[0] for name in named} == _public(ENDPOINT)
    for mapping in ("settings", "params_map", "headers_map"):
        keys = {name for name in named if name.startswith(f"{mapping}[")}
        left = {key for key in getattr(ENDPOINT, mapping) if f'{mapping}["{key}"]' not in keys}
        assert left <= {"endpoint_path", "servers"}


def test_what_is_named_of_its_modules_is_there() -> None:
    for name in _said("Of modules, models and helpers"):
        module, _, attribute = name.rpartition(".")
        assert hasattr(importlib.import_module(module), attribute), name


def test_the_objects_of_the_high_level_are_told_of_whole() -> None:
    proxies = [importlib.import_module(f"cvat_sdk.core.proxies.{each}") for each in PROXY_MODULES]
    kinds = [
        kind
        for module in proxies
        for kind in vars(module).values()
        if inspect.isclass(kind) and kind.__module__ == module.__name__ and kind.__name__[0] != "_"
    ]
    named = _said("Of the objects of the high level")
    assert named - {"with", "ResourceType"} == _public(CORE.Client, *kinds)


PROXY_MODULES: Final = "issues", "jobs", "organizations", "projects", "tasks", "users"


def test_every_exception_is_spoken_of() -> None:
    _, _, section = TEXT.partition("## Exceptions, and what answers them")
    for module in (EXCEPTIONS, CORE_EXCEPTIONS):
        for name in _public(module):
            kind: object = getattr(module, name)
            if inspect.isclass(kind) and issubclass(kind, Exception):
                assert f"`{name}`" in section, name
