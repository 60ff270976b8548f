from __future__ import annotations

import subprocess
import sys

import pytest
from wording_samples import ALL_WORDS, DEFAULTED, PLAIN, REPAID

from evaluator.catalogue.metrics import METRICS
from evaluator.records import Words
from evaluator.wording import check_figures, definition_sentence, errors, explain_metric, lint_sentence


@pytest.mark.parametrize("words", ALL_WORDS, ids=lambda words: words.positive)
def test_every_metric_is_explained(words: Words) -> None:
    for metric, entry in METRICS.items():
        explained = explain_metric(metric, words)
        assert explained.label == entry.label
        for sentence in (explained.definition, explained.direction, explained.caveat):
            assert errors(lint_sentence(sentence)) == []
            check_figures(sentence)


def test_definitions_speak_the_words_of_the_plan() -> None:
    assert str(definition_sentence("true_positive_rate", REPAID)) == "Of applicants who repaid, the share approved."
    assert str(definition_sentence("false_positive_rate", DEFAULTED)) == "Of applicants who repaid, the share refused."
    assert str(definition_sentence("precision", REPAID)) == "Of applicants who were approved, the share who repaid."
    assert str(definition_sentence("precision", PLAIN)) == "Of rows predicted 1, the share labelled 1."
    assert str(definition_sentence("auc", DEFAULTED)) == (
        "How often one applicant who defaulted scores above one who repaid; ties count half."
    )


@pytest.mark.parametrize("metric", sorted(METRICS))
def test_directions_agree_with_the_catalogue(metric: str) -> None:
    text = explain_metric(metric, REPAID).direction.text
    expected = {"higher": "Higher is better.", "lower": "Lower is better."}.get(METRICS[metric].direction)
    if metric in ("selection_rate", "error_ratio"):
        expected = "Neither way is better by itself."
    assert text == (expected or f"The closer to {METRICS[metric].ideal:g}, the better.")


def test_wording_loads_nothing_heavy() -> None:
    code = (
        "import sys, evaluator.wording;"
        "print([m for m in ('numpy', 'pandas', 'pydantic', 'duckdb', 'streamlit') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
