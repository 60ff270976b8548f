"""The tables of Local Law 144 in words: what stands over them, who is unknown, what a reader must know."""

from __future__ import annotations

import json
from collections.abc import Mapping

from evaluator.records import StatutoryTable, Words
from evaluator.wording.numbers import choose_places, format_decimal, format_people
from evaluator.wording.phrases import heads
from evaluator.wording.selection import selected_outcome
from evaluator.wording.sentence import Figure, Phrase, Quoted, Sentence, compose

TITLES: Mapping[str, str] = {
    "sex": "By sex",
    "race_ethnicity": "By race or ethnicity",
    "intersection": "By sex and race or ethnicity together",
}
WARNINGS: Mapping[str, str] = {
    "tied_at_median": "more than a tenth of the scores lie exactly at the median, and none of them are counted.",
    "score_reversed": "a high score is unfavourable here, so scores below the median are counted.",
    "reference_few": "the highest rate is that of few people, and every ratio rests on them.",
    "nobody_counted": "nobody is counted in any category, so there are no ratios.",
    "no_categories": "no category of anyone is known, so there is nothing to compare.",
    "rows_share_cluster": "some rows belong together, so these are counts of rows and not of people.",
    "test_data_unexplained": "test data were used, and the plan does not say why, or how they were made.",
    "categories_left_out": "small categories are shown and not compared, as the plan declares.",
}
"""Name in the run file -> what is said."""
CHOICES: Mapping[str, str] = {
    "measure": "What is counted",
    "counted": "Counted are",
    "tie_rule": "Scores at the median",
    "median_sample": "Median of",
    "exclude_below": "Left out below a share of",
    "exclude_base": "Share of",
    "reference_pool": "Highest rate among",
    "pooling": "Categories pooled",
    "unknown": "Unknown categories",
    "data_type": "Data",
    "min_group": "Ranges from this many people on",
}
_VALUES: Mapping[str, str] = {
    "selection": "who is selected",
    "score": "scores against the median",
    "predicted_positive": "people with the positive decision, which is favourable",
    "predicted_negative": "people with the negative decision, which is favourable",
    "above_median": "scores strictly above the median",
    "below_median": "scores strictly below the median, as a high score is unfavourable",
    "strict_above": "counted as not above",
    "strict_below": "counted as not below",
    "known": "people whose category is known",
    "all": "all people",
    "not_excluded_same_table": "categories of the same table that are not left out",
    "none": "none",
    "counted_not_filled_in": "counted, never filled in",
    "historical": "historical data of the tool",
    "test": "test data",
}


def statutory_evidence(table: StatutoryTable) -> str:
    """The id that names what stands over a table: "statutory/nyc_ll144/sex"."""
    return f"statutory/{table.rule}/{table.table}"


def title_of(table: str) -> str:
    """The heading of a table; its name for one that this version does not know."""
    return TITLES.get(table, table)


def counted_heading(table: StatutoryTable) -> str:
    """What the second number of a category counts."""
    if table.measure == "selection":
        return "Selected"
    return "Below the median score" if is_reversed(table) else "Above the median score"


def is_reversed(table: StatutoryTable) -> bool:
    """Whether scores below the median are counted."""
    return bool(json.loads(table.parameters).get("counted") == "below_median")


def unknown_sentence(table: StatutoryTable, words: Words, fewer_than: int | None) -> Sentence:
    """ "The category of 40 people is not known; 10 of them were selected. They stand in no rate."."""
    evidence = statutory_evidence(table)
    if table.n_unknown == 0:
        return compose("everyone's category is known.")
    if table.n_unknown < 0:
        return compose("how many have no known category is not shown; they stand in no rate.")
    n: Phrase = (_people(table.n_unknown, fewer_than, evidence), " ", *heads(words, table.n_unknown))
    if fewer_than is not None and table.n_unknown < fewer_than:
        return compose("the category of ", *n, " is not known; they stand in no rate.")
    some: Phrase = (_people(table.counted_unknown, fewer_than, evidence), " of them ", *_event(table, words))
    return compose("the category of ", *n, " is not known, ", *some, "; they stand in no rate.")


def _event(table: StatutoryTable, words: Words) -> Phrase:
    if table.measure == "selection":
        return (selected_outcome(words).words,)
    return ("below the median score",) if is_reversed(table) else ("above the median score",)


def _people(n: int, fewer_than: int | None, evidence: str) -> Figure:
    if n < 0 or (fewer_than is not None and 0 < n < fewer_than):
        bound = fewer_than or 0
        return Figure(format_people(n, fewer_than), bound, "bound", evidence)
    return Figure(format_people(n, None), n, "count", evidence)


def median_sentence(table: StatutoryTable, fewer_than: int | None) -> Sentence | None:
    """ "The median score is 70; 4 people score exactly that."; None where nothing is scored."""
    if table.median_score is None:
        return None
    evidence, places = statutory_evidence(table), choose_places([table.median_score])
    places = 0 if float(table.median_score).is_integer() else places
    median = Figure(format_decimal(table.median_score, places=places), table.median_score, "other", evidence)
    tied = _people(table.tied_at_median, fewer_than, evidence)
    return compose("the median score is ", median, "; scores exactly there: ", tied, ".")


def warning_sentences(table: StatutoryTable) -> tuple[Sentence, ...]:
    """What a reader of the table must know."""
    names: list[str] = json.loads(table.warnings)
    return tuple(compose(WARNINGS[name]) for name in names if name in WARNINGS)


def untested_sentence(table: StatutoryTable) -> Sentence:
    """Why there is no table."""
    return compose("this table was not made, because ", Quoted(table.reason), ".")


def choice_lines(table: StatutoryTable) -> tuple[tuple[str, str], ...]:
    """Every declared choice with its label."""
    chosen: dict[str, object] = json.loads(table.parameters)
    return tuple((label, _value(chosen[name])) for name, label in CHOICES.items() if name in chosen)


def _value(value: object) -> str:
    if value is None:
        return "nothing is left out"
    return _VALUES.get(str(value), str(value))


def disclaimer_sentences() -> tuple[Sentence, ...]:
    """What these tables are, and what they are not."""
    return (
        compose("the tables are as declared in the plan, and are not legal advice."),
        compose("the rule sets no pass mark, and none is given here."),
    )


def beside_sentence() -> Sentence:
    """What stands outside the tables."""
    return compose("what follows is no part of what the rule asks for: how far chance alone could move the ratios.")
