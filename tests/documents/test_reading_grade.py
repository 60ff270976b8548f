"""The brief, the pack and the fairness page can be read after nine years of school (Flesch-Kincaid grade), the plan's own words included."""

from __future__ import annotations

import pytest
import textstat
from hostile_runs import CASES, DEMO
from prose import brief_blocks, full_stop
from published_runs import Published

from evaluator.report.brief import brief_of

GRADE = 9.0
IN_ENGLISH = [name for name in CASES if name != "hostile-words"]


@pytest.mark.parametrize("name", [*DEMO, *IN_ENGLISH])
def test_the_brief_reads_easily(name: str, published: Published) -> None:
    blocks = list(brief_blocks(brief_of(published(name).evidence)))
    said = " ".join(full_stop(text) for block in blocks for text in block)
    assert len(said.split()) > 100, said
    assert textstat.flesch_kincaid_grade(said) <= GRADE, said


@pytest.mark.parametrize("where", ["fairness", "pack"])
@pytest.mark.parametrize("name", [*DEMO, *IN_ENGLISH])
def test_groups_and_the_pack_read_easily(name: str, where: str, published: Published) -> None:
    said = " ".join(full_stop(text) for block in published(name).blocks(where) for text in block)
    assert textstat.flesch_kincaid_grade(said) <= GRADE


def test_the_formula_tells_hard_from_easy() -> None:
    """The library counts syllables from its own dictionary: no network, and hard words count."""
    easy = "The tool found nine of ten. It missed one. The bank pays for that."
    hard = "Heterogeneous institutional accountability necessitates considerable organisational reconfiguration."
    assert textstat.flesch_kincaid_grade(easy) < 4 < GRADE < textstat.flesch_kincaid_grade(hard)
