# Only what `benchmarks` uses of cvat-sdk 2.80.

from typing import Generic, TypeVar

from cvat_sdk.api_client.models import TaskRead
from urllib3 import BaseHTTPResponse

_T = TypeVar("_T")

class Configuration:
    def __init__(self, host: str | None = ..., *, access_token: str | None = ...) -> None: ...

class Endpoint(Generic[_T]): ...

class TasksApi:
    list_endpoint: Endpoint[TaskRead]
    def retrieve(self, id: int) -> tuple[TaskRead, BaseHTTPResponse]: ...

class ApiClient:
    def __init__(self, configuration: Configuration | None = ...) -> None: ...
    @property
    def tasks_api(self) -> TasksApi: ...
    def deserialize(
        self, response: BaseHTTPResponse, response_schema: tuple[type[_T]], *, _check_type: bool
    ) -> _T: ...
    def sanitize_for_serialization(self, obj: object) -> object: ...
    def close(self) -> None: ...
