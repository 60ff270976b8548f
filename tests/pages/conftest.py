"""Page tests leave nothing behind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import app_test


@pytest.fixture(scope="session", autouse=True)
def _no_folder_left() -> Iterator[None]:
    """Streamlit keeps scripts under test in a folder that it would remove with a warning, after the last test."""
    yield
    app_test.TMP_DIR.cleanup()
