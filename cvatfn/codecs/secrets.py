"""Which fields are secret, and how they are shown: never.

Rule: a model marks a secret field with `field(repr=mask)`. Everything that prints, logs, stores or
pickles what was sent or received asks here which names those are.
"""

from __future__ import annotations

from typing import Final

import attrs

from cvatfn.codecs.building import fields_of, reached
from cvatfn.codecs.kinds import class_of
from cvatfn.codecs.remembering import remembered

__all__ = ["MASK", "SECRET_NAMES", "mask", "secret_names"]

MASK: Final = "***"

SECRET_NAMES: Final = frozenset(
    {
        "access_token",
        "connection_string",
        "key_file",
        "new_password1",
        "new_password2",
        "old_password",
        "password",
        "password1",
        "password2",
        "secret",
        "secret_key",
        "session_token",
        "token",
    }
)
"""What is taken for secret where no model says it: in requests outside the catalogue."""


def mask(value: object) -> str:
    """Stand in for a secret's `repr`.

    :param value: the secret; it is not looked at, so that even its type stays untold.

    >>> mask("hunter2")
    '***'
    """
    del value
    return MASK


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
