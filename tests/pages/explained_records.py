"""Records of explanations by hand: a small lending run with curves, cases, ways out and checks, told apart by its numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from evaluator.plan.plan_words import words_of
from evaluator.plan.schema import Plan
from evaluator.records import (
    ALL,
    MODEL,
    Case,
    CasePart,
    Dependence,
    Effect,
    ExplanationCheck,
    FeatureShare,
    Importance,
    Interaction,
    InteractionPoint,
    Population,
    Reason,
    ReasonCheck,
    Recommendation,
    RecourseRate,
    Run,
    SimilarCases,
    SurrogateLeaf,
    WayOut,
    WayOutChange,
)
from evaluator.report.evidence import Evidence

PLAN = Plan.model_validate(
    {
        "plan_version": 1, "plan": "lending", "title": "Lending", "question": "May it decide?",
        "model": {"name": "lender", "version": "2"},
        "words": {
            "case": ["applicant", "applicants"], "positive": "repaid", "negative": "did not repay",
            "predicted_positive": "approved", "predicted_negative": "refused",
        },
        "task": {"kind": "binary", "label": "repaid", "positive": 1, "score": "score", "threshold": 0.5},
        "data": {
            "evaluation": {"path": "rows.parquet"}, "id": "id", "sensitive": ["sex"],
            "columns": {"sex": {"levels": {"w": "women", "m": "men"}}, "late": {"immutable": True}},
        },
    }
)  # fmt: skip
FEATURES = {"debt": "debt compared with income", "income": "monthly income", "late": "late payments"}
OF = {"subject": MODEL, "class_": ""}
SPACE = {"space": "chance", "unit": "points"}
FINE = {"status": "ok", "reason": ""}
RUN = Run(
    "lending_20260301T093015Z_8c1f2a9d", 7, "lending", "Lending", "May it decide?", "lender", "2", "binary",
    datetime(2026, 3, 1, tzinfo=UTC), 1.0, 7, "a" * 64, "b" * 64, "c" * 64, None, "1", "test", "d" * 64, 900, "",
)  # fmt: skip


def group(name: str, attribute: str, n: int, label: str = "") -> Population:
    kind, said = ("group" if attribute else "all"), label or name
    return Population(name, said, said, '{"terms": []}', attribute, kind, 0, "planned", n, n / 900)


POPULATIONS = {
    ALL: group(ALL, "", 900, "applicants"),
    "sex=w": group("sex=w", "sex", 500, "women"),
    "sex=m": group("sex=m", "sex", 391, "men"),
    "sex=x": group("sex=x", "sex", 9, "others"),
}


def importance(feature: str, value: float, rank: int, method: str = "shap") -> Importance:
    return Importance(
        method, MODEL, ALL, feature, FEATURES[feature], value, value - 0.01, value + 0.01, 0.005, 0.95, 0.4, 0.35, 0.45,
        rank, rank, 90 if rank == 1 else 5, 100, "lower" if feature != "income" else "higher", "[]",
        "chance", "points", "tree", 900, 100, False, "ok", "",
    )  # fmt: skip


def effects(feature: str = "debt") -> tuple[Effect, ...]:
    return tuple(
        Effect(
            MODEL, ALL, feature, FEATURES[feature], "quantity", place, 0.1 * place, "", f"{10 * place}%", y, y - 0.02, y + 0.02,
            0.01, 0.95, 0 if place == 0 else 300, 0.0 if place == 0 else 1 / 3, False, "chance", "points",
        )
        for place, y in enumerate((0.12, 0.03, -0.04, -0.11))
    )  # fmt: skip


def dependence(kind: str, line: int, position: int, y: float, *, feature: str = "debt", n: int = 500) -> Dependence:
    mean = kind == "mean"
    return Dependence(
        MODEL, "", ALL, feature, FEATURES[feature], kind, line, position, 0.1 * position, "", f"{10 * position}%", y,
        y - 0.02 if mean else None, y + 0.02 if mean else None, 0.01 if mean else None, 0.95, n if mean else 1, False,
        "chance", "points",
    )  # fmt: skip


def share(population_id: str, position: int, n: int, total: int, *, feature: str = "debt") -> FeatureShare:
    part = n / total if total else None
    return FeatureShare(
        feature, FEATURES[feature], population_id, position, 0.2 * position, 0.2 * (position + 1), "",
        f"{20 * position}% to {20 * position + 20}%", n, total, part, 0.0, 1.0, 0.95, "wilson", "ok", "",
    )  # fmt: skip


def interaction() -> Interaction:
    return Interaction(
        **OF, feature="debt", other="income", words=FEATURES["debt"], other_words=FEATURES["income"], rank=1, value=0.021,
        low=0.015, high=0.027, share=0.2, share_low=0.15, share_high=0.25, proven=True, family_size=15, level=0.95,
        method="partial dependence", n=500, **SPACE, **FINE,
    )  # fmt: skip


def interaction_point(band: int, position: int, n: int = 100) -> InteractionPoint:
    return InteractionPoint(
        **OF, feature="debt", other="income", band=band, band_words=("up to EUR 2,000", "above EUR 2,000")[band],
        position=position, x=0.1 * position, level="", label=f"{10 * position}%", y=0.1 - 0.05 * position,
        low=0.08 - 0.05 * position, high=0.12 - 0.05 * position, confidence=0.95, n=n, **SPACE,
    )  # fmt: skip


def case(number: int = 1, **changes: Any) -> Case:
    made = Case(
        **OF, number=number, role="borderline", row_id=f"row-{number}", score=0.48, previous=None, cut_off=0.5, decision=0.0,
        label=1.0, outcome="1", wrong=True, base=0.62, background=100, moved=0.01, same_first=True, how="tree",
        **SPACE, **FINE,
    )  # fmt: skip
    return replace(made, **changes)


def part(feature: str = "debt", number: int = 1, position: int = 1, **changes: Any) -> CasePart:
    made = CasePart(
        **OF, number=number, position=position, feature=feature, words=FEATURES.get(feature, feature), value="48%", usual="31%",
        part=-0.09, low=-0.11, high=-0.08, other_part=-0.085, level=0.95, held_by=400,
        band="40% to under 50%",
    )  # fmt: skip
    return replace(made, **changes)


def similar(number: int = 1, **changes: Any) -> SimilarCases:
    made = SimilarCases(
        **OF, number=number, n=20, count=15, mean=0.75, low=0.53, high=0.89, same_decision=12, distance=0.3,
        features='["debt", "income"]', level=0.95, method="wilson", **FINE,
    )  # fmt: skip
    return replace(made, **changes)


def way_out(number: int = 1, **changes: Any) -> WayOut:
    made = WayOut(
        **OF, number=number, option=1, found=True, changes=1, score=0.51, decision=1.0, cost=0.4, nearest=0.2, plausible=True,
        nearest_row_id="row-17", asked=420, **FINE,
    )  # fmt: skip
    return replace(made, **changes)


def change(number: int = 1, **changes: Any) -> WayOutChange:
    made = WayOutChange(
        **OF, number=number, option=1, position=1, feature="debt", words=FEATURES["debt"], from_value=0.48, to_value=0.44,
        from_text="48%", to_text="44%", cost=0.4, held_by=400,
        from_band="40% to under 50%", to_band="40% to under 50%",
    )  # fmt: skip
    return replace(made, **changes)


def rate(population_id: str = ALL, changes: int = 2, **others: Any) -> RecourseRate:
    made = RecourseRate(
        **OF, population_id=population_id, changes=changes, n=100, total=300, count=64, value=0.64, low=0.54, high=0.73,
        cost=0.5, immutable='["late"]', level=0.95, method="wilson", **FINE,
    )  # fmt: skip
    return replace(made, **others)


def reason(number: int = 1, **changes: Any) -> Reason:
    made = Reason(
        **OF, number=number, position=1, feature="debt", words=FEATURES["debt"], value="48%", part=-0.12, can_change=True,
        held_by=400, band="40% to under 50%",
    )  # fmt: skip
    return replace(made, **changes)


def reason_check(test: str = "fidelity", **changes: Any) -> ReasonCheck:
    made = ReasonCheck(
        **OF, test=test, value=0.9, low=0.86, high=0.93, by_chance=0.5, count=270, n=300, level=0.95, method="wilson",
        **FINE,
    )  # fmt: skip
    return replace(made, **changes)


def check(name: str = "surrogate", **changes: Any) -> ExplanationCheck:
    made = ExplanationCheck(
        check=name, **OF, feature="", words="", population_id="", value=0.62, low=0.55, high=0.69, by_chance=None, n=450,
        unit="", level=0.95, method="bootstrap", proven=False, **FINE,
    )  # fmt: skip
    return replace(made, **changes)


def leaf(position: int = 1, **changes: Any) -> SurrogateLeaf:
    made = SurrogateLeaf(
        **OF, position=position, words="debt compared with income up to 30%", path='[["debt", "up to 30%"]]', n=200, share=0.4,
        score=0.7, low=0.68, high=0.72, level=0.95, **SPACE,
    )  # fmt: skip
    return replace(made, **changes)


def evidence_of(**records: Any) -> Evidence:
    """Evidence that holds these records and nothing else."""
    base: dict[str, Any] = {
        "run": RUN, "plan": PLAN, "words": words_of(PLAN), "populations": POPULATIONS, "estimates": {}, "paired": {},
        "curves": {}, "criteria": (), "recommendation": Recommendation("defer", None, "Nothing was asked.", "{}"),
        "findings": (), "not_tested": (), "provenance": (), "timings": (), "gaps": (), "quality": (), "importances": (),
        "effects": (), "file_sha256": "e" * 64,
    }  # fmt: skip
    return Evidence(**(base | records))


def whole() -> Evidence:
    """Every table of explanations with something in it."""
    return evidence_of(
        importances=tuple(importance(name, 0.09 - 0.02 * rank, rank) for rank, name in enumerate(FEATURES, 1)),
        effects=effects(),
        dependences=(
            *(dependence("mean", 0, place, 0.6 - 0.05 * place) for place in range(3)),
            *(dependence("case", line, place, 0.1 * line) for line in (1, 2) for place in range(3)),
        ),
        feature_shares=(
            share(ALL, 0, 500, 900), share(ALL, 1, 400, 900), share("sex=w", 0, 300, 500), share("sex=w", 1, 200, 500),
        ),
        interactions=(interaction(),),
        interaction_points=tuple(interaction_point(band, place) for band in range(2) for place in range(3)),
        cases=(case(1), case(2, role="typical", score=0.71, decision=1.0, wrong=False)),
        case_parts=(part(), part("income", position=2, part=-0.05, low=-0.06, high=-0.04), part("late", 2, part=0.09, low=0.08, high=0.1)),
        similar_cases=(similar(), similar(2)),
        ways_out=(way_out(),),
        way_out_changes=(change(),),
        recourse_rates=(*(rate(changes=most, value=0.5 + 0.07 * most) for most in (1, 2, 3)), rate("sex=w")),
        reasons=(reason(),),
        reason_checks=(reason_check(), reason_check("stability", count=None)),
        explanation_checks=(check(),),
        surrogate_leaves=(leaf(), leaf(2, words="debt compared with income above 30%", score=0.5, low=0.47, high=0.53)),
    )  # fmt: skip
