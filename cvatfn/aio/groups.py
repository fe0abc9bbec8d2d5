"""What a task group raises, as what one of its tasks raised: so it is in threads."""

from __future__ import annotations

from typing import cast

__all__ = ["first_of"]


def first_of(error: BaseException) -> BaseException:
    """The first error of a group, however deep; any other error is itself.

    :param error: what was raised.

    >>> first_of(BaseExceptionGroup("some", [ExceptionGroup("of them", [ValueError("one")])]))
    ValueError('one')
    """
    while isinstance(error, BaseExceptionGroup):
        # `isinstance` cannot say of what it is a group; there is no other of less.
        error = cast("BaseExceptionGroup[BaseException]", error).exceptions[0]
    return error
