"""What a reader sees when the app itself fails: an id to pass on, and nothing of the inside."""

from __future__ import annotations

import logging
import secrets

import streamlit as st

LOGGER = logging.getLogger("plumbline.app")


def report_script_error(problem: Exception) -> bool:
    """Log the error under a fresh id and show the id; True tells Streamlit not to show the error itself."""
    error_id = secrets.token_hex(4)
    LOGGER.error("script error %s", error_id, exc_info=problem)
    st.error(
        f"Something went wrong here, and it is not your doing. Nothing was lost. Error id: {error_id}. "
        "Reload the page; if it stays, pass the id to whoever runs this app.",
    )
    return True
