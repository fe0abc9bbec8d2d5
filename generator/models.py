"""What the modules of `cvatfn/models` look like.

Rule: an answer's model says what servers send; a request's model has limits, a constructor that
takes dicts, texts and iterables in place of models, enums and tuples, and a twin for its dicts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from generator.areas import arranged, homes
from generator.errors import Unusable
from generator.faces import face
from generator.facts import Alias, Catalogue, Definition, Enumeration, Field, Listing, Lives, Model
from generator.imports import MODELS, imported
from generator.names import member_names
from generator.spelling import argument, attribute, literal, quoted
from generator.tables import Area, Sentences, Tables
from generator.texts import docstring, notes, origin

__all__ = ["model_modules"]

NEW = Area("Schemas that no area has claimed yet.", ())

BY_HAND: Mapping[str, tuple[str, ...]] = {"page": ("Page",)}
"""Modules in the same folder that are not generated, and what they define."""


def model_modules(catalogue: Catalogue, tables: Tables) -> dict[str, str]:
    """The files of `cvatfn/models`, by name, not formatted yet.

    :param catalogue: what to write.
    :param tables: the areas and the sentences.
    :raises Unusable: a schema has no area or no sentence, or two areas need each other.
    """
    members = arranged(catalogue.definitions, homes(catalogue.definitions, tables.areas))
    names = {area: _all_names(held) for area, held in members.items()}
    sources = _sources(names)
    modules = {
        f"{area}.py": _module(tables.areas.get(area, NEW), held, catalogue.version, sources, tables)
        for area, held in members.items()
    }
    about = (ABOUT, origin(catalogue.version))
    return modules | {"__init__.py": face("cvatfn.models", about, {**names, **BY_HAND})}


ABOUT = "Every model, enum and alias of the API, each imported when it is first asked for."


def public_names(definition: Definition) -> tuple[str, ...]:
    """The names a schema brings into its module."""
    match definition:
        case Model(name, request=True):
            return (name, f"{name}Dict", f"{name}Like")
        case Enumeration(name):
            return (name, f"{name}Like")
        case Model(name) | Alias(name) | Listing(name):
            return (name,)


def _sources(names: Mapping[str, Sequence[str]]) -> Mapping[str, str]:
    """Where each name comes from, which must be one place.

    :raises Unusable: two things would have the same name.
    """
    sources = dict(MODELS)
    for area, held in names.items():
        for name in held:
            if name in sources or area in BY_HAND:
                raise Unusable(f"{area}.{name}: there is already something of that name")
            sources[name] = f"cvatfn.models.{area}"
    return sources


def _all_names(definitions: Sequence[Definition]) -> tuple[str, ...]:
    return tuple(sorted(name for found in definitions for name in public_names(found)))


def _module(
    area: Area,
    definitions: Sequence[Definition],
    version: str,
    sources: Mapping[str, str],
    tables: Tables,
) -> str:
    code = "\n\n\n".join(_written(found, tables.sentences) for found in definitions)
    return "\n\n".join(
        (
            docstring((area.about, origin(version))),
            "from __future__ import annotations",
            imported(code, sources),
            f"__all__ = [{', '.join(map(quoted, _all_names(definitions)))}]",
            code,
        )
    )


def _written(definition: Definition, sentences: Sentences) -> str:
    match definition:
        case Enumeration():
            return _enumeration(definition, sentences)
        case Model(request=True):
            return _request(definition, sentences)
        case Model():
            return _answer(definition, sentences)
        case Alias(name, parts):
            held = " | ".join(attribute(part, limits=False) for part in parts)
            return f"{name}: TypeAlias = {held}"
        case Listing(name, item):
            return f"{name}: TypeAlias = Page[{attribute(item, limits=False)}]"


def _enumeration(enum: Enumeration, sentences: Sentences) -> str:
    names = member_names([value for value, _ in enum.values])
    members = "\n".join(
        f"    {name} = {quoted(value)}{_remark(lives)}"
        for name, (value, lives) in zip(names, enum.values, strict=True)
    )
    texts = literal(value for value, _ in enum.values)
    return (
        f"class {enum.name}(OpenEnum):\n{_about(enum, sentences)}\n\n{members}\n\n\n"
        f"{enum.name}Like: TypeAlias = {enum.name} | {texts}"
    )


def _answer(model: Model, sentences: Sentences) -> str:
    fields = "\n".join(_attribute(field, limits=False) for field in model.fields)
    return f"@frozen(kw_only=True)\nclass {model.name}:\n{_about(model, sentences)}\n\n{fields}"


def _request(model: Model, sentences: Sentences) -> str:
    fields = "\n".join(_attribute(field, limits=True) for field in model.fields)
    given = "\n".join(f"        {_parameter(field)}" for field in model.fields)
    return f"""{_twin(model)}


@frozen(kw_only=True, init=False)
class {model.name}:
{_about(model, sentences)}

{fields}

    def __init__(
        self,
        *,
{given}
    ) -> None:
        fill(self, locals())


{model.name}Like: TypeAlias = {model.name} | {model.name}Dict"""


def _twin(model: Model) -> str:
    """The model as a dict: no key is needed where none is required."""
    partial = not any(field.required for field in model.fields)
    keys = "\n".join(f"    {_key(field, partial=partial)}" for field in model.fields)
    base = "TypedDict, total=False" if partial else "TypedDict"
    return f'class {model.name}Dict({base}):\n    """`{model.name}` as a dict."""\n\n{keys}'


def _key(field: Field, *, partial: bool) -> str:
    taken = argument(field.type, optional=not field.required)
    return f"{field.name}: {taken if partial or field.required else f'NotRequired[{taken}]'}"


def _parameter(field: Field) -> str:
    taken = argument(field.type, optional=not field.required)
    default = "" if field.required else " = UNSET"
    unusual = "" if field.name == field.name.lower() else "  # noqa: N803 - the API's name"
    return f"{field.name}: {taken}{default},{unusual}"


def _attribute(field: Field, *, limits: bool) -> str:
    held = attribute(field.type, limits=limits, optional=not field.required)
    shown = "mask" if field.secret else "shown" if _holds_urls(field.name) else None
    options = [] if shown is None else [f"repr={shown}"]
    if options and not field.required:
        options.insert(0, "default=UNSET")
    plain = "" if field.required else " = UNSET"
    default = f" = field({', '.join(options)})" if options else plain
    remark = _remark(field.lives, deprecated=field.deprecated)
    return f"    {field.name}: {held}{default}{remark}"


def _holds_urls(name: str) -> bool:
    """Whether a field holds URLs, which may be signed, or hold a login."""
    return name == "remote_files" or name.rpartition("_")[2] == "url"


def _about(definition: Model | Enumeration, sentences: Sentences) -> str:
    return docstring((sentences.model(definition.name), *notes(definition.lives)), "    ")


def _remark(lives: Lives, *, deprecated: bool = False) -> str:
    """The releases of a part, where they are not those of the whole."""
    words = [
        *(["deprecated"] if deprecated else []),
        *([f"since CVAT {lives.since}"] if lives.since else []),
        *([f"until CVAT {lives.until}"] if lives.until else []),
    ]
    return f"  # {', '.join(words)}" if words else ""
