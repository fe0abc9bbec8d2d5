"""Files on their way: to the server, from it, and what may go wrong between.

`upload_data` gives a task its media; `import_annotations`, `import_dataset`, `restore_task` and
`restore_project` bring files back in; `download`, `download_url` and `stream` fetch what is there,
`export` what has yet to be made; `frame`, `chunk` and their kin look at pictures.

Rule: a transfer is whole or it is a failure, and its memory is constant. What an operation is asked
follows the endpoint's own signature; how a file is sent or saved is a value of its own
(`Uploading`, `Importing`, `Saving`, `Exporting`). Importing this package imports none of it: names
are found at their first use (PEP 562).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cvatfn.transfer.bars import rich_progress as rich_progress
    from cvatfn.transfer.bars import tqdm_progress as tqdm_progress
    from cvatfn.transfer.downloading import Download as Download
    from cvatfn.transfer.downloading import Saving as Saving
    from cvatfn.transfer.downloading import download as download
    from cvatfn.transfer.downloading import download_url as download_url
    from cvatfn.transfer.errors import DiskError as DiskError
    from cvatfn.transfer.errors import Implausible as Implausible
    from cvatfn.transfer.errors import TransferError as TransferError
    from cvatfn.transfer.exporting import Exported as Exported
    from cvatfn.transfer.exporting import ExportError as ExportError
    from cvatfn.transfer.exporting import Exporting as Exporting
    from cvatfn.transfer.exporting import export as export
    from cvatfn.transfer.flows import Effort as Effort
    from cvatfn.transfer.importing import Importing as Importing
    from cvatfn.transfer.importing import import_annotations as import_annotations
    from cvatfn.transfer.importing import import_dataset as import_dataset
    from cvatfn.transfer.importing import restore_project as restore_project
    from cvatfn.transfer.importing import restore_task as restore_task
    from cvatfn.transfer.media import ContextError as ContextError
    from cvatfn.transfer.media import Corrupt as Corrupt
    from cvatfn.transfer.media import FramesError as FramesError
    from cvatfn.transfer.media import FrameSource as FrameSource
    from cvatfn.transfer.media import chunk as chunk
    from cvatfn.transfer.media import context_images as context_images
    from cvatfn.transfer.media import frame as frame
    from cvatfn.transfer.media import frames as frames
    from cvatfn.transfer.media import of_job as of_job
    from cvatfn.transfer.media import of_task as of_task
    from cvatfn.transfer.media import preview as preview
    from cvatfn.transfer.pictures import BadArchive as BadArchive
    from cvatfn.transfer.pictures import Chunk as Chunk
    from cvatfn.transfer.pictures import Limits as Limits
    from cvatfn.transfer.pictures import NotAnImage as NotAnImage
    from cvatfn.transfer.pictures import image as image
    from cvatfn.transfer.progress import Progress as Progress
    from cvatfn.transfer.progress import silent as silent
    from cvatfn.transfer.sending import Uploading as Uploading
    from cvatfn.transfer.streaming import Streamed as Streamed
    from cvatfn.transfer.streaming import stream as stream
    from cvatfn.transfer.streaming import stream_url as stream_url
    from cvatfn.transfer.uploading import AtUrls as AtUrls
    from cvatfn.transfer.uploading import InCloud as InCloud
    from cvatfn.transfer.uploading import OnShare as OnShare
    from cvatfn.transfer.uploading import upload_data as upload_data
else:
    from cvatfn.lazily import lazily

    __getattr__, __dir__, __all__ = lazily(
        __name__,
        {
            "cvatfn.transfer.bars": "rich_progress tqdm_progress",
            "cvatfn.transfer.downloading": "Download Saving download download_url",
            "cvatfn.transfer.errors": "DiskError Implausible TransferError",
            "cvatfn.transfer.exporting": "ExportError Exported Exporting export",
            "cvatfn.transfer.flows": "Effort",
            "cvatfn.transfer.importing": """
                Importing import_annotations import_dataset restore_project restore_task
            """,
            "cvatfn.transfer.media": """
                ContextError Corrupt FrameSource FramesError
                chunk context_images frame frames of_job of_task preview
            """,
            "cvatfn.transfer.pictures": "BadArchive Chunk Limits NotAnImage image",
            "cvatfn.transfer.progress": "Progress silent",
            "cvatfn.transfer.sending": "Uploading",
            "cvatfn.transfer.streaming": "Streamed stream stream_url",
            "cvatfn.transfer.uploading": "AtUrls InCloud OnShare upload_data",
        },
    )
