from __future__ import annotations

import re
from collections import Counter
from itertools import chain

import click
import pytest

from cvatfn import Endpoint, catalogue
from cvatfn.api import labels
from cvatfn.cli.calling import command_of, common_parameters, takes
from cvatfn.cli.options import Taken, taken_by
from cvatfn.cli.sections import spellings

ALL = tuple(catalogue())
named_by_endpoint = pytest.mark.parametrize("endpoint", ALL, ids=lambda each: each.name)


def _plain(taken: Taken) -> str:
    return taken.name.strip("_").replace("_", "-")


def _flags(flag: str, taken: Taken) -> set[str]:
    """What is typed for it: with a `no-`, too, where it is true or false."""
    return {flag, f"no-{flag}"} if taken.sort == "flag" else {flag}


def _spelled(endpoint: Endpoint[..., object]) -> list[str]:
    options = [each for each in command_of(endpoint).params if isinstance(each, click.Option)]
    return [name for each in options for name in (*each.opts, *each.secondary_opts)]


def test_no_command_has_two_options_of_a_name() -> None:
    for endpoint in ALL:
        twice = [name for name, times in Counter(_spelled(endpoint)).items() if times > 1]
        assert not twice, endpoint.name


def test_each_parameter_and_each_field_has_an_option() -> None:
    for endpoint in ALL:
        spelled = _spelled(endpoint)
        assert all(f"--{each.flag}" in spelled for each in takes(endpoint)), endpoint.name
        assert {each.name for each in endpoint.parameters} <= {e.name for e in takes(endpoint)}


def test_an_option_is_called_as_its_parameter_unless_that_name_is_taken() -> None:
    common = spellings(chain(*common_parameters().values())) | {"body", "null"}
    for endpoint in ALL:
        used = set(common)
        for each in takes(endpoint):
            prefixed = each.flag == f"{each.place}-{_plain(each)}"
            assert prefixed == bool(used & _flags(_plain(each), each)), (endpoint.name, each)
            assert prefixed or each.flag == _plain(each)
            used |= _flags(each.flag, each)


def test_names_of_options_can_be_typed() -> None:
    for endpoint in ALL:
        for each in takes(endpoint):
            assert re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", each.flag), (endpoint.name, each)


def test_a_field_that_is_called_as_a_parameter_says_that_it_is_of_the_body() -> None:
    flags = {(each.place, each.name): each.flag for each in taken_by(labels.partial_update)}
    assert flags["path", "id"] == "id"
    assert flags["body", "id"] == "body-id"


def test_what_every_command_has_keeps_its_name() -> None:
    flags = {(each.place, each.name): each.flag for each in taken_by(labels.partial_update, ["id"])}
    assert flags["path", "id"] == "path-id"
    assert flags["body", "id"] == "body-id"


@pytest.mark.parametrize("name", ["tasks.create", "tasks.list", "labels.partial_update"])
def test_the_help_tells_of_each_option_and_its_limits(name: str) -> None:
    (endpoint,) = [each for each in ALL if each.name == name]
    context = click.Context(command_of(endpoint), terminal_width=100)
    said = context.get_help()
    assert f"{endpoint.method} {endpoint.path}" in said
    assert all(f"--{each.flag}" in said for each in takes(endpoint))
    if name == "tasks.create":
        assert "1 to 256 characters; required" in " ".join(said.split())


def test_every_endpoint_has_a_help() -> None:
    for endpoint in ALL:
        said = click.Context(command_of(endpoint), terminal_width=79).get_help()
        assert max(map(len, said.splitlines())) <= 79, endpoint.name
        for each in takes(endpoint):
            assert not each.since or f"ince {each.since}" in " ".join(said.split())
