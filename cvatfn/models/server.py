"""The server: its version, plugins and dataset formats.

Written by `python -m generator` from CVAT 2.80.0's OpenAPI document; edit `schema/` instead.
"""

from __future__ import annotations

from attrs import field, frozen

from cvatfn.codecs.clearing import shown

__all__ = ["About", "DatasetFormat", "DatasetFormats", "Plugins"]


@frozen(kw_only=True)
class About:
    """What a server says of itself: name, version, description, logo."""

    name: str
    description: str
    version: str
    logo_url: str = field(repr=shown)
    subtitle: str


@frozen(kw_only=True)
class DatasetFormat:
    """An import or export format: its name, version, file extension and whether it is on."""

    name: str
    ext: str
    version: str
    enabled: bool
    dimension: str


@frozen(kw_only=True)
class DatasetFormats:
    """All formats a server knows, for importing and for exporting."""

    importers: tuple[DatasetFormat, ...]
    exporters: tuple[DatasetFormat, ...]


@frozen(kw_only=True)
class Plugins:
    """Which optional parts of the server are switched on."""

    ANALYTICS: bool
    MODELS: bool
