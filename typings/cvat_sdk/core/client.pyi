# Only what `benchmarks` uses of cvat-sdk 2.80.

from types import TracebackType
from typing import Self

class Client:
    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...

def make_client(host: str, *, access_token: str | None = ...) -> Client: ...
