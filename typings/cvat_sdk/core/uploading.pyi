# Only what `benchmarks` uses of cvat-sdk 2.80.

from pathlib import Path

from cvat_sdk.core.client import Client
from urllib3 import BaseHTTPResponse

class DataUploader:
    def __init__(self, client: Client) -> None: ...
    def upload_files(
        self, url: str, resources: list[Path], *, image_quality: int
    ) -> BaseHTTPResponse: ...
