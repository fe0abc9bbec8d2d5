"""The recorded exchanges, where they stand beside the checkout."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.fidelity.recorded import FOLDER, NO_RECORDINGS, Recorded, read_recordings


@pytest.fixture(scope="session")
def recordings() -> Sequence[Recorded]:
    """All recorded exchanges; without them there is nothing to prove."""
    if not FOLDER.is_dir():
        pytest.skip(NO_RECORDINGS)
    return read_recordings()
