"""What the `__init__.py` of a generated package looks like: its public face.

Rule: every name at once for type checkers, on demand at run time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import fill

from generator.texts import WIDTH, docstring

__all__ = ["face"]


def face(package: str, about: Sequence[str], names: Mapping[str, Sequence[str]]) -> str:
    """The text of a package's `__init__.py`, not formatted yet.

    :param package: the package's full name.
    :param about: the paragraphs of its docstring.
    :param names: the package's modules, and what each one defines.
    """
    modules = sorted(names.items())
    return FACE.format(
        about=docstring(about),
        imports="\n".join(
            _import(f"{package}.{module}", name)
            for module, held in modules
            for name in sorted(held)
        ),
        table="\n".join(
            f'            "{package}.{module}": """\n{_filled(sorted(held))}\n            """,'
            for module, held in modules
        ),
    )


def _import(module: str, name: str) -> str:
    line = f"    from {module} import {name} as {name}"
    item = f"        {name} as {name},"
    if len(line) <= WIDTH or len(item) <= WIDTH:
        return line
    return f"{line.partition(name)[0]}(\n{item}  # noqa: E501 - the API's name\n    )"


def _filled(names: Sequence[str]) -> str:
    indent = " " * 16
    return fill(" ".join(names), WIDTH, initial_indent=indent, subsequent_indent=indent)


FACE = """{about}

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
{imports}
else:
    from cvatfn.lazily import lazily

    __getattr__, __dir__, __all__ = lazily(
        __name__,
        {{
{table}
        }},
    )
"""
