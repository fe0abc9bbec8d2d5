"""The ids that background work had in former releases, which CVAT still understands.

Rule: what asks for work may name it either way; what is answered names it in the present way.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

__all__ = ["present_id"]


def present_id(number: str) -> str:
    """The id of background work as it is written now.

    :param number: the id, as it is written now or was before.

    >>> present_id("import:task-35-annotations")
    'action=import&target=task&target_id=35&subresource=annotations'
    >>> present_id("export:job-7-dataset-in-COCO_1@0-format-by-3")
    'action=export&target=job&target_id=7&user_id=3&format=COCO_1~0&subresource=dataset'
    >>> present_id("action=create&target=task&target_id=7")
    'action=create&target=task&target_id=7'
    """
    for pattern in _FORMER:
        found = pattern.fullmatch(number)
        if found is not None:
            return _written(found.groupdict())
    return number


def _written(parts: Mapping[str, str]) -> str:
    """The parts in their order; a dot in a format was one sign then, and is another now."""
    named = [(name, parts[name].replace("@", "~")) for name in _ORDER if name in parts]
    return "&".join(f"{name}={value}" for name, value in named)


_ORDER: Final = ("action", "target", "target_id", "id", "user_id", "format", "subresource")
_UUID: Final = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_THING: Final = r"(?P<target>project|task|job)-(?P<target_id>\d+)"
_AS: Final = r"-in-(?P<format>[\w@]+)-format-by-(?P<user_id>\d+)"
_FORMER: Final = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        r"(?P<action>create):(?P<target>task)-(?P<target_id>\d+)",
        rf"(?P<action>import):{_THING}-(?P<subresource>annotations|dataset)",
        rf"(?P<action>import):(?P<target>project|task)-(?P<id>{_UUID})-(?P<subresource>backup)",
        rf"(?P<action>export):{_THING}-(?P<subresource>backup)-by-(?P<user_id>\d+)",
        rf"(?P<action>export):{_THING}-(?P<subresource>annotations|dataset){_AS}",
    )
)
