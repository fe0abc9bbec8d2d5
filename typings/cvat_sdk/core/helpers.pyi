# Only what `benchmarks` uses of cvat-sdk 2.80.

from typing import TypeVar

from cvat_sdk.api_client import Endpoint

_T = TypeVar("_T")

def get_paginated_collection(endpoint: Endpoint[_T], *, page_size: int = ...) -> list[_T]: ...
