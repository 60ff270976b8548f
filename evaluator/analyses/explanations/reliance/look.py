"""All checks of whether explanations can be relied on, in turn."""

from __future__ import annotations

from evaluator.analyses.explanations.explained import Explained
from evaluator.analyses.explanations.reliance.agreement_of_methods import agreement
from evaluator.analyses.explanations.reliance.faithfulness import faithfulness
from evaluator.analyses.explanations.reliance.identifiers import identifiers
from evaluator.analyses.explanations.reliance.one_feature import one_feature
from evaluator.analyses.explanations.reliance.proxies import proxies
from evaluator.analyses.explanations.reliance.seeds import seeds
from evaluator.analyses.explanations.reliance.shuffled_labels import shuffled_labels
from evaluator.analyses.explanations.reliance.surrogate import surrogate
from evaluator.records import AnalysisTables

CHECKED = (proxies, identifiers, one_feature, faithfulness, seeds, agreement, shuffled_labels)


def reliance(explained: Explained) -> AnalysisTables:
    """Rows of every check, and the leaves of the small tree that imitates the score.

    Without contributions the checks that need them are there with the reason; the tree needs none.
    """
    imitation = surrogate(explained)
    checks = tuple(row for check in CHECKED for row in check(explained))
    return AnalysisTables(explanation_checks=(*checks, imitation.check), surrogate_leaves=imitation.leaves)
