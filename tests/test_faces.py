"""Each lazy package offers at run time what it shows to type checkers, and the very same things."""

from __future__ import annotations

import ast
import sys
from importlib import import_module
from pathlib import Path

import pytest

FACES = [
    "cvatfn",
    "cvatfn.aio",
    "cvatfn.filters",
    "cvatfn.models",
    "cvatfn.testing.conformance",
    "cvatfn.testing.sandbox",
    "cvatfn.testing.strategies",
    "cvatfn.transfer",
    "cvatfn.transport",
]


@pytest.mark.parametrize("name", FACES)
def test_a_face_shows_to_checkers_what_it_offers_at_run_time(name: str) -> None:
    package = import_module(name)
    shown = dict(_shown(Path(str(package.__file__)).read_text(encoding="utf-8")))
    assert sorted(shown) == dir(package) == package.__all__
    for each, home in shown.items():
        found: object = getattr(package, each)
        assert found is getattr(sys.modules[home], each)
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = package.nothing


def _shown(source: str) -> list[tuple[str, str]]:
    (block,) = (node for node in ast.parse(source).body if isinstance(node, ast.If))
    return [
        (alias.asname or alias.name, node.module or "")
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    ]
