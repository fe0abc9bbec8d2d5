# Only what `benchmarks` uses of cvat-sdk 2.80.

from pathlib import Path

from cvat_sdk.core.client import Client

class Downloader:
    def __init__(self, client: Client) -> None: ...
    def download_file(self, url: str, output_path: Path) -> Path: ...
