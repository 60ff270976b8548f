"""Made-up records of single cases, pairs, curves and ways out, laid over a run of the demo."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_args, get_type_hints

from evaluator.records import (
    ALL,
    AnalysisTables,
    Case,
    CasePart,
    Dependence,
    ExplanationCheck,
    FeatureShare,
    Importance,
    Interaction,
    InteractionPoint,
    Reason,
    ReasonCheck,
    RecourseRate,
    RunContent,
    SimilarCases,
    SurrogateLeaf,
    WayOut,
    WayOutChange,
)
from evaluator.report.evidence import Evidence, read_evidence
from evaluator.store import make_run_id, open_run, publish_run, release_run

CHANCE: dict[str, Any] = {"space": "chance", "unit": "points"}
MODEL: dict[str, Any] = {"subject": "model", "class_": ""}
OK: dict[str, Any] = {"status": "ok", "reason": ""}
DEBT, INCOME, HOUSING = ("debt_share", "debt share"), ("monthly_income", "monthly income"), ("housing", "housing")
CUT, BASE = 0.78, 0.82
PARTS = (
    (DEBT, "48%", "31%", -0.09), (INCOME, "EUR 1,300", "EUR 2,100", -0.04), (HOUSING, "tenants", "owners", -0.021),
    (("loan_amount", "loan amount"), "EUR 9,000", "EUR 5,000", -0.015), (("late_payments", "late payments"), "0", "0", 0.012),
    (("branch", "branch"), "North", "North", 0.006), (("channel", "channel"), "online", "online", 0.003),
    (("years_in_job", "years in job"), "2", "4", -0.002),
)  # fmt: skip


def case(number: int, role: str = "typical", **changes: Any) -> Case:
    """A refused applicant; the score is what the parts add up to."""
    score = BASE + sum(part for _, _, _, part in PARTS)
    row = Case(
        **MODEL, number=number, role=role, row_id=f"A-{number:05d}", score=score, previous=None, cut_off=CUT, decision=0.0,
        label=1.0, outcome="1", wrong=True, base=BASE, background=1000, moved=0.011, same_first=True, how="tree", **CHANCE, **OK,
    )  # type: ignore[arg-type]  # fmt: skip
    return replace(row, **changes)


def parts(number: int) -> tuple[CasePart, ...]:
    return tuple(
        CasePart(
            **MODEL, number=number, position=place, feature=name, words=words, value=value, usual=usual, part=part,
            low=part - 0.008, high=part + 0.008, other_part=part + 0.003, level=0.95, held_by=300,
        )
        for place, ((name, words), value, usual, part) in enumerate(PARTS, 1)
    )  # fmt: skip


def similar(number: int, **changes: Any) -> SimilarCases:
    row = SimilarCases(
        **MODEL, number=number, n=20, count=15, mean=0.75, low=0.55, high=0.9, same_decision=18, distance=0.4,
        features=json.dumps(["debt_share", "monthly_income", "housing", "loan_amount", "branch"]), level=0.95,
        method="wilson", **OK,
    )  # fmt: skip
    return replace(row, **changes)


def way(number: int, option: int = 1, **changes: Any) -> WayOut:
    row = WayOut(
        **MODEL, number=number, option=option, found=True, changes=option, score=0.785, decision=1.0, cost=0.4 * option,
        nearest=0.3, plausible=option == 1, nearest_row_id="A-00777", asked=4210, **OK,
    )  # fmt: skip
    return replace(row, **changes)


def way_changes(number: int) -> tuple[WayOutChange, ...]:
    one = WayOutChange(
        **MODEL, number=number, option=1, position=1, feature="debt_share", words="debt share", from_value=48.0,
        to_value=44.0, from_text="48%", to_text="44%", cost=0.4, held_by=300,
    )  # fmt: skip
    two = replace(one, option=2, to_value=46.0, to_text="46%")
    own = replace(
        two, position=2, feature="housing", words="housing", from_value=None, to_value=None, from_text="tenants",
        to_text="owners",
    )  # fmt: skip
    return (one, two, own)


def rate(population_id: str = ALL, changes: int = 2, **changed: Any) -> RecourseRate:
    row = RecourseRate(
        **MODEL, population_id=population_id, changes=changes, n=300, total=2100, count=192, value=0.64, low=0.58,
        high=0.70, cost=0.8, immutable=json.dumps(["late_payments", "previous_defaults"]), level=0.95, method="wilson", **OK,
    )  # fmt: skip
    return replace(row, **changed)


def reasons(number: int) -> tuple[Reason, ...]:
    first = Reason(
        **MODEL, number=number, position=1, feature="debt_share", words="debt share", value="48%", part=0.11,
        can_change=True, held_by=300,
    )  # fmt: skip
    late = replace(
        first, position=2, feature="late_payments", words="late payments", value="3", part=0.05, can_change=False
    )
    return (first, late)


def reason_checks() -> tuple[ReasonCheck, ...]:
    row = ReasonCheck(
        **MODEL, test="fidelity", value=0.88, low=0.83, high=0.92, by_chance=0.5, count=264, n=300, level=0.95,
        method="wilson", **OK,
    )  # fmt: skip
    return (
        row,
        replace(row, test="stability", value=0.91, low=0.88, high=0.94, by_chance=0.36),
        replace(row, test="other_method", value=None, low=None, high=None, status="not_tested", reason="the model is too slow"),
        replace(row, test="actionable", value=0.95, low=0.92, high=0.97, by_chance=None),
    )  # fmt: skip


def curve(feature: tuple[str, str] = DEBT, lines: int = 6) -> tuple[Dependence, ...]:
    """The mean score if everyone had a debt share of 10 to 70, falling, with single cases behind."""
    mean = Dependence(
        **MODEL, population_id=ALL, feature=feature[0], words=feature[1], kind="mean", line=0, position=0, x=10.0, level="",
        label="", y=0.9, low=0.89, high=0.91, se=0.005, confidence=0.95, n=500, far=False, **CHANCE,
    )  # fmt: skip
    xs = (10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0)
    means = [
        replace(mean, position=place, x=x, y=y, low=y - 0.01, high=y + 0.01, far=x > 60)
        for place, x in enumerate(xs)
        for y in (0.95 - 0.006 * x,)
    ]
    single = [
        replace(mean, kind="case", line=line, position=place, x=x, y=0.97 - 0.03 * line - 0.005 * x, low=None, high=None, se=None, n=1)
        for line in range(1, lines + 1)
        for place, x in enumerate(xs)
    ]  # fmt: skip
    return (*means, *single)


def share(population_id: str, position: int, value: float | None, label: str, **changes: Any) -> FeatureShare:
    row = FeatureShare(
        feature="debt_share", words="debt share", population_id=population_id, position=position, low_edge=20.0 * position,
        high_edge=20.0 * (position + 1), level="", label=label, n=400, total=1000, share=value,
        low=None if value is None else value - 0.03, high=None if value is None else value + 0.03, confidence=0.95,
        method="wilson", **OK,
    )  # fmt: skip
    return replace(row, **changes)


def shares(groups: tuple[str, ...] = ("sex=F", "sex=M")) -> tuple[FeatureShare, ...]:
    labels = ("under 20%", "20% to 40%", "40% or more")
    rows = []
    for place, label in enumerate(labels):
        for shift, group in enumerate((ALL, *groups)):
            value, end = 0.2 + 0.15 * place + 0.04 * shift, 20.0 * (place + 1)
            rows.append(share(group, place, value, label, high_edge=None if place == 2 else end))
    return tuple(rows)


def interaction(proven: bool = True, **changes: Any) -> Interaction:
    low = 0.01 if proven else -0.004
    row = Interaction(
        **MODEL, feature=DEBT[0], other=INCOME[0], words=DEBT[1], other_words=INCOME[1], rank=1, value=0.02, low=low,
        high=0.03, share=0.12, share_low=0.08, share_high=0.16, proven=proven, family_size=15, level=0.95, method="max_t",
        n=500, **CHANCE, **OK,
    )  # fmt: skip
    return replace(row, **changes)


def pair_curves() -> tuple[InteractionPoint, ...]:
    return tuple(
        InteractionPoint(
            **MODEL, feature=DEBT[0], other=INCOME[0], band=band, band_words=words, position=place, x=x, level="", label="",
            y=slope * (x - 40) / 100, low=slope * (x - 40) / 100 - 0.01, high=slope * (x - 40) / 100 + 0.01, confidence=0.95,
            n=160, **CHANCE,
        )
        for band, (words, slope) in enumerate((("up to EUR 1,500", -0.8), ("to EUR 2,500", -0.5), ("above", -0.2)))
        for place, x in enumerate((10.0, 30.0, 50.0, 70.0))
    )  # fmt: skip


def surrogate() -> tuple[ExplanationCheck, tuple[SurrogateLeaf, ...]]:
    check = ExplanationCheck(
        check="surrogate", **MODEL, feature="", words="", population_id="", value=0.62, low=0.58, high=0.66, by_chance=0.0,
        n=10_000, unit="share", level=0.95, method="bootstrap", proven=True, **OK,
    )  # fmt: skip
    leaf = SurrogateLeaf(
        **MODEL, position=1, words="debt share up to 35%", path=json.dumps([["debt_share", "debt share up to 35%"]]),
        n=6000, share=0.6, score=0.88, low=0.87, high=0.89, level=0.95, **CHANCE,
    )  # fmt: skip
    path = json.dumps([["debt_share", "debt share above 35%"], ["monthly_income", "monthly income up to EUR 2,000"]])
    return check, (leaf, replace(leaf, position=2, path=path, n=2500, share=0.25, score=0.7, low=0.69, high=0.71))


def sets(evidence: Evidence) -> tuple[Importance, ...]:
    """The two features that count most as one set, every other by itself."""
    rows = [row for row in evidence.importances if row.method == "shap" and row.value is not None]
    rows.sort(key=lambda row: -(row.value or 0.0))
    if len(rows) < 2:
        return ()
    first, second, *others = rows
    both = replace(
        first, method="shap_together", members=json.dumps([first.feature, second.feature]), rank_low=1, rank_high=1,
        value=(first.value or 0) + (second.value or 0), low=(first.low or 0) + (second.low or 0),
        high=(first.high or 0) + (second.high or 0),
    )  # fmt: skip
    return (both, *(replace(row, method="shap_together", members=json.dumps([row.feature])) for row in others))


def made_up(evidence: Evidence) -> dict[str, tuple[Any, ...]]:
    """Every further table of explanations, by the name it has in AnalysisTables and in Evidence."""
    cases = (
        case(1), case(2, "borderline", row_id="A-00002"), case(3, "borderline", decision=1.0, wrong=False), case(4, "worst_error"),
        case(5, "versions_disagree", previous=0.81),
    )  # fmt: skip
    check, leaves = surrogate()
    numbers = [row.number for row in cases]
    return {
        "importances": (*evidence.importances, *sets(evidence)),
        "dependences": curve(), "feature_shares": shares(), "interactions": (interaction(),),
        "interaction_points": pair_curves(), "cases": cases,
        "case_parts": tuple(part for number in numbers for part in parts(number)),
        "similar_cases": tuple(similar(number) for number in numbers),
        "ways_out": (way(1), way(1, 2), way(2, 0, found=False, changes=3, score=None, decision=None, plausible=None)),
        "way_out_changes": way_changes(1), "recourse_rates": (rate(), rate(changes=1, value=0.31, low=0.26, high=0.37), rate("sex=F")),
        "reasons": reasons(1), "reason_checks": reason_checks(), "explanation_checks": (check,), "surrogate_leaves": leaves,
    }  # fmt: skip


def published(source: Path, run_id: str, store: Path, *, at: int = 60, **changed: tuple[Any, ...]) -> str:
    """Publish the run again into `store`, made-up tables laid over its own, and release it."""
    reader = open_run(source, run_id)
    own = {one.name: reader.rows_of(_record(one.name)) for one in fields(AnalysisTables)}
    tables = AnalysisTables(**(own | made_up(read_evidence(reader)) | changed))
    run = reader.run()
    started = run.started_at + timedelta(seconds=at)
    again = replace(run, started_at=started, run_id=make_run_id(run.plan_id, started, run.run_id.rsplit("_", 1)[-1]))
    content = RunContent(
        run=replace(again, rows_sha256=None, schema_version=7), plan=reader.plan(), populations=reader.populations(), tables=tables,
        criteria=reader.criteria(), recommendation=reader.recommendation(), provenance=reader.provenance(),
        timings=reader.timings(),
    )  # fmt: skip
    publish_run(store, content, None)
    release_run(store, again.run_id, by="tests", at=datetime.now(UTC))
    return again.run_id


def _record(table: str) -> type:
    record: type = get_args(get_type_hints(AnalysisTables)[table])[0]
    return record
