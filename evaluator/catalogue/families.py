"""Which numbers are read as one family, and how all of a family hold together.

A range alone misses the truth now and then; the more of them are read as one statement, the likelier one of them does.
Every record that carries a range or a p-value names its family and its size.
"""

from __future__ import annotations

from dataclasses import dataclass

from evaluator.catalogue.settings import PAIRS_TOGETHER_FROM


@dataclass(frozen=True, slots=True)
class FamilyRule:
    """`numbers` says what is read, `family` what counts as one statement, `control` how its members hold together."""

    name: str
    numbers: str
    family: str
    control: str


FAMILIES: dict[str, FamilyRule] = {
    rule.name: rule
    for rule in (
        FamilyRule(
            "estimates",
            "values with their ranges",
            "each on its own",
            "Not adjusted for how many are shown.",
        ),
        FamilyRule(
            "requirements",
            "requirements on a number",
            "each requirement on its own",
            "All must be met, so that each is judged at the level of the plan: a model that fails one passes the whole no "
            "likelier than it passes that one (intersection-union).",
        ),
        FamilyRule(
            "gaps",
            "gaps between groups, and requirements on them",
            "all pairs of groups of one attribute, one metric (of one class) and one kind (difference or ratio)",
            "Each pair keeps its own interval (Newcombe for differences of shares, Koopman for ratios, MOVER for the rest), at "
            "the level that the quantile of the largest difference in standard errors among all pairs gives (max-|t|); groups "
            "against everyone else: that of as many independent pairs (Sidak). Where a group has fewer than "
            f"{PAIRS_TOGETHER_FROM} cases: 1 - (1 - level) / pairs (Bonferroni), which is wider.",
        ),
        FamilyRule(
            "calibration",
            "checks of promised probabilities",
            "the checks of all rows, with those of every class where there are several; the checks of all groups and time windows",
            "p-values adjusted after Holm.",
        ),
        FamilyRule(
            "missing",
            "how often a value is missing, by group",
            "all pairs of groups compared, over all attributes",
            "Each pair at 1 - (1 - level) / pairs (Bonferroni).",
        ),
        FamilyRule(
            "combinations",
            "groups of cases found by looking through combinations of features",
            "all combinations of up to three conditions with enough cases, for all kinds of error of a run together",
            "Confirmed: p-values adjusted after Holm. Leads: after Benjamini and Hochberg, so that about one in ten may be "
            "chance. Ranges of differences hold for all combinations at once.",
        ),
        FamilyRule(
            "leaves",
            "leaves of a tree of errors",
            "the leaves of the tree of one kind of error",
            "Grown on half of the cases; on the other half p-values adjusted after Holm.",
        ),
        FamilyRule(
            "features",
            "ranks of features",
            "all features of one model",
            "Ranks that hold for all features at once.",
        ),
        FamilyRule(
            "questions",
            "what-if questions",
            "all questions asked of the same rows in one sitting",
            "Beside the plain range of the k-th question stands the one at 1 - (1 - level) / k.",
        ),
    )
}
