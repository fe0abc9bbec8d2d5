"""Which fields are secret, and how they are shown: never.

Rule: a model marks a secret field with `field(repr=mask)`. Everything that prints, logs, stores or
pickles what was sent or received asks here which names those are.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Protocol, final
from urllib.parse import unquote

import attrs
from typing_extensions import override

from cvatfn.codecs.building import fields_of, reached
from cvatfn.codecs.kinds import class_of
from cvatfn.codecs.remembering import remembered

__all__ = [
    "MASK",
    "SECRET_NAMES",
    "Printer",
    "Unshown",
    "mask",
    "repr_pretty",
    "secret_names",
    "secret_names_at",
    "signs",
]

MASK: Final = "***"

SECRET_NAMES: Final = frozenset(
    {
        "access_token",
        "api_key",
        "client_secret",
        "connection_string",
        "csrfmiddlewaretoken",
        "csrftoken",
        "key_file",
        "new_password1",
        "new_password2",
        "old_password",
        "password",
        "password1",
        "password2",
        "refresh_token",
        "secret",
        "secret_key",
        "session_token",
        "sessionid",
        "token",
    }
)
"""What is taken for secret where no model says it: in requests outside the catalogue."""

SIGNATURES: Final = frozenset(
    {
        "awsaccesskeyid",
        "sig",
        "signature",
        "x-amz-credential",
        "x-amz-security-token",
        "x-amz-signature",
        "x-goog-credential",
        "x-goog-signature",
    }
)
"""Query values by which whoever holds a URL may open it, as cloud storages sign them."""

_SECRET_BELOW: Final = (
    ("/api/auth/", frozenset({"key", "value"})),  # what a login and a new access token answer
    ("/api/cloudstorages", frozenset({"key"})),
)
"""Names that are secret in one area of the API, and elsewhere those of attributes and webhooks."""


@final
class Unshown:
    """Secret texts that go along with what may repeat them, until somebody keeps or shows that.

    It prints as a mask, and pickles as nothing: it is for the process that knows the texts anyway.

    :param texts: the secrets.

    >>> Unshown(["s3cret"])
    ***
    """

    __slots__ = ("texts",)

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self.texts: Final = frozenset(texts)

    def __or__(self, other: Unshown) -> Unshown:
        return Unshown(self.texts | other.texts) if other.texts else self

    def __copy__(self) -> Unshown:
        return self

    def __deepcopy__(self, memo: object) -> Unshown:
        return self

    def __reduce__(self) -> tuple[type[Unshown], tuple[()]]:
        return Unshown, ()

    @override
    def __repr__(self) -> str:
        return MASK


def secret_names_at(path: str) -> frozenset[str]:
    """The names of fields that are secret in what is sent to a path or comes from there.

    It is for those who see requests and know no endpoints, such as a recording; it names all that
    the catalogue's models mark there, if not more.

    :param path: a request's path; the server may have its own before it.

    >>> "key" in secret_names_at("/api/auth/login"), "key" in secret_names_at("/api/webhooks")
    (True, False)
    """
    plain = unquote(path)
    areas = (names for area, names in _SECRET_BELOW if area in plain)
    return SECRET_NAMES.union(*areas)


def signs(name: str) -> bool:
    """Whether a query value of this name is what makes a signed URL open.

    :param name: the name; the clouds do not agree on its case.

    >>> signs("X-Amz-Signature"), signs("search")
    (True, False)
    """
    return name.lower() in SIGNATURES


def mask(value: object) -> str:
    """Stand in for a secret's `repr`.

    :param value: the secret; it is not looked at, so that even its type stays untold.

    >>> mask("hunter2")
    '***'
    """
    del value
    return MASK


class Printer(Protocol):
    """What IPython and Hypothesis print with."""

    def text(self, text: str, /) -> None:
        """Print a text."""


def repr_pretty(value: object, printer: Printer, cycle: bool) -> None:
    """Print a value as its `repr` is; a class takes it as its `_repr_pretty_`.

    Hypothesis prints the fields of attrs classes past their `repr`, with whatever is in them.

    :param value: the value.
    :param printer: prints.
    :param cycle: whether it is inside of itself.
    """
    del cycle
    printer.text(repr(value))


@remembered
def secret_names(kind: object) -> frozenset[str]:
    """The names of the secret fields that a value of a type may hold.

    :param kind: any type that a signature can name.

    >>> from cvatfn.models import LoginSerializerExRequest
    >>> secret_names(LoginSerializerExRequest)
    frozenset({'password'})
    """
    return frozenset(
        field.name
        for held in reached(kind)
        if attrs.has(base := class_of(held))
        for field in fields_of(base)
        if field.repr is mask
    )
