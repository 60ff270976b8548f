"""What could be behind a slice in which a model fails: what each is called, what it needs, and what to try."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cause:
    """`turn` orders causes that explain about as much: faults that can be pointed at come before general ones.

    `remedy` says what to try, as the end of "One thing to try: ...".
    """

    name: str
    label: str
    turn: int
    remedy: str


CAUSES: dict[str, Cause] = {
    cause.name: cause
    for cause in (
        Cause("units", "numbers in another unit", 0, "record these numbers in the unit used elsewhere"),
        Cause("new_levels", "levels unknown to the model", 0, "train the model with these levels, or refuse them"),
        Cause("copies", "copied rows", 0, "remove the copies and measure again"),
        Cause("missing", "missing values", 1, "fill these values, or let the model know that they are missing"),
        Cause("training", "too little training data", 2, "train the model with more such cases"),
        Cause("shift", "values unlike those of training", 2, "train the model with recent cases of this group"),
        Cause("calibration", "promises that are off", 3, "adjust the scores of this group"),
        Cause("threshold", "the place of the cut-off", 4, "move the cut-off for this group"),
        Cause(
            "neighbours", "outcomes that contradict each other", 5, "have a sample of these outcomes checked by hand"
        ),
        Cause(
            "overlap", "outcomes that the score cannot tell apart", 6, "find features that tell these outcomes apart"
        ),
    )
}
"""In the order in which those that explain about as much are named."""
