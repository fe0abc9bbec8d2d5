# Only what `benchmarks` uses of cvat-sdk 2.80.

from cvat_sdk.core.client import Client as Client
from cvat_sdk.core.client import make_client as make_client
