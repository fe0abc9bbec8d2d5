"""What no area has for itself.

Written by `python -m generator` from CVAT 2.80.0's OpenAPI document; edit `schema/` instead.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from cvatfn.codecs.enums import OpenEnum

__all__ = ["BlankEnum", "BlankEnumLike"]


class BlankEnum(OpenEnum):
    """The empty text, where no choice was made.

    .. versionadded:: CVAT 2.74.1
    """

    BLANK = ""


BlankEnumLike: TypeAlias = BlankEnum | Literal[""]
