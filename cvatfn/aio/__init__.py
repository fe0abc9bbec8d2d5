"""The same calls for event loops, under asyncio and trio (extra `async`).

Names, parameters and types are those of `cvatfn`, `cvatfn.transport` and `cvatfn.transfer`; what
sends or waits there is awaited here, and an iterator there is an asynchronous one here:

    async with aio.connect_async("cvat.example", auth=AccessToken("...")) as transport:
        match await aio.call(transport, tasks.retrieve, 42):
            case Success(task): ...
            case Failure(error): ...

What sends nothing has no second copy: endpoints, models, errors, `prepare`, `Saving`, `Uploading`
and their kin are the very same.

Rule: nothing here decides anything. The conversations are in the modules of the synchronous twins,
as flows (`cvatfn.flows`); this package drives them, and has the sockets. Importing it imports
neither anyio nor httpx2: names are found at their first use (PEP 562).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cvatfn.aio.calling import call as call
    from cvatfn.aio.calling import collect as collect
    from cvatfn.aio.calling import follow as follow
    from cvatfn.aio.calling import login as login
    from cvatfn.aio.calling import logout as logout
    from cvatfn.aio.calling import request as request
    from cvatfn.aio.calling import server_version as server_version
    from cvatfn.aio.connection import AsyncConnection as AsyncConnection
    from cvatfn.aio.connection import connect_async as connect_async
    from cvatfn.aio.futures import as_future as as_future
    from cvatfn.aio.media import chunk as chunk
    from cvatfn.aio.media import context_images as context_images
    from cvatfn.aio.media import frame as frame
    from cvatfn.aio.media import frames as frames
    from cvatfn.aio.media import preview as preview
    from cvatfn.aio.pagination import pages as pages
    from cvatfn.aio.pagination import paginate as paginate
    from cvatfn.aio.pagination import unfold as unfold
    from cvatfn.aio.pagination import walk_storage as walk_storage
    from cvatfn.aio.polling import poll as poll
    from cvatfn.aio.polling import wait_all as wait_all
    from cvatfn.aio.polling import wait_for as wait_for
    from cvatfn.aio.streaming import AsyncStreamed as AsyncStreamed
    from cvatfn.aio.streaming import stream as stream
    from cvatfn.aio.streaming import stream_url as stream_url
    from cvatfn.aio.transfers import download as download
    from cvatfn.aio.transfers import download_url as download_url
    from cvatfn.aio.transfers import export as export
    from cvatfn.aio.transfers import import_annotations as import_annotations
    from cvatfn.aio.transfers import import_dataset as import_dataset
    from cvatfn.aio.transfers import restore_project as restore_project
    from cvatfn.aio.transfers import restore_task as restore_task
    from cvatfn.aio.transfers import upload_data as upload_data
    from cvatfn.aio.types import AsyncTransport as AsyncTransport
    from cvatfn.aio.wrappers import at_once as at_once
    from cvatfn.aio.wrappers import authenticated as authenticated
    from cvatfn.aio.wrappers import in_memory as in_memory
    from cvatfn.aio.wrappers import in_organization as in_organization
    from cvatfn.aio.wrappers import logged as logged
    from cvatfn.aio.wrappers import rate_limited as rate_limited
    from cvatfn.aio.wrappers import recorded as recorded
    from cvatfn.aio.wrappers import replayed as replayed
    from cvatfn.aio.wrappers import retrying as retrying
    from cvatfn.aio.wrappers import with_headers as with_headers
    from cvatfn.aio.wrappers import with_timeout as with_timeout
    from cvatfn.messages import AsyncStream as AsyncStream
else:
    from cvatfn.lazily import lazily

    __getattr__, __dir__, __all__ = lazily(
        __name__,
        {
            "cvatfn.aio.calling": "call collect follow login logout request server_version",
            "cvatfn.aio.connection": "AsyncConnection connect_async",
            "cvatfn.aio.futures": "as_future",
            "cvatfn.aio.media": "chunk context_images frame frames preview",
            "cvatfn.aio.pagination": "pages paginate unfold walk_storage",
            "cvatfn.aio.polling": "poll wait_all wait_for",
            "cvatfn.aio.streaming": "AsyncStreamed stream stream_url",
            "cvatfn.aio.transfers": """
                download download_url export import_annotations import_dataset
                restore_project restore_task upload_data
            """,
            "cvatfn.aio.types": "AsyncTransport",
            "cvatfn.aio.wrappers": """
                at_once authenticated in_memory in_organization logged rate_limited recorded
                replayed retrying with_headers with_timeout
            """,
            "cvatfn.messages": "AsyncStream",
        },
        extra="async",
    )
