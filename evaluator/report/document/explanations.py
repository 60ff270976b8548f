"""What the score leans on, in a document: a short part of the committee pack, and everything for the technical file.

No row id stands in a document, whoever reads it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from evaluator.charts import ChartTable, IntervalDots
from evaluator.records import MODEL, Interaction
from evaluator.report.document.nodes import Block, Item, Items, Missing, Section, Text
from evaluator.report.document.pieces import apart, gaps, grid, picture, recorded, said
from evaluator.report.evidence import Evidence
from evaluator.report.explanations import Check, ExplanationsPage, explanations_of, feature_page
from evaluator.report.explanations_parts.group_told import TITLE as TOLD
from evaluator.report.explanations_parts.group_told import groups_told
from evaluator.report.explanations_parts.imitation import imitation_of
from evaluator.report.explanations_parts.one_case import CasePage, case_page, cases_of, role_sentence
from evaluator.report.explanations_parts.one_feature import same_for_all, who_sits
from evaluator.report.explanations_parts.pairs import pairs_of
from evaluator.report.explanations_parts.what_changes import Changes, changes_of, recourse_of
from evaluator.wording import Sentence, compose, plural
from evaluator.wording.cases import ROLES
from evaluator.wording.reading import count
from evaluator.wording.score_parts import scale_of

TITLE = "What the score leans on"
MOST_FEATURES = 30
FIRST = 3
"""Features of which the technical file also shows who has which values, and the scores if everyone had the same."""
CHECK_COLUMNS = ("Check", "Outcome", "What was seen")
PAIR_COLUMNS = ("Features", "Together, beyond what each does alone (range)", "More than nothing")
NEEDS_ATTENTION, IN_ORDER = "Needs attention", "In order"


class _Said(NamedTuple):
    """A part of the technical file that is left out without blocks."""

    key: str
    title: str
    blocks: tuple[Block, ...]
    sections: tuple[Section, ...] = ()


def leans_on_part(evidence: Evidence) -> Section:
    """The part of the committee pack: what comes first, how many decisions could be turned, and what to question."""
    page = explanations_of(evidence)
    if page.picture is None and page.second is None:
        return Section("leans-on", TITLE, _nothing(page))
    recourse = recourse_of(evidence, page.class_)
    return Section(
        "leans-on",
        TITLE,
        (
            *said([page.headline, *page.lead]),
            *picture(page.picture or page.second),
            *said(recourse.sentences[:1] if recourse is not None else ()),
            *said(_reliance(page)),
            *trust_table(page),
        ),
    )


def _nothing(page: ExplanationsPage) -> tuple[Block, ...]:
    return gaps(page.not_tested) or (Missing(TITLE, "It was not tested.", "model: {artifact: {path: ...}}"),)


def _reliance(page: ExplanationsPage) -> tuple[Text, ...]:
    """The first thing that a check of what it leans on found, and how many more there are."""
    found = [check for check in page.reliance if check.outcome == NEEDS_ATTENTION]
    if found:
        return (recorded(found[0].sentence), *((_others(len(found) - 1),) if len(found) > 1 else ()))
    if any(check.outcome == IN_ORDER for check in page.reliance):
        return (compose("no check of what it leans on found anything to question."),)
    return ()


def _others(left: int) -> Sentence:
    """ "2 other checks need attention: see the technical file."."""
    need = plural(left, " other check needs attention", " other checks need attention")
    return compose(count(left, "count", "document"), need, ": see the technical file.")


def trust_table(page: ExplanationsPage) -> tuple[Block, ...]:
    """The checks that come before anything is explained."""
    return check_table("Can this be trusted?", page.trust)


def check_table(caption: str, checks: Sequence[Check]) -> tuple[Block, ...]:
    """Checks with their outcomes."""
    return grid(caption, CHECK_COLUMNS, [(row.about, row.outcome, row.sentence) for row in checks])


def explanations_section(evidence: Evidence) -> Section:
    """The part of the technical file; of several classes, the parts of each that was explained."""
    page = explanations_of(evidence)
    if page.picture is None and page.second is None:
        return Section("explanations", TITLE, (*_nothing(page), *trust_table(page)))
    classes = [name for name in page.classes if name != page.class_]
    others = [(name, explanations_of(evidence, name)) for name in classes]
    told = tuple(
        Section(f"class-{place}", f"The score of “{page.classes[name]}”", _leading(other))
        for place, (name, other) in enumerate(others)
    )
    parts = tuple(Section(*part) for part in _parts(evidence, page) if part.blocks or part.sections)
    told_apart = _table(TOLD, groups_told(evidence))
    checks = (*trust_table(page), *check_table("What it leans on", page.reliance), *told_apart)
    return Section(
        "explanations", TITLE, (*_leading(page), *checks, *said([page.made_before], "note")), (*parts, *told)
    )


def _leading(page: ExplanationsPage) -> tuple[Block, ...]:
    """What comes first, how stable that is, and every feature or set of them with its ranges."""
    shown = page.picture or page.second
    table = shown.table if shown is not None else None
    return (
        *said([page.headline, *page.lead, page.stability]),
        *picture(_bare(shown)),
        *_table("Every feature, or set of features that move together", table),
    )


def _bare(shown: IntervalDots | None) -> IntervalDots | None:
    """A picture without its numbers, as a table of them follows."""
    return replace(shown, table=ChartTable((), ())) if shown is not None else None


def _parts(evidence: Evidence, page: ExplanationsPage) -> Iterator[_Said]:
    second = page.second if page.picture is not None else None
    if second is not None:
        words = said([page.second_words, *page.disagreements])
        yield _Said("second", "A second opinion", (*words, *picture(second)))
    yield _Said("features", "What each feature does", tuple(_features(evidence, page)))
    yield _Said("same", "If everyone had the same value", tuple(_same(evidence, page)))
    yield _Said("seats", "Who has which values", tuple(_seats(evidence, page)))
    yield _Said("feature-pairs", "Features that do more together", tuple(_pairs(evidence, page)))
    yield _Said("cases", "Single cases", (), _cases(evidence))
    yield _Said("recourse", "What would change a decision", tuple(_recourse(evidence, page.class_)))
    yield _Said("imitation", "A few rules that imitate the score", tuple(_imitation(evidence, page.class_)))


def _features(evidence: Evidence, page: ExplanationsPage) -> Iterator[Block]:
    """The curves side by side, then what they say."""
    shown = list(page.features.items())[:MOST_FEATURES]
    pages = [(words, feature_page(evidence, feature, page.class_)) for feature, words in shown]
    for _, one in pages:
        yield from picture(one.picture, small=True)
    if told := tuple(Item(_capital(words), one.sentences) for words, one in pages if one.sentences):
        yield Items(told)


def _same(evidence: Evidence, page: ExplanationsPage) -> Iterator[Block]:
    found = [same_for_all(evidence, feature, page.class_) for feature in list(page.features)[:FIRST]]
    for one in found:
        yield from picture(one.picture if one is not None else None, small=True)
    for one in found:
        yield from said(one.sentences if one is not None else ())


def _seats(evidence: Evidence, page: ExplanationsPage) -> Iterator[Block]:
    """One table for each of the first features and each way of grouping."""
    for feature, words in list(page.features.items())[:FIRST]:
        found = who_sits(evidence, feature, page.class_)
        for attribute, label in (found.attributes if found is not None else {}).items():
            by = who_sits(evidence, feature, page.class_, attribute=attribute)
            if by is not None:
                yield from apart(by.sentences)
                yield from _table(f"{_capital(words)}, by {label}", by.table)


def _pairs(evidence: Evidence, page: ExplanationsPage) -> Iterator[Block]:
    """Every pair that was looked at, and the curves of those that are shown to do more together."""
    seen: set[Sentence] = set()
    for feature in page.features:
        found = pairs_of(evidence, feature, page.class_)
        if found is None:
            continue
        fresh = [sentence for sentence in found.sentences if sentence not in seen]
        seen |= set(fresh)
        yield from said(fresh)
        yield from picture(found.picture if fresh else None, small=True)
    rows = [row for row in evidence.interactions if (row.subject, row.class_) == (MODEL, page.class_)]
    lines = [_pair(row) for row in sorted(rows, key=lambda row: row.rank)]
    yield from grid("Every pair that was looked at", PAIR_COLUMNS, lines)


def _pair(row: Interaction) -> tuple[str, ...]:
    both = f"{_capital(row.words)} and {row.other_words}"
    if row.value is None or row.low is None or row.high is None:
        return (both, row.reason, "not tested")
    scale = scale_of(row.space, row.unit, [row.value, row.low, row.high])
    value, low, high = (scale.text(number) for number in (row.value, row.low, row.high))
    return (both, f"{value} ({low} to {high}) {row.unit}".rstrip(), "yes" if row.proven else "not shown")


def _cases(evidence: Evidence) -> tuple[Section, ...]:
    """Every case under its role, whatever class it was chosen for."""
    pages = [case_page(evidence, number) for number in cases_of(evidence)]
    by_role = {role: [page for page in pages if page is not None and page.case.role == role] for role in ROLES}
    return tuple(
        Section(f"cases-{role}", ROLES[role], (*said([_role(own)], "note"), *_blocks(evidence, own)))
        for role, own in by_role.items()
        if own
    )


def _role(own: Sequence[CasePage]) -> Sentence:
    """What the role of these cases stands for."""
    return role_sentence(own[0].case.role, classes=bool(own[0].case.class_))


def _blocks(evidence: Evidence, own: Sequence[CasePage]) -> Iterator[Block]:
    for page in own:
        yield from _case(evidence, page)


def _case(evidence: Evidence, page: CasePage) -> Iterator[Block]:
    """What was decided, the parts of the score as a table, how similar cases ended, and what would change it."""
    yield from said([*page.told, page.usual])
    if page.picture is not None:
        yield from _table(f"What adds to the score: {ROLES[page.case.role].lower()}", page.picture.table)
    else:
        yield from said(page.parts) or said([recorded(f"{_capital(page.no_picture)}.")], "note")
    yield from said([page.stability, *page.similar])
    changes = changes_of(evidence, page.case)
    if changes is None:
        return
    if options := tuple(Item("", (option.sentence, *option.checked)) for option in changes.options):
        yield Items(options)
    yield from said([changes.none])
    yield from said(changes.reasons)


def _recourse(evidence: Evidence, class_: str) -> Iterator[Block]:
    """For how many a way out was found, what may not change, and how far lists of reasons hold."""
    found = recourse_of(evidence, class_)
    if found is not None:
        yield from said(found.sentences)
        yield from _table("For how many a way out was found", found.table)
    changes = _changes_of_class(evidence, class_)
    yield from said([next((one.immutable for one in changes if one.immutable is not None), None)])
    checks = next((one.reason_checks for one in changes if one.reason_checks), ())
    yield from grid(
        "Whether lists of reasons hold", ("Test", "What was seen"), [(name, str(told)) for name, told in checks]
    )


def _changes_of_class(evidence: Evidence, class_: str) -> list[Changes]:
    found = (changes_of(evidence, case) for case in cases_of(evidence).values() if case.class_ == class_)
    return [one for one in found if one is not None]


def _imitation(evidence: Evidence, class_: str) -> Iterator[Block]:
    found = imitation_of(evidence, class_)
    if found is not None:
        yield from said([] if found.told else [found.headline])
        yield from _table("The rules, the highest score first", found.table)


def _table(caption: str, table: ChartTable | None) -> tuple[Block, ...]:
    return grid(caption, table.columns, table.rows) if table is not None else ()


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
