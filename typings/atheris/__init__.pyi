# What the fuzzer uses of atheris 3, which has no types of its own.
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

def instrument_imports(
    include: Sequence[str] = ..., exclude: Sequence[str] = ...
) -> AbstractContextManager[None]: ...
def Setup(  # noqa: N802 - its own name
    args: Sequence[str], test_one_input: Callable[[bytes], None]
) -> list[str]: ...
def Fuzz() -> None: ...  # noqa: N802 - its own name
