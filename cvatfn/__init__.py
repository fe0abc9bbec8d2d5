"""A typed, functional client for the REST API of CVAT, the Computer Vision Annotation Tool.

An endpoint is a value (`cvatfn.api`), sending it is a function (`call`), and what comes back is a
`Success` or a `Failure`, never an exception.

Rule: this face is lazy. A name is imported when it is first used, so that a program pays only for
what it uses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from cvatfn.auth import auth_headers as auth_headers
    from cvatfn.auth import login as login
    from cvatfn.auth import logout as logout
    from cvatfn.calling import call as call
    from cvatfn.calling import follow as follow
    from cvatfn.calling import request as request
    from cvatfn.codecs.converting import convert as convert
    from cvatfn.codecs.files import File as File
    from cvatfn.codecs.json import dumps as dumps
    from cvatfn.codecs.json import loads as loads
    from cvatfn.codecs.json import structure as structure
    from cvatfn.codecs.json import unstructure as unstructure
    from cvatfn.codecs.unset import UNSET as UNSET
    from cvatfn.codecs.unset import Unset as Unset
    from cvatfn.endpoints import Endpoint as Endpoint
    from cvatfn.endpoints import accepting as accepting
    from cvatfn.endpoints import at_most as at_most
    from cvatfn.endpoints import lenient as lenient
    from cvatfn.endpoints import raw as raw
    from cvatfn.endpoints import sending as sending
    from cvatfn.endpoints import unchecked as unchecked
    from cvatfn.endpoints import unvalidated as unvalidated
    from cvatfn.endpoints import with_response as with_response
    from cvatfn.errors import CallError as CallError
    from cvatfn.errors import raise_on_failure as raise_on_failure
    from cvatfn.finding import catalogue as catalogue
    from cvatfn.finding import find as find
    from cvatfn.interpreting import interpret as interpret
    from cvatfn.messages import Headers as Headers
    from cvatfn.messages import Request as Request
    from cvatfn.messages import Response as Response
    from cvatfn.messages import Timeout as Timeout
    from cvatfn.outcome import Failure as Failure
    from cvatfn.outcome import Outcome as Outcome
    from cvatfn.outcome import Success as Success
    from cvatfn.outcome import as_result as as_result
    from cvatfn.outcome import collect as collect
    from cvatfn.pagination import in_pages_of as in_pages_of
    from cvatfn.pagination import limited as limited
    from cvatfn.pagination import pages as pages
    from cvatfn.pagination import paginate as paginate
    from cvatfn.pagination import prefetching as prefetching
    from cvatfn.pagination import unfold as unfold
    from cvatfn.polling import poll as poll
    from cvatfn.polling import wait_all as wait_all
    from cvatfn.polling import wait_for as wait_for
    from cvatfn.preparing import prepare as prepare
    from cvatfn.storage import walk_storage as walk_storage
    from cvatfn.transfer import download as download
    from cvatfn.transfer import download_url as download_url
    from cvatfn.transfer import export as export
    from cvatfn.transfer import stream as stream
    from cvatfn.transfer import upload_data as upload_data
    from cvatfn.transport import Transport as Transport
    from cvatfn.transport import connect as connect
    from cvatfn.transport import in_memory as in_memory
    from cvatfn.versions import Version as Version
    from cvatfn.versions import server_version as server_version
    from cvatfn.versions import supports as supports

else:
    from cvatfn.lazily import lazily

    __getattr__, __dir__, __all__ = lazily(
        __name__,
        {
            "cvatfn.auth": "auth_headers login logout",
            "cvatfn.calling": "call follow request",
            "cvatfn.codecs.converting": "convert",
            "cvatfn.codecs.files": "File",
            "cvatfn.codecs.json": "dumps loads structure unstructure",
            "cvatfn.codecs.unset": "UNSET Unset",
            "cvatfn.endpoints": """
                Endpoint accepting at_most lenient raw sending unchecked unvalidated with_response
            """,
            "cvatfn.errors": "CallError raise_on_failure",
            "cvatfn.finding": "catalogue find",
            "cvatfn.interpreting": "interpret",
            "cvatfn.messages": "Headers Request Response Timeout",
            "cvatfn.outcome": "Failure Outcome Success as_result collect",
            "cvatfn.pagination": "in_pages_of limited pages paginate prefetching unfold",
            "cvatfn.polling": "poll wait_all wait_for",
            "cvatfn.preparing": "prepare",
            "cvatfn.storage": "walk_storage",
            "cvatfn.transfer": "download download_url export stream upload_data",
            "cvatfn.transport": "Transport connect in_memory",
            "cvatfn.versions": "Version server_version supports",
        },
    )
