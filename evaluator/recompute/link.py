"""A question as part of an address, and back.

`where` holds the filters, joined by ";", each `column:operator:value,value` or `column:between:low,high`. `cutoffs` and
`mix` hold `column:level:number`, joined by ";". Names and values are percent-encoded, so that nothing in them can be
taken for a separator. `match`, `cutoff`, `versus`, `class` and `cost` hold one value each.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple
from urllib.parse import quote, unquote

from evaluator.errors import InputError, did_you_mean
from evaluator.recompute.checking import Columns, checked_filter, find_column
from evaluator.recompute.columns import AskedColumn
from evaluator.recompute.question import (
    OPERATORS,
    REST,
    WITHOUT,
    Combine,
    Edge,
    Filter,
    GroupCutoff,
    Question,
    Target,
    check_groups,
    check_size,
)
from evaluator.subject.levels import NUMBER, number_text
from evaluator.subject.words import visible

WHERE, MATCH, CUTOFF, VERSUS, CLASS = "where", "match", "cutoff", "versus", "class"
CUTOFFS, COST, MIX = "cutoffs", "cost", "mix"
LINK_KEYS = (WHERE, MATCH, CUTOFF, VERSUS, CLASS, CUTOFFS, COST, MIX)
LONGEST = 2_000
_HINT = "Ask the question anew; the link may have been cut off."


def link_of(question: Question) -> dict[str, str]:
    """The parts of an address that stand for a question; defaults are left out."""
    check_size(question.filters)
    check_groups(question)
    parts = {
        WHERE: ";".join(write_filter(one) for one in question.filters),
        MATCH: "any" if question.combine == "any" else "",
        CUTOFF: "" if question.threshold is None else number_text(float(question.threshold)),
        VERSUS: "" if question.compare == REST else _written_compare(question),
        CLASS: question.class_,
        CUTOFFS: _written_levels(OfLevel(one.column, one.level, one.cutoff) for one in question.cutoffs),
        COST: "" if question.cost is None else number_text(float(question.cost)),
        MIX: _written_levels(shares_of(question.mix)),
    }
    _check_length(parts)
    return {key: text for key, text in parts.items() if text}


def question_from_link(params: Mapping[str, str], columns: Columns) -> Question:
    """The question that the parts of an address stand for; InputError names what cannot be asked.

    Parameters
    ----------
    params : the address; keys of other parts of the page are ignored.
    columns : the columns of the rows, by name.
    """
    parts = {key: params.get(key, "") for key in LINK_KEYS}
    _check_length(parts)
    texts = [text for text in parts[WHERE].split(";") if text]
    filters = tuple(checked_filter(read_filter(text, columns), columns) for text in texts)
    check_size(filters)
    if parts[MATCH] not in ("", "all", "any"):
        raise InputError(f"The link joins filters by '{visible(parts[MATCH])}'.", "Write match=all or match=any.")
    compare = _read_compare(parts[VERSUS], columns)
    combine: Combine = "any" if parts[MATCH] == "any" else "all"
    cutoffs, shares = (_read_levels(parts[key], columns) for key in (CUTOFFS, MIX))
    asked = Question(
        tuple(dict.fromkeys(filters)), combine, _read_cutoff(parts[CUTOFF]), compare, parts[CLASS],
        tuple(GroupCutoff(*one) for one in cutoffs), _read_cost(parts[COST]), targets_of(shares),
    )  # fmt: skip
    check_groups(asked)
    return asked


def _check_length(parts: Mapping[str, str]) -> None:
    length = sum(len(text) for text in parts.values())
    if length > LONGEST:
        raise InputError(
            f"The question takes {length:,} characters in a link; at most {LONGEST:,} are answered.",
            "Use fewer filters or values.",
        )


def _encoded(text: str) -> str:
    return quote(text, safe="", errors="surrogatepass")


def _decoded(text: str) -> str:
    try:
        return unquote(text, errors="surrogatepass")
    except UnicodeDecodeError:
        raise InputError(f"The link holds '{visible(text)}', which is no text.", _HINT) from None


def write_filter(asked: Filter) -> str:
    """One filter as it stands in a link."""
    rest = ",".join(_encoded(value) for value in asked.values)
    if asked.operator == "between":
        rest = ",".join(_written_end(end) for end in (asked.low, asked.high))
    return f"{_encoded(asked.column)}:{asked.operator}:{rest}"


def _written_end(end: Edge | None) -> str:
    if end is None:
        return ""
    return end.isoformat() if isinstance(end, date) else number_text(float(end))


def _written_compare(question: Question) -> str:
    column = question.compared_column
    return question.compare if column is None else WITHOUT + _encoded(column)


def read_filter(text: str, columns: Columns) -> Filter:
    """One filter of a link, not yet checked against the levels of its column."""
    parts = text.split(":")
    if len(parts) != 3:
        raise InputError(f"The link holds '{visible(text)}', which is no filter.", _HINT)
    name, written, rest = parts
    operator = next((known for known in OPERATORS if known == written), None)
    if operator is None:
        raise InputError(f"The link asks for '{visible(written)}'.", did_you_mean(written, OPERATORS))
    column = find_column(_decoded(name), columns)
    if operator != "between":
        # A list of one empty text and an empty list look alike; only the first can be meant.
        values = () if operator == "missing" else tuple(_decoded(value) for value in rest.split(","))
        return Filter(column.name, operator, values)
    ends = rest.split(",")
    if len(ends) != 2:
        raise InputError(f"The range '{visible(rest)}' needs two ends.", "Write low,high; one may be left out.")
    low, high = (read_end(end, column) for end in ends)
    return Filter(column.name, "between", low=low, high=high)


def read_end(text: str, column: AskedColumn) -> Edge | None:
    """An end of a range as its column counts: a date for times, else a number; '' is open."""
    text = text.strip()
    if not text:
        return None
    if column.kind == "time":
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise InputError(f"'{visible(text)}' is no date.", "Write dates like 2026-01-31.") from None
    if not NUMBER.fullmatch(text):
        raise InputError(f"'{visible(text)}' is no number.", "Write numbers with a point, like 0.25.")
    return float(text)


class OfLevel(NamedTuple):
    """A number for one level of a column: a cut-off or a share."""

    column: str
    level: str
    number: float


def shares_of(mix: Iterable[Target]) -> list[OfLevel]:
    """The shares of a mix, one after another."""
    return [OfLevel(target.column, level, share) for target in mix for level, share in target.shares]


def targets_of(shares: Iterable[OfLevel]) -> tuple[Target, ...]:
    """Shares one after another as a mix; those of one column belong together."""
    found: dict[str, list[tuple[str, float]]] = {}
    for one in shares:
        found.setdefault(one.column, []).append((one.level, one.number))
    return tuple(Target(column, tuple(levels)) for column, levels in found.items())


def _written_levels(levels: Iterable[OfLevel]) -> str:
    return ";".join(f"{_encoded(one.column)}:{_encoded(one.level)}:{number_text(float(one.number))}" for one in levels)


def _read_levels(text: str, columns: Columns) -> list[OfLevel]:
    """Columns and levels by their names; whether the levels exist is checked with the question."""
    found = []
    for part in (one for one in text.split(";") if one):
        pieces = part.split(":")
        if len(pieces) != 3:
            raise InputError(f"The link holds '{visible(part)}', which names no group and number.", _HINT)
        name, level, number = pieces
        if not NUMBER.fullmatch(number):
            raise InputError(f"'{visible(number)}' is no number.", "Write numbers with a point, like 0.25.")
        found.append(OfLevel(find_column(_decoded(name), columns).name, _decoded(level), float(number)))
    return found


def _read_cost(text: str) -> float | None:
    if not text:
        return None
    if not NUMBER.fullmatch(text):
        raise InputError(f"The cost '{visible(text)}' is no number.", "Write how many of the other error: 5.")
    return float(text)


def _read_cutoff(text: str) -> float | None:
    if not text:
        return None
    if not NUMBER.fullmatch(text):
        raise InputError(f"The cut-off '{visible(text)}' is no number.", "Write it with a point, like 0.46.")
    return float(text)


def _read_compare(text: str, columns: Columns) -> str:
    if not text.startswith(WITHOUT):
        return text or REST
    return WITHOUT + find_column(_decoded(text.removeprefix(WITHOUT)), columns).name
