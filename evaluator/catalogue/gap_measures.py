"""Gaps that take more than one metric together: what they are called, what they mean and where they mislead."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GapMeasure:
    """`of` are the metrics that it takes together, `aliases` the names that other libraries use."""

    name: str
    aliases: tuple[str, ...]
    of: tuple[str, ...]
    label: str
    definition: str
    caveat: str
    source: str


EQUALIZED_ODDS = "equalized_odds"

GAP_MEASURES: dict[str, GapMeasure] = {
    entry.name: entry
    for entry in (
        GapMeasure(
            EQUALIZED_ODDS,
            ("equalized_odds_difference", "equalized_odds_ratio", "equalised_odds"),
            ("true_positive_rate", "false_positive_rate"),
            "Both error rates alike (equalized odds)",
            "The larger of two gaps between groups: in the true positive rate and in the false positive rate; as a ratio, "
            "the smaller of the two.",
            "One number for two kinds of error; which of them is behind it, and who bears it, the two gaps say.",
            "Hardt, Price and Srebro 2016; the range holds for all pairs of groups and both rates together.",
        ),
    )
}
