"""The fifteen rules of language, block by block, over the brief and every document."""

from __future__ import annotations

from collections import Counter

import pytest
from hostile_runs import CASES, DEMO
from prose import sentences_of
from published_runs import Published

from evaluator.report.document.building import KINDS
from evaluator.wording import Figure, Problem, Quoted, Sentence, compose, errors, lint_block

PLACES = ("page", "fairness", "failures", "explanations", *KINDS)
TWO_BOUNDS = {("classes", "pack", 2), ("classes", "technical", 2)}
"""Where nothing was seen, each bound stands on the smallest scale that shows it."""
CEILING = {3: 6, 5: 560, 7: 6, 8: 80, 14: 550}
"""Most warnings over all documents of the demo, by rule. 3: one class at a time names no other side. 5: groups stand
beside one another, not beside a chance level. 7: a number about everyone whose words are the tool's own. 8: a
requirement's sentences do not repeat who bears the error; the page and the pack say it once. 14: long names of the plan."""
CEILING_OF_GROUPS = {5: 950, 8: 340, 14: 740}
"""The same over every choice of the fairness page. 5: what lies apart from others names them in words, not by a number
of theirs. 8: a card does not repeat who bears the error. 14: groups of two or three columns have long names."""


@pytest.mark.parametrize("where", PLACES)
@pytest.mark.parametrize("name", [*DEMO, *CASES])
def test_no_rule_is_broken(name: str, where: str, published: Published) -> None:
    broken = [
        (problem, [str(text) for text in block])
        for block in published(name).blocks(where)
        for problem in errors(lint_block(sentences_of(block)))
        if (name, where, problem.rule) not in TWO_BOUNDS
    ]
    assert broken == []


@pytest.mark.parametrize(
    ("places", "ceiling"),
    [(("page", *KINDS), CEILING), (("fairness",), CEILING_OF_GROUPS)],
    ids=["documents", "groups"],
)
def test_warnings_stay_few(places: tuple[str, ...], ceiling: dict[int, int], published: Published) -> None:
    counts: Counter[int] = Counter()
    for name in DEMO:
        for where in places:
            found = [one for block in published(name).blocks(where) for one in lint_block(sentences_of(block))]
            counts.update(problem.rule for problem in found if problem.severity == "warning")
    assert {rule: number for rule, number in counts.items() if number > ceiling.get(rule, 0)} == {}


def figure(text: str, value: float, role: str, evidence: str = "performance/accuracy//model/all") -> Figure:
    return Figure(text, value, role, evidence)


RANGE = (" (", figure("95", 95, "level"), "% range ", figure("2", 2, "low"), " to ", figure("9", 9, "high"), ").")
OF_100 = ("of ", figure("100", 100, "scale"), " ", Quoted("people"), ", ")
TRUE = "performance/true_positive_rate//model/all"
FALSE = "performance/false_positive_rate//model/all"
BROKEN: dict[int, list[Sentence]] = {
    1: [Sentence("The recall is high.")],
    2: [compose("of ", figure("100", 100, "scale"), " people."), compose("of ", figure("1,000", 1000, "scale"), ".")],
    3: [compose(*OF_100, figure("5", 5, "value", TRUE), " were found", *RANGE)],
    4: [Sentence("It misses twice as many.")],
    5: [compose(*OF_100, figure("5", 5, "value"), " were found", *RANGE)],
    6: [compose(*OF_100, figure("5", 5, "value"), " were found.")],
    7: [compose("of ", figure("100", 100, "scale"), ", ", figure("5", 5, "value"), " were found", *RANGE)],
    8: [compose(*OF_100, figure("5", 5, "value", FALSE), " were refused", *RANGE)],
    9: [Sentence("The tool is fair.")],
    10: [Sentence("Income causes it.")],
    11: [compose(*OF_100, figure("none", 0, "value"), " were refused.")],
    12: [compose("there were ", figure("9", 9, "n"), " people.")],
    13: [Sentence("It was not tested.")],
    14: [Sentence("word " * 21)],
    15: [Sentence("It is 5.")],
}


@pytest.mark.parametrize("rule", range(1, 16))
def test_each_of_the_fifteen_rules_is_checked(rule: int) -> None:
    found: list[Problem] = lint_block(BROKEN[rule])
    assert rule in {problem.rule for problem in found}
