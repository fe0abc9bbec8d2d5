"""What Sphinx does not do by itself: docstrings in the house's own writing, links between types.

Rule: what is written is decided by `telling` and `surface`; here it is given to Sphinx.
"""

from __future__ import annotations

import builtins
import inspect
import re
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, ParamSpec, TypeVar

from docutils import nodes
from sphinx.addnodes import desc_signature, pending_xref, pending_xref_condition
from sphinx.util.inspect import stringify_signature

from handbook.surface import known, qualified
from handbook.telling import lines_told

if TYPE_CHECKING:
    from docutils.nodes import Node, system_message
    from docutils.parsers.rst.states import Inliner
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

__all__ = ["setup"]


def setup(app: Sphinx) -> dict[str, bool]:
    """Add it all to Sphinx.

    :param app: Sphinx.
    """
    app.add_role("typed", _typed)
    app.connect("autodoc-process-docstring", _docstring)
    app.connect("autodoc-process-signature", _signature)
    app.connect("doctree-read", _without_entries, priority=100)  # before contents are collected
    app.connect("doctree-read", _exactly)
    app.connect("missing-reference", _reference)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _docstring(
    _app: Sphinx, _what: str, _name: str, obj: object, _options: object, lines: list[str]
) -> None:
    own: set[str] = set()
    if callable(obj):
        try:
            own = set(inspect.signature(obj).parameters)
        except (TypeError, ValueError):  # a class without a signature of its own
            own = set()
    lines[:] = lines_told(lines, known(), own)


def _signature(
    _app: Sphinx,
    what: str,
    _name: str,
    obj: object,
    _options: object,
    signature: str | None,
    _returned: str | None,
) -> tuple[str, str] | None:
    """The signature as it stands in the source: aliases keep their names."""
    if signature is None or not callable(obj):
        return None
    try:
        found = inspect.signature(obj)
    except (TypeError, ValueError):
        return None
    module = str(getattr(obj, "__module__", ""))
    parameters = [
        given.replace(annotation=_said(given.annotation, module))
        for given in found.parameters.values()
        if given.name not in ("self", "cls") or what != "method"
    ]
    bare = found.replace(parameters=parameters, return_annotation=inspect.Signature.empty)
    answer = found.return_annotation
    said = "" if answer is inspect.Signature.empty else str(_said(answer, module))
    return stringify_signature(bare), "" if what in ("class", "exception") else said


def _said(annotation: object, module: str) -> object:
    if annotation is inspect.Parameter.empty:
        return annotation
    return qualified(annotation if isinstance(annotation, str) else _named(annotation), module)


def _named(annotation: object) -> str:
    return str(getattr(annotation, "__name__", annotation))


def _typed(
    _name: str,
    _rawtext: str,
    text: str,
    _lineno: int,
    _inliner: Inliner,
    _options: object = None,
    _content: Sequence[str] = (),
) -> tuple[list[Node], list[system_message]]:
    """A type, with a link from each name in it."""
    shown = nodes.literal("", "", classes=["typed"])
    for piece in _NAMES.split(text):
        path = None if _QUOTED.fullmatch(piece) else known().get(piece)
        word = piece.rpartition(".")[2] if path and piece.startswith("cvatfn.") else piece
        if path is None:
            shown += nodes.Text(piece)
        else:
            shown += pending_xref(
                "",
                nodes.inline("", word),
                refdomain="py",
                reftype="obj",
                reftarget=path,
                refexplicit=True,
            )
    return [shown], []


_NAMES: Final = re.compile(r"(\"[^\"]*\"|[A-Za-z_][\w.]*)")
_QUOTED: Final = re.compile(r"\"[^\"]*\"")


def _without_entries(app: Sphinx, doctree: nodes.document) -> None:
    """What the library is made of is listed by modules alone: each page has all the contents."""
    if app.env.current_document.docname.startswith("reference/inside/"):
        for signature in doctree.findall(desc_signature):
            signature["_toc_name"] = ""


def _exactly(_app: Sphinx, doctree: nodes.document) -> None:
    """Names in signatures mean what they say, and nothing elsewhere that ends alike."""
    for node in list(doctree.findall(pending_xref)):
        if node.get("refdomain") != "py" or "refspecific" not in node:
            continue
        target = str(node["reftarget"])
        if target in _BUILT_IN or target == "None":
            shown = node.children[-1]
            plain = shown.children if isinstance(shown, pending_xref_condition) else [shown]
            node.replace_self(list(plain))
            continue
        del node["refspecific"]
        node["reftarget"] = known().get(target, target) if "." in target else target


_BUILT_IN: Final = frozenset(dir(builtins))


def _reference(
    app: Sphinx, env: BuildEnvironment, node: pending_xref, contnode: nodes.TextElement
) -> Node | None:
    """A name that is known by another path, or that is none of ours and so leads nowhere."""
    if node.get("refdomain") != "py":
        return None
    target = str(node.get("reftarget", ""))
    path = known().get(target)
    if path is not None and path != target:
        domain = env.get_domain("py")
        docname = str(node.get("refdoc", env.current_document.docname))
        found = domain.resolve_xref(env, docname, app.builder, "obj", path, node, contnode)
        if found is not None:
            return found
    return None if target.startswith("cvatfn.") and not _is_variable(target) else contnode


def _is_variable(path: str) -> bool:
    """Whether a name is that of a type variable, which is not documented."""
    module, _, name = path.rpartition(".")
    return isinstance(getattr(sys.modules.get(module), name, None), ParamSpec | TypeVar)
