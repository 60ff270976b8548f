"""The prose of the page on explanations, block by block, for every class, feature and case."""

from __future__ import annotations

from collections.abc import Iterator

from prose import Block

from evaluator.report.evidence import Evidence
from evaluator.report.explanations import explanations_of, feature_page
from evaluator.report.explanations_parts.imitation import imitation_of
from evaluator.report.explanations_parts.one_case import case_page, cases_of
from evaluator.report.explanations_parts.one_feature import same_for_all, who_sits
from evaluator.report.explanations_parts.pairs import pairs_of
from evaluator.report.explanations_parts.what_changes import changes_of, recourse_of


def explained_blocks(evidence: Evidence) -> list[Block]:
    """Every block of sentences that the page shows together."""
    classes = list(explanations_of(evidence).classes) or [""]
    blocks = [block for class_ in classes for block in _of_class(evidence, class_)]
    return [block for block in [*blocks, *_of_cases(evidence)] if block]


def _of_class(evidence: Evidence, class_: str) -> Iterator[Block]:
    page = explanations_of(evidence, class_)
    yield tuple(text for text in (page.headline, *page.lead, page.stability, page.made_before) if text is not None)
    yield tuple(text for text in (page.second_words, *page.disagreements) if text is not None)
    for feature in page.features:
        yield from _of_feature(evidence, feature, class_)
    if (recourse := recourse_of(evidence, class_)) is not None:
        yield recourse.sentences
    if (tree := imitation_of(evidence, class_)) is not None:
        yield (tree.headline,)
        yield from ((leaf,) for leaf in tree.leaves)


def _of_feature(evidence: Evidence, feature: str, class_: str) -> Iterator[Block]:
    yield feature_page(evidence, feature, class_).sentences
    if (same := same_for_all(evidence, feature, class_)) is not None:
        yield same.sentences
    if (seats := who_sits(evidence, feature, class_)) is not None:
        for part in seats.parts:
            for attribute in seats.attributes or [""]:
                found = who_sits(evidence, feature, class_, part, attribute)
                yield () if found is None else found.sentences
    if (pairs := pairs_of(evidence, feature, class_)) is not None:
        yield (pairs.headline, *pairs.sentences)


def _of_cases(evidence: Evidence) -> Iterator[Block]:
    for number, case in cases_of(evidence).items():
        page = case_page(evidence, number)
        if page is None:
            continue
        yield (
            *page.told,
            *(text for text in (page.usual, *page.parts, page.stability, *page.similar) if text is not None),
        )
        changes = changes_of(evidence, case)
        if changes is None:
            continue
        for option in changes.options:
            yield (option.sentence, *option.checked)
        yield tuple(text for text in (changes.none, changes.immutable, *changes.reasons) if text is not None)
        yield from ((told,) for _, told in changes.reason_checks)
