"""What is public, where it is defined, and on which page it stands: each name once.

Rule: public is what an `__all__` lists. A name that several modules list is one thing, if one of
them imports it from another; it is documented by the shortest of its paths, on the first page that
takes one of its modules.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from pkgutil import walk_packages
from typing import Final

from attrs import frozen

import cvatfn

__all__ = ["PAGES", "Entry", "Page", "entries", "known", "modules", "public", "qualified"]


@frozen
class Page:
    """A page of the reference.

    :param name: of its file.
    :param title: what stands above it.
    :param modules: whose names it takes, in order; one that ends in `.*` stands for all in it.
    """

    name: str
    title: str
    modules: tuple[str, ...]


PAGES: Final = (
    Page("calling", "Calling", ("cvatfn.calling", "cvatfn.preparing", "cvatfn.interpreting")),
    Page("outcomes", "Outcomes", ("cvatfn.outcome",)),
    Page("errors", "Errors", ("cvatfn.errors",)),
    Page("endpoints", "Endpoints as values", ("cvatfn.endpoints", "cvatfn.finding")),
    Page(
        "data",
        "Data: JSON, files, what is absent",
        (
            "cvatfn.codecs.json",
            "cvatfn.codecs.converting",
            "cvatfn.codecs.unset",
            "cvatfn.codecs.files",
            "cvatfn.codecs.enums",
            "cvatfn.codecs.jsonvalue",
        ),
    ),
    Page("messages", "Requests and responses", ("cvatfn.messages",)),
    Page("logins", "Logins", ("cvatfn.auth",)),
    Page("listings", "Listings", ("cvatfn.pagination", "cvatfn.storage")),
    Page("filters", "Filters and orders", ("cvatfn.filters",)),
    Page("waiting", "Waiting", ("cvatfn.polling", "cvatfn.schedule")),
    Page("transports", "Transports", ("cvatfn.transport",)),
    Page("transfers", "Files up and down", ("cvatfn.transfer",)),
    Page("aio", "For event loops", ("cvatfn.aio",)),
    Page("versions", "Releases", ("cvatfn.versions", "cvatfn.outdated")),
    Page("sandbox", "The sandbox", ("cvatfn.testing.sandbox",)),
    Page("strategies", "Strategies for property tests", ("cvatfn.testing.strategies",)),
    Page("conformance", "Conformance of transports", ("cvatfn.testing.conformance",)),
    Page(
        "testing",
        "What else helps to test",
        (
            "cvatfn.testing.pytest_plugin",
            "cvatfn.testing.filtering",
            "cvatfn.testing.pictures",
            "cvatfn.testing.demo",
        ),
    ),
    Page("inside/core", "Inside: the core", ("cvatfn.*",)),
    Page("inside/cli", "Inside: the command line", ("cvatfn.cli.*",)),
    Page("inside/codecs", "Inside: codecs", ("cvatfn.codecs.*",)),
    Page("inside/filters", "Inside: filters", ("cvatfn.filters.*",)),
    Page("inside/transport", "Inside: transports", ("cvatfn.transport.*",)),
    Page("inside/transfer", "Inside: transfers", ("cvatfn.transfer.*",)),
    Page("inside/aio", "Inside: event loops", ("cvatfn.aio.*",)),
    Page("inside/strategies", "Inside: strategies", ("cvatfn.testing.strategies.*",)),
    Page(
        "inside/conformance",
        "Inside: conformance",
        ("cvatfn.testing.conformance.*", "cvatfn.testing.conformance.checks.*"),
    ),
    Page(
        "inside/sandbox",
        "Inside: the sandbox",
        ("cvatfn.testing.sandbox.*", "cvatfn.testing.sandbox.state.*"),
    ),
    Page(
        "inside/sandbox-gates", "Inside: the sandbox's gates", ("cvatfn.testing.sandbox.gates.*",)
    ),
    Page(
        "inside/sandbox-areas",
        "Inside: the sandbox's areas",
        ("cvatfn.testing.sandbox.areas.*", "cvatfn.testing.sandbox.areas.quality.*"),
    ),
    Page(
        "inside/sandbox-files",
        "Inside: the sandbox's files",
        (
            "cvatfn.testing.sandbox.files.*",
            "cvatfn.testing.sandbox.files.imports.*",
            "cvatfn.testing.sandbox.files.exports.*",
        ),
    ),
    Page(
        "inside/sandbox-keeping",
        "Inside: how the sandbox measures and keeps",
        ("cvatfn.testing.sandbox.measuring.*", "cvatfn.testing.sandbox.keeping.*"),
    ),
)
"""Everything but endpoints and models, which have pages of their own."""

APART: Final = ("cvatfn.api", "cvatfn.models")


@frozen
class Entry:
    """Something public.

    :param path: by which it is documented, such as `cvatfn.call`.
    :param home: the module that defines it, such as `cvatfn.calling`.
    :param name: what it is called there.
    """

    path: str
    home: str
    name: str


@cache
def modules() -> tuple[str, ...]:
    """Every module of the package that can be imported, by name; what only runs is none."""
    found = (each.name for each in walk_packages(cvatfn.__path__, "cvatfn."))
    return ("cvatfn", *(name for name in found if not name.endswith("__main__")))


@cache
def public(module: str) -> tuple[str, ...]:
    """What a module says is public.

    :param module: its name.
    """
    names: list[str] = getattr(import_module(module), "__all__", [])
    return tuple(names)


@cache
def entries() -> tuple[tuple[Page, str, tuple[Entry, ...]], ...]:
    """What stands on the pages: page, module and what it brings, each thing once.

    :raises LookupError: a module is on no page.
    """
    paths = _paths()
    taken: set[tuple[str, str]] = set()
    listed: list[tuple[Page, str, tuple[Entry, ...]]] = []
    # What is named one by one comes before what is taken all together.
    for page in PAGES:
        for module in _of(page):
            homes = [_home(module, name) for name in public(module)]
            new = [home for home in dict.fromkeys(homes) if home not in taken]
            taken.update(new)
            listed.append((page, module, tuple(Entry(paths[home], *home) for home in new)))
    missed = {home for module in _described() for home in _homes(module)} - taken
    if missed:
        raise LookupError(f"on no page: {', '.join(sorted(f'{m}.{n}' for m, n in missed))}")
    return tuple(listed)


@cache
def known() -> dict[str, str]:
    """Where each name is documented: by its path, and by itself if only one thing has it."""
    found = [entry for _, _, held in entries() for entry in held]
    front = [entry for page, _, held in entries() for entry in held if "/" not in page.name]
    names = {name: f"cvatfn.models.{name}" for name in public("cvatfn.models")}
    for entry in front:
        names[entry.name] = "" if entry.name in names else entry.path
    dotted = {entry.path: entry.path for entry in found}
    dotted |= {f"{entry.home}.{entry.name}": entry.path for entry in found}
    for name in public("cvatfn.models"):
        path = f"cvatfn.models.{name}"
        dotted |= {f"models.{name}": path, ".".join(_home("cvatfn.models", name)): path}
    for tag in public("cvatfn.api"):
        if tag != "TAGS":
            dotted |= {
                f"{tag}.{each}": f"cvatfn.api.{tag}.{each}" for each in public(f"cvatfn.api.{tag}")
            }
    return {name: path for name, path in (names | dotted).items() if path}


def _of(page: Page) -> Iterator[str]:
    one_by_one = {module for each in PAGES for module in each.modules}
    for module in page.modules:
        if not module.endswith(".*"):
            yield module
            continue
        package = module.removesuffix(".*")
        depth = package.count(".") + 1
        for name in _described():
            within = name == package or (
                name.startswith(f"{package}.") and name.count(".") == depth
            )
            if within and name not in one_by_one and public(name):
                yield name


def _described() -> Iterator[str]:
    """The modules whose names stand on these pages."""
    for module in modules():
        if not any(module == name or module.startswith(f"{name}.") for name in APART):
            yield module


@cache
def _paths() -> dict[tuple[str, str], str]:
    """The shortest path to each thing."""
    found: dict[tuple[str, str], list[str]] = {}
    for module in _described():
        for name in public(module):
            found.setdefault(_home(module, name), []).append(f"{module}.{name}")
    return {
        home: min(paths, key=lambda path: (path.count("."), path)) for home, paths in found.items()
    }


def _homes(module: str) -> list[tuple[str, str]]:
    return [_home(module, name) for name in public(module)]


@cache
def _home(module: str, name: str) -> tuple[str, str]:
    """Where something is defined that a module shows: there, or where it is imported from."""
    if module.partition(".")[0] != "cvatfn":
        return module, name
    came = _imports(module).get(name)
    if came is None:
        return module, name
    if came[0].partition(".")[0] != "cvatfn":
        return module, name  # of another library: it is at home where it is first shown
    return _home(*came)


@cache
def _imports(module: str) -> dict[str, tuple[str, str]]:
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        raise LookupError(module)
    tree = ast.parse(Path(spec.origin).read_text(encoding="utf-8"))
    return {
        alias.asname or alias.name: (node.module, alias.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module is not None
        for alias in node.names
    }


def qualified(annotation: str, module: str) -> str:
    """An annotation with the names of this library by the paths they are documented by.

    :param annotation: as it stands in a module's source.
    :param module: the module.

    >>> qualified("Outcome[Response, E]", "cvatfn.calling")
    'cvatfn.Outcome[cvatfn.Response, E]'
    """
    try:
        tree = ast.parse(annotation, mode="eval").body
    except SyntaxError:  # what autodoc shows in its place, such as `<function f>`
        return annotation
    return ast.unparse(_Qualified(module).visit(tree))


class _Qualified(ast.NodeTransformer):
    def __init__(self, module: str) -> None:
        self._module = module

    def visit_Name(self, node: ast.Name) -> ast.AST:
        path = _paths().get(_home(self._module, node.id))
        return node if path is None else ast.Name(path)

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        whole = ast.unparse(node)
        path = known().get(whole)
        return node if path is None else ast.Name(path)
