"""What ranges hold together with, in sentences: which numbers are read as one statement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from evaluator.wording import Quoted, Sentence, compose


def family_notes(families: Mapping[str, Iterable[str]]) -> tuple[Sentence, ...]:
    """ "Ranges of gaps hold at once for all 3 pairs of groups by sex.", one for each kind of number and its family.

    Parameters
    ----------
    families : what the ranges are of, with the families that its records name; '' where a record names none.
    """
    return tuple(
        compose("ranges of ", what, " hold at once for ", Quoted(family), ".")
        for what, names in families.items()
        for family in dict.fromkeys(names)
        if family
    )
