"""Bodies that were not recorded: the smallest that does what the one which was sent did.

Forms and pieces of uploads are known by their size alone. A piece is so many bytes; a form holds
what its endpoint needs: the file, a picture or an archive by what its endpoint is for.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Final
from zipfile import ZipFile

from cvatfn.codecs.bodies import sent_kind
from cvatfn.codecs.building import field_types
from tests.fidelity.rebuilding.annotated import picture
from tests.fidelity.rebuilding.people import PASSWORD
from tests.fidelity.recorded import Recorded

__all__ = ["body_of"]

BOUNDARY: Final = "recorded"
FORM: Final = f"multipart/form-data; boundary={BOUNDARY}"


_SECRET: Final = f'"{PASSWORD}"'.encode()


def body_of(recorded: Recorded) -> tuple[str | None, bytes | None]:
    """The body to send, and its media type where that is not as recorded.

    :param recorded: the exchange.
    """
    size, _ = recorded.left_out
    body = recorded.request.body
    if size is None:
        return None, body.replace(b'"***"', _SECRET) if isinstance(body, bytes) else None
    kind = recorded.request.headers.get("content-type") or ""
    if not kind.startswith("multipart/"):
        return None, bytes(size)
    return FORM, _form(recorded)


def _form(recorded: Recorded) -> bytes:
    """A form with a file in each field that is for files."""
    body = None if recorded.endpoint is None else recorded.endpoint.body
    model = None if body is None else sent_kind(body.type)
    names: Mapping[str, object] = field_types(model) if isinstance(model, type) else {}
    files = [name for name in names if name.endswith(("_file", "_files"))]
    refused = recorded.status >= 400  # what was refused was no archive
    parts = [_part(name, refused=refused) for name in files]
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def _part(name: str, *, refused: bool) -> bytes:
    many = name.endswith("_files")
    field = f"{name}[0]" if many else name
    filename = "0.png" if many or refused else "file.zip"
    content = picture() if many or refused else _archive()
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"; filename="{filename}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    return head.encode() + content + b"\r\n"


def _archive() -> bytes:
    written = BytesIO()
    with ZipFile(written, "w") as archive:
        archive.writestr("empty.txt", "")
    return written.getvalue()
