"""Finding codes: one stable code per judgement an analysis can make."""

from __future__ import annotations

from dataclasses import dataclass

from evaluator.records import Severity


@dataclass(frozen=True, slots=True)
class FindingEntry:
    """`fires_when` says in words when the finding is recorded; `action` what the reader can do about it."""

    code: str
    analysis: str
    severity: Severity
    fires_when: str
    action: str


FINDINGS: dict[str, FindingEntry] = {
    entry.code: entry
    for entry in (
        FindingEntry(
            "PERF01", "performance", "high",
            "the model is not shown to be better than giving everyone the most common answer, or the middle value",
            "Ask what the model adds over treating everyone alike.",
        ),
        FindingEntry(
            "PERF02", "performance", "medium",
            "the predicted numbers on average differ from what happened by more than chance explains; promised probabilities "
            "are CAL01",
            "Recalibrate the model on recent data and test it again.",
        ),
        FindingEntry(
            "PERF03", "performance", "medium",
            "the last time window is provably worse than the windows before it",
            "Check whether the model still suits the people it now meets.",
        ),
        FindingEntry(
            "PERF04", "performance", "medium",
            "the standard error of a number about two outcomes differs from that of rows drawn again by more than a twentieth "
            "of it and three times the error of the drawing",
            "Read the ranges of these numbers with care, and collect more cases.",
        ),
        FindingEntry(
            "PERF05", "performance", "medium",
            "one class is provably taken for one other in more than 10 of 100 cases, adjusted for all pairs of classes",
            "Look at cases of both classes together, and ask what a mix-up of the two costs.",
        ),
        FindingEntry(
            "PERF06", "performance", "medium",
            "one class is provably found less often than the others by more than 5 of 100 cases, adjusted for all classes",
            "Ask who relies on this class being found, and collect more cases of it.",
        ),
        FindingEntry(
            "CAL01", "calibration", "medium",
            "over all rows, what happened differs from the promised probabilities by more than chance explains: in how often, "
            "in how extreme they are, or in places (three checks, adjusted together; with several classes, three of the "
            "class given and three of each class)",
            "Recalibrate the model on recent data and test it again.",
        ),
        FindingEntry(
            "CAL02", "calibration", "medium",
            "for a group or a time window, what happened differs from the promised probabilities by more than chance "
            "explains, all checks of all groups and windows adjusted together",
            "Find out what the score misses about this group, and recalibrate with its cases.",
        ),
        FindingEntry(
            "FAIR01", "fairness", "high",
            "an error rate or the selection rate differs between groups by provably more than 0.05 (predicted numbers: the "
            "mean error, or its size, by more than a tenth of the average error), and no criterion limits that gap",
            "Agree on a limit for this gap, or say why none is needed.",
        ),
        FindingEntry(
            "FAIR02", "fairness", "medium",
            "a group has too few cases to be compared with the others",
            "Collect more cases of this group, or say who decides on them meanwhile.",
        ),
        FindingEntry(
            "FAIR03", "fairness", "high",
            "a gap is provably beyond the limit that the plan sets for it (critical from twice the limit; a ratio from twice as "
            "far from 1)",
            "Find out which decisions make the gap, and do not use the model for these groups until it is closed.",
        ),
        FindingEntry(
            "FAIR04", "fairness", "medium",
            "the data cannot tell on which side of its limit a gap lies, or hold too few cases of the groups it is about",
            "Collect more cases of the smaller group before deciding, or decide knowing that the limit may be missed.",
        ),
        FindingEntry(
            "FAIR05", "fairness", "high",
            "a group is selected provably less than four fifths as often as the group selected most, all groups of the "
            "attribute taken together",
            "Ask what the selection rests on, and whether something that serves as well would select this group more often.",
        ),
        FindingEntry(
            "FAIR06", "fairness", "medium",
            "a difference between groups turns round, is no longer proven, or is first proven among people alike in a factor "
            "that the plan calls legitimate",
            "Read the difference level by level, and ask whether the factor itself treats the groups alike.",
        ),
        FindingEntry(
            "FAIR07", "fairness", "observation",
            "groups provably differ in their share of positive outcomes, so that equal error rates, equal precision and "
            "equal selection cannot hold together",
            "Choose which error matters most, and record who chose it.",
        ),
        FindingEntry(
            "FAIR08", "fairness", "medium",
            "a feature, or all features together, order a member of a group and someone else rightly in provably more than "
            "80 of 100 pairs",
            "Ask what this feature adds, and whether the model may learn the group from it.",
        ),
        FindingEntry(
            "FAIR09", "fairness", "high",
            "decisions provably change for more than 1 in 100 people when their group alone is changed",
            "Say why the model may read the group, or take it out.",
        ),
        FindingEntry(
            "FAIR10", "fairness", "medium",
            "people whose group is not known could decide on which side of its limit a gap lies",
            "Ask these people for their group, or say how their absence was judged.",
        ),
        FindingEntry(
            "FAIR11", "fairness", "medium",
            "of all cases of a group, provably at least a quarter more are decided wrongly in one way than of everyone else",
            "Name who bears this error, and what they can do about it.",
        ),
        FindingEntry(
            "FAIL01", "failures", "high",
            "cases that fit up to three conditions fail more often, or worse, than all others, with every combination looked "
            "at taken into account",
            "Look at these cases one by one, and do not rely on the model for them until it is known what is behind it.",
        ),
        FindingEntry(
            "FAIL02", "failures", "medium",
            "groups of cases look worse than the others and none of them is confirmed; of such leads about one in ten may be "
            "chance",
            "Collect more cases of these groups, and test them again by themselves.",
        ),
        FindingEntry(
            "FAIL03", "failures", "medium",
            "one of the things that could be behind a confirmed group is shown there and explains most of what fails",
            "Try the remedy that is named on data that were not used here.",
        ),
        FindingEntry(
            "EXPL01", "explanations", "high",
            "the supplied model misses more than 1 in 1,000 of the supplied scores",
            "Supply the model that made the scores, or score the data again.",
        ),
        FindingEntry(
            "EXPL02", "explanations", "high",
            "the model gives other answers when it is asked again about the same cases",
            "Fix the model's random seed, so that equal cases get equal scores.",
        ),
        FindingEntry(
            "EXPL03", "explanations", "medium",
            "no calculation of the parts of a score adds up to the model's own score",
            "Ask why a case's score depends on more than the case, and supply a model whose scores do not.",
        ),
        FindingEntry(
            "EXPL04", "explanations", "medium",
            "provably more than half of all that moves the score is one feature",
            "Ask what happens when this feature is wrong, missing or chosen by the person it is about.",
        ),
        FindingEntry(
            "EXPL05", "explanations", "observation",
            "features have no part in the score of any case looked at",
            "Ask whether these columns need to be collected.",
        ),
        FindingEntry(
            "EXPL06", "explanations", "medium",
            "the model reads a column that the plan declares sensitive, and makes use of it",
            "Say why the model may read what the plan declares sensitive, or take it out.",
        ),
        FindingEntry(
            "EXPL07", "explanations", "medium",
            "a feature with provably at least 5 of 100 parts of what moves the score tells a group from others in provably "
            "more than 60 of 100 pairs, adjusted for all such features and groups",
            "Ask what this feature adds, and whether the model reads the group from it.",
        ),
        FindingEntry(
            "EXPL08", "explanations", "high",
            "a feature has a part in the score although nearly every case has a value of its own: text, or whole numbers "
            "that repeat less often than measured ones would",
            "Take this column out, or say what it measures; a model can learn nothing from it that holds for other cases.",
        ),
        FindingEntry(
            "EXPL09", "explanations", "medium",
            "taking away, or keeping alone, the features that explanations name first is not shown to move the score more "
            "than doing so with features at random",
            "Do not give the named features as the reasons behind a score.",
        ),
        FindingEntry(
            "EXPL10", "explanations", "medium",
            "with other rows and other cases to compare with, the order of the features is not shown to stay (mean rank "
            "correlation above 0.7)",
            "Read which features count from their ranges, not from their order.",
        ),
        FindingEntry(
            "EXPL11", "explanations", "medium",
            "the size of the parts and how much worse the model gets without a feature are not shown to order features alike "
            "(rank correlation above 0)",
            "Name a feature as one that counts where both ways say so.",
        ),
        FindingEntry(
            "EXPL12", "explanations", "medium",
            "models of the same kind, trained on shuffled outcomes, lean on the features in provably much the same order (rank "
            "correlation above 0.7)",
            "Do not read the order of the features as something that the model learnt about the outcome.",
        ),
        FindingEntry(
            "EXPL13", "explanations", "observation",
            "the few rules of a small tree grown on one half of the cases are not shown to repeat 80 of 100 parts of how "
            "scores differ on the other half",
            "Take the rules for a sketch, and ask the model itself about single cases.",
        ),
        FindingEntry(
            "DATA01", "data", "high",
            "cases of the evaluation data are in the training data too, whatever their id, date and outcome",
            "Take the copies out of the evaluation data and test again.",
        ),
        FindingEntry(
            "DATA02", "data", "medium",
            "cases that are no copies share a cluster (person, household) with training rows",
            "Split training and evaluation data by cluster.",
        ),
        FindingEntry(
            "DATA03", "data", "medium",
            "rows are alike in every column but the id",
            "Find out whether these cases were recorded twice, and keep each once.",
        ),
        FindingEntry(
            "DATA04", "data", "high",
            "in one place a column of numbers has the shape it has elsewhere, but is a known factor larger or smaller",
            "Ask that place for its unit, convert the values, and test again.",
        ),
        FindingEntry(
            "DATA05", "data", "medium",
            "numbers are infinite, or outside the limits that the plan declares",
            "Correct these values at their source, or the limits in the plan.",
        ),
        FindingEntry(
            "DATA06", "data", "medium",
            "columns that the model may read have levels that no training row has",
            "Ask how the model treats levels it never saw.",
        ),
        FindingEntry(
            "DATA07", "data", "critical",
            "one column alone orders provably more than 95 of 100 pairs of opposite outcome (predicted numbers: above and below "
            "the middle value; several classes: one class and the rest, then of medium severity) rightly",
            "Ask whether this column is known before the outcome; if not, the model must not read it.",
        ),
        FindingEntry(
            "DATA08", "data", "medium",
            "groups provably differ in how often a value is missing, adjusted for all pairs compared",
            "Find out why it is missing, and read the results of these groups with care.",
        ),
        FindingEntry(
            "DATA09", "data", "low",
            "a column holds one value in every row, or none",
            "Ask whether the column was filled rightly.",
        ),
        FindingEntry(
            "DATA10", "data", "low",
            "a column of text has a value of its own in nearly every row",
            "Make sure that the model does not read it.",
        ),
        FindingEntry(
            "DATA11", "data", "medium",
            "rows are dated outside the period that the plan declares for their file",
            "Correct the dates, the rows or the period.",
        ),
        FindingEntry(
            "DATA12", "data", "low",
            "a data file differs from the fingerprint that the plan declares",
            "Restore the file, or agree on the new one.",
        ),
    )
}  # fmt: skip
