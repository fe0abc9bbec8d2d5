"""The pages that lead into the reference: one for all of it, and one for each of its halves.

Rule: they say what holds for every endpoint, so that no endpoint's own text has to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cvatfn import Endpoint
from cvatfn.versions import BASELINE
from handbook.dated import Dated
from handbook.surface import Page

__all__ = ["reference_index"]


def reference_index(
    facts: Dated, areas: Mapping[str, tuple[Endpoint[..., object], ...]], pages: Sequence[Page]
) -> Mapping[str, str]:
    """The pages, by where they are on the site.

    :param facts: what the models do not hold.
    :param areas: the endpoints of each area.
    :param pages: the other pages.
    """
    number = sum(map(len, areas.values()))
    front = [page.name for page in pages if "/" not in page.name]
    inside = [page.name.partition("/")[2] for page in pages if "/" in page.name]
    return {
        "reference/index.md": _WHOLE.format(number=number, front="\n".join(front)),
        "reference/api/index.md": _API.format(
            number=number,
            version=facts.version,
            baseline=BASELINE,
            rows="\n".join(
                f"| [{area}]({area}.rst) | {len(held)} | {facts.tags[area.removesuffix('_')]} |"
                for area, held in areas.items()
            ),
            areas="\n".join(areas),
        ),
        "reference/models/index.md": _MODELS.format(
            rows="\n".join(f"| [{area}]({area}.rst) | {held} |" for area, held in _about(facts)),
            areas="\n".join(f"{area} <{area}>" for area, _ in _about(facts)),
        ),
        "reference/inside/index.md": _INSIDE.format(pages="\n".join(inside)),
    }


def _about(facts: Dated) -> list[tuple[str, str]]:
    return [*facts.areas.items(), ("page", "One page of a listing, whatever it lists.")]


_WHOLE = """# Reference

Everything public, each name once. It is written from the code: the [endpoints](api/index.md)
and [models](models/index.md) from the values that they are, the rest from its docstrings.

- [All {number} endpoints](api/index.md): what each takes, answers and fails with.
- [All models](models/index.md): their fields, limits and releases.
- The library, by what it is for: the pages below.
- [Inside](inside/index.md): what the library is made of, for who reads or extends it. What is
  only there may change with any release.

```{{toctree}}
:maxdepth: 1
Endpoints <api/index>
Models <models/index>
{front}
Inside <inside/index>
```
"""

_API = """# Endpoints

CVAT {version} has {number} operations. Each is a value in `cvatfn.api`, in a module for each
area. It is called as

```
call(transport, tasks.retrieve, 42)
```

with the parameters that its signature here has: before the `*` by position or by name, behind
it by name. A parameter with `UNSET` for its default may be left out. Bodies are models, dicts,
or dicts with models in them.

What a call comes to is `Success` with what the signature answers, or `Failure` with one of
these:

| error | when | was anything sent? |
|---|---|---|
| {{py:obj}}`~cvatfn.errors.InvalidParams` | parameters or body do not fit | no |
| {{py:obj}}`~cvatfn.errors.TransportError` | no whole answer came | `may_have_acted` says |
| {{py:obj}}`~cvatfn.errors.Rejected` | the server refused, with a status of 4xx or 5xx | yes |
| {{py:obj}}`~cvatfn.errors.UnexpectedStatus` | a status that is no answer | yes |
| {{py:obj}}`~cvatfn.errors.Undecodable` | the answer does not fit its type | yes |

Any endpoint may be refused with 401 (not logged in), 403 (not allowed), 404 (not there, or not
to be seen by you), 429 (too many calls) and 5xx, whether or not CVAT's document names it. Where
nothing is said of a login, each kind will do; where nothing is said of releases, all have it
from {baseline} on.

| area | endpoints | |
|---|--:|---|
{rows}

```{{toctree}}
:hidden:
{areas}
```
"""

_MODELS = """# Models

What endpoints take and answer, all in `cvatfn.models`. Those whose names end in `Request` are
sent, and are held to their limits before anything is; the others are read, and their limits are
the server's affair.

- A field that may be left out holds `UNSET` then, which is not `None`: `None` is sent as
  `null`.
- `XRequestDict` is the same as a dict, `XRequestLike` either of the two; where a model is
  taken, so is a dict, at any depth.
- Enums are open: a text that a newer server sends becomes a member that keeps it.

| area | |
|---|---|
{rows}

```{{toctree}}
:hidden:
{areas}
```
"""

_INSIDE = """# Inside

What the library is made of, module by module, for who reads the code, writes a driver of their
own or extends the sandbox. Names that stand on the pages before are not repeated here. What is
only here may change with any release.

```{{toctree}}
:maxdepth: 1
{pages}
```
"""
