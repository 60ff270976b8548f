"""The attribute that the page is about: the one in the address, else the one whose gap it opens with."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from evaluator.report import fairness as content
from evaluator.report.classes import labels_of
from evaluator.report.evidence import Evidence
from pages.parts import url_state


def chosen_metric(evidence: Evidence) -> tuple[str, str]:
    """The number and the class that the address names, as the page shows them."""
    class_ = url_state.chosen("class", ["", *labels_of(evidence)], "")
    return content.metric_of(evidence, st.query_params.get("metric", ""), class_), class_


def first_attribute(evidence: Evidence, offered: Sequence[str]) -> str:
    """The attribute to begin with, of those `offered`."""
    metric, class_ = chosen_metric(evidence)
    lead = content.lead_attribute(evidence, metric, class_)
    return lead if lead in offered else offered[0]


def chosen_attribute(evidence: Evidence, offered: Sequence[str]) -> str:
    """The attribute in the address when it is `offered`, else the first one."""
    return url_state.chosen("by", offered, first_attribute(evidence, offered))
