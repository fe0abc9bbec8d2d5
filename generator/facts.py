"""What the generator knows about an API, as values: the document, the ledger and the tables in one.

Rule: these are facts, not text. How a type is spelled in an attribute or a signature is decided by
`spelling`, what a file looks like by `models` and `api`.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from attrs import frozen

__all__ = [
    "Alias",
    "Body",
    "Catalogue",
    "Choice",
    "Column",
    "Columns",
    "Definition",
    "Enumeration",
    "Field",
    "Kind",
    "Limit",
    "Listing",
    "Lives",
    "Many",
    "Model",
    "Named",
    "Operation",
    "Parameter",
    "Place",
    "Scalar",
    "Table",
    "Typed",
]


@frozen
class Lives:
    """The releases something is in: `None` where the ledger has no first or no last one."""

    since: str | None = None
    until: str | None = None


@frozen
class Scalar:
    """A type with a name of its own in Python, such as `int`, `datetime` or `JSON`."""

    name: str


@frozen
class Choice:
    """One of a few texts, listed in place."""

    values: tuple[str, ...]


@frozen
class Named:
    """A schema of the document."""

    name: str
    dressed: bool
    """Whether signatures take more than the class itself: its dict twin, or an enum's texts."""


@frozen
class Many:
    """An array."""

    item: Typed


@frozen
class Table:
    """An object whose keys are data."""

    value: Typed


Kind: TypeAlias = Scalar | Choice | Named | Many | Table

Limit: TypeAlias = tuple[str, int | float | str]
"""A keyword of `msgspec.Meta` and its value."""


@frozen
class Typed:
    """A type with its limits."""

    kind: Kind
    limits: tuple[Limit, ...] = ()
    nullable: bool = False
    blank: bool = False
    """Whether an empty text may stand in for an enum's values."""


@frozen
class Field:
    """A field of a model."""

    name: str
    type: Typed
    required: bool
    secret: bool = False
    deprecated: bool = False
    lives: Lives = Lives()


@frozen
class Model:
    """An object schema."""

    name: str
    fields: tuple[Field, ...]
    request: bool
    lives: Lives = Lives()


@frozen
class Enumeration:
    """A list of texts: `(text, the releases that know it)`."""

    name: str
    values: tuple[tuple[str, Lives], ...]
    lives: Lives = Lives()


@frozen
class Alias:
    """A schema that is one of several types."""

    name: str
    parts: tuple[Typed, ...]


@frozen
class Listing:
    """A schema that is a page of something."""

    name: str
    item: Typed


Definition: TypeAlias = Model | Enumeration | Alias | Listing


Place: TypeAlias = Literal["path", "query", "header"]


@frozen
class Parameter:
    """A parameter of an operation; `name` is Python's, `wire` the document's."""

    name: str
    wire: str
    place: Place
    type: Typed
    required: bool
    lives: Lives = Lives()
    deprecated: bool = False
    word: str | None = None
    """A text that is taken besides values of the type."""
    value: tuple[str, str] | None = None
    """A class of `cvatfn.filters` and the `Columns` it speaks of: taken besides texts."""


@frozen
class Body:
    """The body of a request."""

    name: str
    type: Typed
    content_types: tuple[str, ...]
    required: bool


@frozen
class Operation:
    """An operation: where it is, what it takes, what it answers."""

    id: str
    tag: str
    name: str
    method: str
    path: str
    parameters: tuple[Parameter, ...]
    body: Body | None
    statuses: tuple[int, ...]
    answers: tuple[Typed, ...]
    """What a success may hold; none where it is always empty."""
    empty: bool
    """Whether a success may have no content."""
    errors: tuple[tuple[int, Typed | None], ...]
    produces: tuple[str, ...]
    logins: tuple[str, ...]
    lives: Lives = Lives()
    deprecated: bool = False


@frozen
class Column:
    """A field by which a listing can be filtered or sorted."""

    name: str
    type: Typed
    filtered: bool
    sorted: bool
    plain: bool
    """Whether it can only be asked whether it is equal to a value, whatever its type is."""


@frozen
class Columns:
    """All that a listing can be filtered and sorted by; `search` looks in what is named there.

    `note` is what else its users should know.
    """

    name: str
    operation: str
    columns: tuple[Column, ...]
    search: tuple[str, ...] = ()
    note: str = ""


@frozen
class Catalogue:
    """Everything that is written out."""

    title: str
    version: str
    definitions: tuple[Definition, ...]
    operations: tuple[Operation, ...]
    columns: tuple[Columns, ...] = ()

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags in alphabetical order."""
        return tuple(sorted({operation.tag for operation in self.operations}))
