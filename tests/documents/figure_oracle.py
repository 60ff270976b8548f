"""Every figure of a sentence, worked out again from the tables of the run file it names.

Independent of the code that writes the sentences: identities, scales, signs and counts are computed here from the
records and the catalogue's units alone.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from evaluator.catalogue.metrics import METRICS, NEITHER_WAY
from evaluator.catalogue.settings import FEWER_THAN
from evaluator.records import (
    Case,
    CasePart,
    Conditional,
    Conflict,
    Dependence,
    Distance,
    Effect,
    ErrorLeaf,
    ExplanationCheck,
    FeatureShare,
    GroupGap,
    Importance,
    Interaction,
    LedgerEvent,
    Price,
    Reason,
    ReasonCheck,
    RecourseRate,
    SelectionRatio,
    Shrunken,
    SimilarCases,
    Slice,
    SliceCause,
    SliceCondition,
    SliceSearch,
    StatutoryTable,
    Stratum,
    SurrogateLeaf,
    Trace,
    UnknownBound,
    WayOut,
    WayOutChange,
)
from evaluator.store import RunReader
from evaluator.wording import Figure, Sentence
from evaluator.wording.score_parts import with_unit

MINUS = "\u2212"
NUMBER = re.compile(rf"(?<![\w.,]){MINUS}?\d+(?:,\d{{3}})*(?:\.\d+)?(?![\w])")
_MAGNITUDE = {"million": 10**6, "billion": 10**9, "trillion": 10**12}
_WORDS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_ORDINALS = ("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
NAMES = ("SHA-256", "Local Law 144")
"""Names that hold digits and are no numbers."""
_SETTINGS = {"fewer_than": FEWER_THAN, "fewest_told": 3}
_CHANCE = {"auc": 0.5, "balanced_accuracy": 0.5, "mcc": 0.0, "quadratic_kappa": 0.0, "r2": 0.0}
_COUNTED = {
    "met": r"(?:is|are) met",
    "not_met": r"(?:is|are) not met",
    "inconclusive": r"(?:is|are) inconclusive",
    "too_few": r"(?:has|have) too few cases",
    "not_tested": r"(?:was|were) not tested",
    "not_applicable": r"(?:does|do) not apply",
}


def day(at: date) -> str:
    """A day as it is written: 24 Nov 2026."""
    return f"{at.day} {_MONTHS[at.month - 1]} {at.year}"


def path(*names: object) -> str:
    """Names as an id of evidence."""
    return "/".join(str(name).replace("/", "%2F") for name in names)


@dataclass
class Records:
    """The records of one run by id."""

    run: Any
    plan: dict[str, Any]
    populations: dict[str, Any]
    criteria: dict[str, Any]
    counts: dict[str, int]
    recommendation: Any
    found: dict[str, list[Any]] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    """Every text that the run file holds; prose may repeat them."""
    folded: list[str] = field(default_factory=list)
    """The same without capitals, those with a digit."""

    @cached_property
    def groups_named(self) -> list[tuple[str, re.Pattern[str]]]:
        """What groups are called, the longest first, and how a text without capitals is searched for it."""
        named = {one.words for one in self.populations.values()} - {self.populations["all"].words}
        longest = sorted(named, key=len, reverse=True)
        return [(one, re.compile(rf"(?<!\w){re.escape(one.casefold())}(?!\w)")) for one in longest]


def records_of(reader: RunReader) -> Records:
    """Everything of a run file, by the ids that sentences give."""
    run, plan = reader.run(), json.loads(reader.plan().canonical_json)
    criteria = {row.criterion_id: row for row in reader.criteria()}
    records = Records(
        run, plan, {row.population_id: row for row in reader.populations()}, criteria,
        json.loads(reader.recommendation().counts), reader.recommendation(),
    )  # fmt: skip
    for name, row in _named(reader):
        records.found.setdefault(name, []).append(row)
    texts = {
        *_texts(plan),
        *_texts_of_tables(reader),
        *_values(reader, plan),
        reader.file_sha256(),
        day(run.started_at),
    }
    classes = {row.class_ for row in reader.estimates() if row.class_}
    texts |= {text.replace("{class}", value) for text in texts if "{class}" in text for value in classes}
    texts |= {f"“{value}”" for value in classes}
    records.texts = sorted(texts, key=len, reverse=True)
    records.folded = [text.casefold() for text in records.texts if any(letter.isdigit() for letter in text)]
    return records


def _named(reader: RunReader) -> Iterator[tuple[str, Any]]:
    for row in reader.criteria():
        yield f"criterion:{row.criterion_id}", row
    for row in reader.estimates():
        yield path(row.analysis, row.metric, row.class_, row.subject, row.population_id), row
    for row in reader.paired():
        yield path("paired", row.metric, row.class_, row.population_id, row.a, row.b), row
    for row in reader.gaps():
        yield (
            path("gap", row.analysis, row.metric, row.class_, row.subject, row.attribute, row.within, row.kind),
            row,
        )
    for row in reader.quality():
        yield path("quality", row.check, row.column, row.population_id), row
    for row in reader.calibrations():
        yield path("calibration", row.check, row.class_, row.subject, row.population_id), row
    for row in reader.curves():
        yield path("curve", row.analysis, row.name, row.class_, row.subject, row.population_id), row
    for record, (kind, names) in NAMED_BY.items():
        for row in reader.rows_of(record):
            values = [getattr(row, name) for name in names]
            if record in (Importance, Effect) and row.class_:
                values.insert(names.index("subject"), f"class:{row.class_}")
            yield path(kind, *values), row


NAMED_BY: Mapping[type[Any], tuple[str, tuple[str, ...]]] = {
    Shrunken: ("shrunken", ("metric", "class_", "subject", "attribute", "population_id")),
    GroupGap: ("group_gap", ("metric", "class_", "subject", "attribute", "population_id", "against")),
    Distance: ("distance", ("measure", "what", "subject", "attribute", "population_id")),
    Conditional: ("conditional", ("metric", "subject", "population_id", "given")),
    Stratum: ("stratum", ("metric", "subject", "population_id", "given", "stratum_id")),
    SelectionRatio: ("selection", ("rule", "table", "population_id")),
    StatutoryTable: ("statutory", ("rule", "table")),
    Conflict: ("conflict", ("subject", "attribute")),
    Price: ("price", ("goal", "subject", "attribute", "population_id", "metric")),
    Trace: ("trace", ("kind", "subject", "attribute", "population_id", "feature")),
    UnknownBound: ("unknown", ("metric", "subject", "attribute", "kind")),
    SliceSearch: ("slice_search", ("loss", "subject")),
    Slice: ("slice", ("loss", "subject", "slice_id")),
    SliceCondition: ("slice_condition", ("loss", "slice_id", "position")),
    SliceCause: ("cause", ("loss", "slice_id", "cause")),
    ErrorLeaf: ("error_leaf", ("loss", "position")),
    Importance: ("importance", ("method", "subject", "population_id", "feature")),
    Effect: ("effect", ("subject", "population_id", "feature", "position")),
    Dependence: ("dependence", ("subject", "class_", "feature", "kind", "line", "position")),
    FeatureShare: ("feature_share", ("feature", "population_id", "position")),
    Interaction: ("interaction", ("subject", "class_", "feature", "other")),
    Case: ("case", ("subject", "class_", "number")),
    CasePart: ("case_part", ("subject", "class_", "number", "feature")),
    SimilarCases: ("similar", ("subject", "class_", "number")),
    WayOut: ("way_out", ("subject", "class_", "number", "option")),
    WayOutChange: ("way_out_change", ("subject", "class_", "number", "option", "position")),
    RecourseRate: ("recourse", ("subject", "class_", "population_id", "changes")),
    Reason: ("reason", ("subject", "class_", "number", "feature")),
    ReasonCheck: ("reason_check", ("subject", "class_", "test")),
    ExplanationCheck: ("explanation_check", ("check", "subject", "class_", "feature", "population_id")),
    SurrogateLeaf: ("surrogate", ("subject", "class_", "position")),
}
"""Records of a closer look: what their ids begin with, and the fields that follow."""
OF_LOOKING = ("SliceSearch", "Slice", "SliceCause", "ErrorLeaf")
"""Records about groups that were found by looking; they name themselves, by the words of several planned groups."""
OF_EXPLAINING = (
    "Importance", "Effect", "Dependence", "FeatureShare", "Interaction", "Case", "CasePart", "SimilarCases", "WayOut",
    "RecourseRate", "Reason", "ReasonCheck", "ExplanationCheck", "SurrogateLeaf",
)  # fmt: skip
"""Records about features and cases: a value may be called what a group is; those about a group are checked by kind."""
REFERRING = ("Conditional", "Price", "Conflict", "UnknownBound", "Shrunken", "GroupGap", "Distance")
"""Records whose sentences may say "it" of whom the sentence before named."""


def _texts(content: Any) -> Iterator[str]:
    if isinstance(content, str):
        yield from (content.strip(), content.strip().rstrip("."))
    elif isinstance(content, dict):
        for key, inner in content.items():
            yield str(key)
            yield from _texts(inner)
    elif isinstance(content, list):
        for inner in content:
            yield from _texts(inner)


def _texts_of_tables(reader: RunReader) -> Iterator[str]:
    tables = (
        reader.populations(), reader.criteria(), reader.findings(), reader.not_tested(), reader.quality(),
        reader.provenance(), (reader.run(),), reader.estimates(), reader.gaps(), reader.paired(),
        reader.calibrations(), *(reader.rows_of(record) for record in NAMED_BY),
    )  # fmt: skip
    for table in tables:
        for row in table:
            yield from _texts([getattr(row, name) for name in row.__slots__])


def _values(reader: RunReader, plan: dict[str, Any]) -> Iterator[str]:
    """Values of features as sentences put them: behind their words, with their unit."""
    columns = plan["data"]["columns"]
    rows = [(row.words, row.label, row.feature) for row in reader.rows_of(FeatureShare)]
    for kind in (Reason, CasePart):
        rows += [(row.words, text, "") for row in reader.rows_of(kind) for text in (row.value, row.band)]
    for leaf in reader.rows_of(SurrogateLeaf):
        yield " and ".join(words for _, words in json.loads(leaf.path))
    for words, text, feature in rows:
        known = with_unit(text, (columns.get(feature) or {}).get("unit") or "")
        yield from (f"{words} at {known}", f"{words} of {known}", f"{words} {known}", f"{words}: {known}")


def number(text: str) -> float:
    return float(text.replace(",", "").replace(MINUS, "-"))


def printed(text: str) -> float:
    """The number of a text in digits or in a word: "12", "twelve", "first" and "12th"."""
    lowered = text.lower()
    if lowered == "no":
        return 0
    for words in (_WORDS, _ORDINALS):
        if lowered in words:
            return words.index(lowered)
    return number(re.sub(r"(?<=\d)(st|nd|rd|th)$", "", lowered))


def agrees(shown: str, expected: float) -> bool:
    """Whether a printed number is `expected`, rounded to the digits printed."""
    decimals = len(shown.partition(".")[2])
    return abs(number(shown) - expected) <= 0.5 * 10.0**-decimals + 1e-6 * max(1.0, abs(expected))


@dataclass(frozen=True)
class Placed:
    """A figure, the words before and after it, and the scale and magnitude that hold where it stands."""

    figure: Figure
    before: str
    after: str
    per: float | None
    magnitude: float
    yearly: bool
    """Whether the sentence is about so many a year."""
    raw_before: str = ""
    """The words before, quoted ones as they are."""
    raw_after: str = ""

    @property
    def joint(self) -> bool:
        """Whether the sentence counts those of all who were one thing and were decided another."""
        said = re.split(r" \(|\.", self.before + self.after.partition("(")[0])[0].rpartition(", ")[2]
        return not self.yearly and " and " in said


def places_of(sentences: Sequence[Sentence]) -> list[tuple[Sentence, list[Placed]]]:
    """Each sentence of a block with its figures where they stand."""
    found: list[tuple[Sentence, list[Placed]]] = [(sentence, []) for sentence in sentences]
    by_id = {id(sentence): places for sentence, places in found}
    for sentence, place in placed(sentences):
        by_id[id(sentence)].append(place)
    return found


def placed(sentences: Sequence[Sentence]) -> Iterator[tuple[Sentence, Placed]]:
    """Every figure of a block where it stands; a scale holds on until another is named."""
    per: float | None = None
    for sentence in sentences:
        scales = [figure.value for figure in sentence.figures if figure.role in ("scale", "every")]
        per = scales[0] if scales else per
        text, at = blanked(sentence), 0
        magnitude = next((size for word, size in _MAGNITUDE.items() if re.search(rf"\d {word}\b", text)), 1)
        yearly = re.search(r"\b[Ii]n a year\b", text) is not None
        for figure in sentence.figures:
            start = _find(text, figure.text, at)
            end = start + len(figure.text)
            raw = (sentence.text[:start], sentence.text[end:]) if len(text) == len(sentence.text) else ("", "")
            yield sentence, Placed(figure, text[:start], text[end:], per, magnitude, yearly, *raw)
            at = end


def _find(text: str, wanted: str, at: int) -> int:
    match = re.compile(rf"(?<![\w.,]){re.escape(wanted)}(?![\w])", re.IGNORECASE).search(text, at)
    if match is None:
        raise AssertionError(f"{wanted!r} does not stand where it should in {text!r}")
    return match.start()


def blanked(sentence: Sentence) -> str:
    """The text with quoted words as blanks of the same length."""
    text = sentence.text
    for phrase in sorted(set(sentence.quoted), key=len, reverse=True):
        if phrase.strip():
            pattern = rf"(?<!\w){re.escape(phrase)}(?!\w)"
            text = re.sub(pattern, lambda match: "□" * len(match[0]), text, flags=re.IGNORECASE)
    return text


Other = Callable[[Placed, Any, Any, Any], bool]


@dataclass(frozen=True)
class Oracle:
    """Holds sentences against one run: its tables, and `others` for what is evidence beside them, by kind."""

    records: Records
    reader: RunReader
    events: Sequence[LedgerEvent]
    others: Mapping[str, Other]
    holds: Callable[[Placed, Any, Records], bool]

    def problems(self, sentences: Iterable[Sentence]) -> list[str]:
        """What is wrong with the figures of a block of sentences; empty when all agree with the run file."""
        block, wrong = list(sentences), []
        for sentence, places in places_of(block):
            for evidence in dict.fromkeys(place.figure.evidence for place in places):
                own = [place for place in places if place.figure.evidence == evidence]
                wrong += [f"{problem} in {sentence.text!r}" for problem in self._problems_of(evidence, own)]
        before = ""
        for sentence in block:
            before = f"{before} {sentence.text}"
            wrong += _counts_problems(sentence, self.records) + _population_problems(sentence, self.records, before)
        return wrong

    def _problems_of(self, evidence: str, places: Sequence[Placed]) -> list[str]:
        """All figures that one sentence takes from one record must agree with that record."""
        rows = self.records.found.get(evidence)
        try:
            if rows is None:
                return [f"{place.figure} is not what is recorded" for place in places if not self._holds(place)]
            best = min((self._disagreeing(places, row) for row in rows), key=len)
        except LookupError as problem:
            return [f"{problem} for {evidence!r}"]
        return [f"{place.figure} is not what the record says" for place in best]

    def _disagreeing(self, places: Sequence[Placed], row: Any) -> list[Placed]:
        return [place for place in places if not self.holds(place, row, self.records)]

    def _holds(self, place: Placed) -> bool:
        figure, records = place.figure, self.records
        kind = figure.evidence.partition(":")[0]
        if kind in self.others:
            return self.others[kind](place, records, self.reader, self.events)
        if evidence_of_groups(figure.evidence):
            return number(figure.text) in counted_groups(figure.evidence, records)
        if kind == "catalogue":
            return _catalogue_holds(place)
        if kind == "recommendation":
            return figure.role == "count" and number(figure.text) in _numbers_of_criteria(records)
        raise LookupError("there is no such record")


def evidence_of_groups(evidence: str) -> bool:
    return evidence.startswith("group_gaps/")


def counted_groups(evidence: str, records: Records) -> set[int]:
    """Of the groups held against everyone else: how many were, how many provably differ so, how many were too few."""
    metric, class_, attribute = (name.replace("%2F", "/") for name in evidence.split("/")[1:])
    every = [row for rows in records.found.values() for row in rows if isinstance(row, GroupGap)]
    rows = [
        row
        for row in every
        if (row.metric, row.class_, row.attribute, row.against) == (metric, class_, attribute, "rest")
    ]
    above, below = (
        sum(row.low > 0 for row in rows if row.low is not None),
        sum(row.high < 0 for row in rows if row.high is not None),
    )
    worse = {"higher": below, "lower": above}.get(METRICS[metric].direction, above + below)
    if metric in NEITHER_WAY:
        worse = above + below
    return {sum(row.difference is not None for row in rows), worse, sum(row.status == "too_few" for row in rows)}


def _numbers_of_criteria(records: Records) -> set[int]:
    """How many requirements have each status, how many there are, and how many were and could be tested."""
    counts, total = records.counts, sum(records.counts.values())
    asked = total - counts.get("not_applicable", 0)
    tested = sum(counts.get(status, 0) for status in ("met", "not_met", "inconclusive"))
    return {*counts.values(), total, asked, tested}


def _catalogue_holds(place: Placed) -> bool:
    """A number of the catalogue: what guessing or perfection gives, and from how few on nothing is shown."""
    figure, name = place.figure, place.figure.evidence.partition(":")[2]
    if name in _SETTINGS:
        return number(figure.text) == _SETTINGS[name]
    entry = METRICS[name]
    if figure.role not in ("chance", "ideal"):
        return False
    guessing = _CHANCE.get(name, 0.5 if name.startswith("auc_") else math.nan)
    expected = entry.ideal if figure.role == "ideal" else guessing
    share = entry.unit == "fraction" or name == "r2"
    return agrees(figure.text, expected * (place.per or 1) if share else expected)


def _counts_problems(sentence: Sentence, records: Records) -> list[str]:
    """How many requirements are said to have a status, and how many they are."""
    if not any(figure.evidence == "recommendation" for figure in sentence.figures):
        return []
    text, wrong = blanked(sentence), []
    total = sum(records.counts.values())
    of_total = re.search(r"(\d+|[Nn]one) of (\d+) requirements", text)
    if of_total and int(of_total[2]) != total:
        wrong.append(f"{total} requirements are counted as {of_total[2]}: {text!r}")
    for status, said in _COUNTED.items():
        found = re.search(rf"(?<!of )\b(\d+)(?: of \d+ requirements| requirements)? {said}", text)
        if found and int(found[1]) != records.counts.get(status, 0):
            wrong.append(f"{records.counts.get(status, 0)} requirements are {status}: {text!r}")
    return wrong


def _population_problems(sentence: Sentence, records: Records, before: str) -> list[str]:
    """A number names its own population and none other."""
    values = [figure for figure in sentence.figures if figure.role in ("value", "n")]
    found = [row for figure in values for row in records.found.get(figure.evidence, [])[:1]]
    rows = [row for row in found if type(row).__name__ not in ("Calibration", *OF_EXPLAINING, *OF_LOOKING)]
    if not rows:
        return []
    meant = {one for row in rows for one in _populations_of(row, records)}
    named = set(mentioned(sentence.text, records))
    own = {records.populations[one].words for one in meant if one in records.populations}
    wrong = [f"{words!r} is named beside a number about {sorted(meant)}: {sentence.text!r}" for words in named - own]
    wrong += _order_problems(sentence, rows, records)
    needed = {_population_id(row) for row in rows} - {"all", ""}
    said = before if any(type(row).__name__ in REFERRING for row in rows) else sentence.text
    for one in needed & set(records.populations):
        if records.populations[one].words.casefold() not in said.casefold():
            wrong.append(f"{one} is not named: {sentence.text!r}")
    return wrong


def _order_problems(sentence: Sentence, rows: Sequence[Any], records: Records) -> list[str]:
    """ "4 more men than women": the group with the higher value is the one that has more."""
    gaps = [
        gap for row in rows if getattr(row, "gap_by", "") or hasattr(row, "group_low") for gap in _gaps(row, records)
    ]
    said = re.search(r" more (.+) than (.+?) (?:were|was|did|\w+ed)\b", sentence.text)
    if not said or not gaps or " in each group" not in sentence.text:
        return []
    low, high = (records.populations[one].words for one in (gaps[0].group_low, gaps[0].group_high))
    good = said[1].startswith(high) and sentence.text[said.start(2) :].startswith(low)
    return [] if good else [f"it is {high!r} that has more than {low!r}: {sentence.text!r}"]


def _gaps(row: Any, records: Records) -> list[Any]:
    if hasattr(row, "group_low"):
        return [row]
    return [gap for rows in records.found.values() for gap in rows if _is_behind(gap, row)]


def mentioned(text: str, records: Records) -> list[str]:
    """The words of the groups that a text names, longest first, each counted once."""
    folded, found = text.casefold(), []
    for one, pattern in records.groups_named:
        if one.casefold() in folded and pattern.search(folded):
            found.append(one)
            folded = pattern.sub(" ", folded)
    return found


def _population_id(row: Any) -> str:
    return str(getattr(row, "population_id", "") or getattr(row, "within", ""))


def _populations_of(row: Any, records: Records) -> set[str]:
    """Those a number is about: its population, and for a gap the two groups that lie farthest apart."""
    own = {_population_id(row)}
    if hasattr(row, "unknown_id"):
        return {row.unknown_id, row.group_low, row.group_high, row.tips_to}
    if hasattr(row, "population_a"):
        return {row.population_a, row.population_b}
    if hasattr(row, "reference"):
        return {*own, row.reference, row.settling}
    if type(row).__name__ == "Conditional":
        groups = [one for one in records.populations.values() if (one.attribute, one.kind) == (row.attribute, "group")]
        return {*own, *(one.population_id for one in groups if len(groups) == 2)}
    if hasattr(row, "group_low"):
        return {*own, row.group_low, row.group_high}
    if getattr(row, "gap_by", ""):
        gaps = _gaps(row, records)
        return {*own, *(one for gap in gaps for one in (gap.group_low, gap.group_high))}
    return own


def _is_behind(gap: Any, criterion: Any) -> bool:
    if type(gap).__name__ != "Gap":
        return False
    asked = (criterion.metric, criterion.class_, criterion.gap_by, criterion.population_id, criterion.gap_kind)
    return asked == (gap.metric, gap.class_, gap.attribute, gap.within, gap.kind)


def holds_by(
    checks: Mapping[str, Callable[[Placed, Any, Records], bool]], place: Placed, row: Any, records: Records
) -> bool | None:
    """Whether one figure is what its record says, by the check of its kind of record; None for a kind without one."""
    check = checks.get(type(row).__name__)
    if check is None:
        return None
    role, text = place.figure.role, place.figure.text
    if role in ("scale", "every"):
        return number(text) == place.figure.value and place.figure.value in (100, 1_000, 10_000)
    if role == "level":
        return agrees(text, getattr(row, "confidence", getattr(row, "level", 0.0)) * 100)
    return check(place, row, records)


def bare_numbers(text: str, records: Records) -> list[str]:
    """The numbers of a plain text that no text of the run file holds."""
    if any(text.casefold() in known for known in records.folded):
        return []
    left = text
    for known in (*NAMES, *records.texts):
        if len(known) >= 3 and any(letter.isdigit() for letter in known):
            # A title begins with a capital letter.
            left = left.replace(known, " ").replace(known[0].upper() + known[1:], " ")
    return NUMBER.findall(left)
