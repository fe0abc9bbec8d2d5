"""Write `calls.py`: one call of every endpoint, with the type that both checkers must see.

Rule: the types are taken from the catalogue at run time, the checkers take them from the source; so
`calls.py` proves that what is declared is what is inferred.
"""

from __future__ import annotations

import re
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID

from cvatfn import Endpoint, catalogue, models
from cvatfn.codecs.bodies import sent_kind

CALLS = Path(__file__).with_name("calls.py")

HEAD = '''"""One call of every endpoint, with the type of its outcome; only type checkers run this.

Written by `python -m tests.typing.write_calls` from the catalogue.
"""

from __future__ import annotations

from typing import Literal, assert_type
from uuid import UUID

from cvatfn import CallError, Outcome, Transport, call, models
from cvatfn.api import (
{modules},
)
from cvatfn.codecs.jsonvalue import JSON, JSONObject
'''


def written() -> str:
    """The text of `calls.py`."""
    endpoints = list(catalogue())
    modules = sorted({endpoint.declaration.function.__module__ for endpoint in endpoints})
    names = ",\n".join(f"    {module.rpartition('.')[2]}" for module in modules)
    return HEAD.format(modules=names) + "".join(map(_checked, endpoints))


def _checked(endpoint: Endpoint[..., object]) -> str:
    module = endpoint.declaration.function.__module__.rpartition(".")[2]
    name = endpoint.declaration.function.__name__
    given: dict[str, str] = {
        parameter.name: _said(parameter.type)
        for parameter in endpoint.parameters
        if parameter.required
    }
    if endpoint.body is not None:
        given[endpoint.body.name] = _said(sent_kind(endpoint.body.type))
    signature = "".join(f", {name}: {kind}" for name, kind in given.items())
    arguments = "".join(f", {name}={name}" for name in given)
    returns = endpoint.declaration.function.__annotations__["return"]
    return f"""

def {re.sub(r"_$", "", module)}_{name}(transport: Transport{signature}) -> None:
    outcome = call(transport, {module}.{name}{arguments})
    assert_type(outcome, Outcome[{returns}, CallError])
"""


def _said(kind: Any) -> str:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _said(arguments[0])
    if origin in (Union, UnionType):
        return " | ".join(map(_said, arguments))
    if origin is Literal:
        return f"Literal[{', '.join(map(repr, arguments))}]".replace("'", '"')
    if kind is NoneType:
        return "None"
    if kind in (int, str, bool, float, bytes, UUID):
        return str(kind.__name__)
    return f"models.{kind.__name__}" if hasattr(models, kind.__name__) else str(kind)


if __name__ == "__main__":
    CALLS.write_text(written(), encoding="utf-8")
