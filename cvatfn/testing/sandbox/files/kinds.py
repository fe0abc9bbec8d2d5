"""What a file is, by its name: CVAT's own words for it.

Rule: the machine's own tables of file names are never asked, so that a name means the same wherever
the sandbox runs.
"""

from __future__ import annotations

from mimetypes import MimeTypes
from typing import Final, Literal, TypeAlias

__all__ = ["FileKind", "is_manifest", "kind_of"]

FileKind: TypeAlias = Literal["image", "video", "audio", "archive", "pdf", "point_cloud", "unknown"]


def kind_of(name: str) -> FileKind:
    """What CVAT calls the kind of a file, by its name.

    >>> [kind_of(name) for name in ("a.png", "b.mkv", "c.zip", "d.tar.gz", "e.pdf", "f.jsonl")]
    ['image', 'video', 'archive', 'archive', 'pdf', 'unknown']
    >>> kind_of("g.MP3"), kind_of("h.pcd"), kind_of("i.svg")
    ('audio', 'point_cloud', 'unknown')
    """
    suffix = name.rpartition(".")[2].lower()
    if suffix in _ADDED:
        return _ADDED[suffix]
    guessed, coding = _TYPES.guess_type(name.lower())
    if coding in _CODINGS:
        return "archive"
    return _FAMILIES.get((guessed or "").partition("/")[0], "unknown")


def is_manifest(name: str) -> bool:
    """Whether a file describes others, and is none of a task's media itself.

    >>> is_manifest("images/manifest.jsonl")
    True
    """
    return name.lower().endswith(".jsonl")


_TYPES: Final = MimeTypes()  # without what this machine's own tables say
_CODINGS: Final = ("gzip", "bzip2", "xz")
_FAMILIES: Final[dict[str, FileKind]] = {"image": "image", "video": "video", "audio": "audio"}
_ADDED: Final[dict[str, FileKind]] = {
    **dict.fromkeys(("zip", "tar"), "archive"),
    **dict.fromkeys(("jfif", "webp"), "image"),
    **dict.fromkeys(("3gp", "flv", "m4v", "mkv", "ogv", "ts", "wmv"), "video"),
    **dict.fromkeys(("flac", "m4a", "oga", "ogg"), "audio"),
    **dict.fromkeys(("bin", "pcd"), "point_cloud"),
    "pdf": "pdf",
    "svg": "unknown",  # nothing that has pixels
}
"""What Python's own table does not know, or calls by another name."""
