"""Four fifths and the tables of Local Law 144 as readers get them: sentences, files, and what few people keep out."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from evaluator.errors import InputError
from evaluator.pipeline import evaluate
from evaluator.plan.loading import load_plan
from evaluator.publishing import publish
from evaluator.report.document.nodes import all_blocks, texts_of
from evaluator.report.evidence import Evidence, read_evidence
from evaluator.report.fairness_parts import four_fifths, statutory
from evaluator.report.render_html.document import to_html
from evaluator.report.standing import Standing
from evaluator.report.statutory_export import check_has_tables, statutory_csv, statutory_document
from evaluator.report.suppression import suppress
from evaluator.store import open_run
from evaluator.subject.loading import load_subject
from evaluator.wording import Sentence, errors, lint_sentence
from evaluator.wording.figures import check_figures

FEW = 10
DRAFT = Standing("draft")
CELLS = {
    ("Male", "Asian"): (22, 40), ("Male", "White"): (50, 100), ("Male", "Black"): (24, 60), ("Male", "AI/AN"): (1, 4),
    ("Female", "Asian"): (16, 33), ("Female", "White"): (45, 100), ("Female", "Black"): (18, 60), ("Female", "AI/AN"): (1, 3),
    ("", ""): (10, 40),
}  # fmt: skip
NASTY = "<script>alert(1)</script> =cmd|'&\"🙂"
COLUMNS = (
    "audit_date", "auditor", "independence_statement", "aedt_name", "aedt_distribution_date", "data_source",
    "data_explanation", "data_type", "period", "table", "category", "n_applicants", "n_selected", "rate", "impact_ratio",
    "excluded", "exclusion_justification", "n_unknown",
)  # fmt: skip
PLAN: dict[str, Any] = {
    "plan_version": 1, "plan": "audit", "title": "Audit sample", "question": "May it be used?",
    "model": {"name": "screening-sample", "version": "1.0"},
    "words": {"case": ["applicant", "applicants"], "positive": "did well", "negative": "did not do well", "predicted_positive": "selected", "predicted_negative": "passed over"},
    "task": {"kind": "binary", "label": "label", "positive": 1, "score": "score", "threshold": 0.5},
    "data": {"evaluation": {"path": "data.csv", "source": "Synthetic", "period": "2026"}, "id": "id", "sensitive": ["sex", "race"]},
    "fairness": {"nyc_ll144": {
        "sex": "sex", "race_ethnicity": "race", "exclude_below": 0.02, "justification": "Too few for a stable rate.",
        "tool_name": "Sample tool", "independence_statement": "Took no part in making it.",
    }},
    "governance": {"evaluator": "The evaluator"},
}  # fmt: skip


def audited(folder: Path, cells: dict[tuple[str, str], tuple[int, int]] | None = None, **changes: Any) -> Evidence:
    """A plan about these people, evaluated, published and read back."""
    rows = [
        (sex, race, 0.9 if place < x else 0.1) for (sex, race), (x, n) in (cells or CELLS).items() for place in range(n)
    ]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["id", "label", "sex", "race", "score"])
    writer.writerows([f"p{place}", int(place % 3 > 0), *row] for place, row in enumerate(rows))
    (folder / "data.csv").write_text(text.getvalue(), encoding="utf-8")
    plan: dict[str, Any] = json.loads(json.dumps(PLAN))
    for key, value in changes.items():
        plan[key] = plan.get(key, {}) | value
    plan["fairness"]["nyc_ll144"]["distribution_date"] = date(2026, 1, 31)
    path = folder / "plan.yaml"
    path.write_text(yaml.safe_dump(plan, sort_keys=False), encoding="utf-8")
    loaded = load_plan(path)
    subject = load_subject(loaded.plan, loaded.folder)
    content = evaluate(loaded, subject, lambda what, done, total: None)
    return read_evidence(open_run(folder / "store", publish(folder / "store", content, subject, loaded.plan)))


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    return audited(tmp_path_factory.mktemp("worked"))


@pytest.fixture(scope="module")
def viewed(worked: Evidence) -> Evidence:
    return suppress(worked, FEW)


def all_sentences(evidence: Evidence) -> Iterable[Sentence]:
    for attribute in ("sex", "race"):
        shown = four_fifths.four_fifths_of(evidence, attribute)
        if shown is not None:
            yield from (shown.headline, *shown.notes, *(one for told in shown.told for one in told))
    for one in statutory.statutory_of(evidence):
        yield from one.sentences


def test_every_sentence_keeps_the_house_rules(worked: Evidence, viewed: Evidence) -> None:
    for evidence in (worked, viewed):
        said = list(all_sentences(evidence))
        assert said
        for sentence in said:
            check_figures(sentence)
            assert not errors(lint_sentence(sentence)), sentence.text


def test_four_fifths_tells_the_group_with_most_to_say(worked: Evidence) -> None:
    shown = four_fifths.four_fifths_of(worked)
    assert shown is not None
    assert (shown.attribute, dict(shown.attributes)) == ("sex", {"sex": "sex", "race": "race"})
    shown = four_fifths.four_fifths_of(worked, "race")
    assert shown is not None
    told = [" ".join(map(str, sentences)) for sentences in shown.told]
    (black,) = [text for text in told if "race is Black" in text]
    assert "67 applicants whose race is Black were selected for every 100 applicants whose race is Asian" in black
    assert "the data cannot say" in black
    assert shown.picture is not None
    assert [row.label for row in shown.picture.rows][:3] == [line[0] for line in shown.table.rows][:3]
    assert four_fifths.four_fifths_of(replace(worked, selection_ratios=())) is None


FAR = {("F", "a"): (60, 300), ("M", "a"): (150, 300), ("F", "b"): (100, 300), ("M", "b"): (200, 300)}


@pytest.mark.parametrize("positive_is_favourable", [True, False])
def test_a_group_provably_below_reads_the_same_in_both_polarities(tmp_path: Path, positive_is_favourable: bool) -> None:
    """Selected is the favourable decision, whichever outcome the score points to."""
    changes: dict[str, Any] = {}
    cells = FAR
    if not positive_is_favourable:
        # The score is that of being passed over: so many of each cell are not.
        cells = {key: (n - x, n) for key, (x, n) in FAR.items()}
        changes["task"] = {"favourable": 0}
        changes["words"] = {"predicted_positive": "passed over", "predicted_negative": "selected"}
    evidence = audited(tmp_path, cells, **changes)
    shown = four_fifths.four_fifths_of(evidence, "sex")
    assert shown is not None
    (told,) = shown.told
    assert str(told[0]).startswith(
        "At equal numbers of applicants, 46 applicants whose sex is F were selected for every"
    )
    assert "100 applicants whose sex is M" in str(told[0])
    assert str(told[2]) == (
        "With 120 more of them selected, their rate would reach four fifths; with 190 more, it would be equal."
    )
    for sentence in all_sentences(evidence):
        check_figures(sentence)
        assert not errors(lint_sentence(sentence)), sentence.text
    (finding,) = [row for row in evidence.findings if row.code == "FAIR05"]
    assert finding.outcome == "found"
    assert "were selected for every" in finding.sentence


def read_csv(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_the_file_has_the_columns_and_numbers_to_publish(worked: Evidence) -> None:
    text = statutory_csv(worked)
    assert tuple(next(csv.reader(io.StringIO(text)))) == COLUMNS
    rows = read_csv(text)
    assert [row["table"] for row in rows] == ["sex"] * 2 + ["race_ethnicity"] * 4 + ["intersection"] * 8
    black = next(row for row in rows if row["category"] == "Black")
    assert (black["n_applicants"], black["n_selected"], black["rate"], black["impact_ratio"]) == (
        "120",
        "42",
        "0.350",
        "0.672",
    )
    left_out = next(row for row in rows if row["category"] == "AI/AN")
    assert (left_out["rate"], left_out["impact_ratio"], left_out["excluded"]) == ("0.286", "", "yes")
    assert left_out["exclusion_justification"] == "Too few for a stable rate."
    assert {row["n_unknown"] for row in rows} == {"40"}
    assert {row["aedt_name"] for row in rows} == {"Sample tool"}
    assert {row["aedt_distribution_date"] for row in rows} == {"2026-01-31"}
    assert {row["data_type"] for row in rows} == {"historical data of the tool"}


def test_scores_have_their_median_and_their_own_column(tmp_path: Path) -> None:
    law = PLAN["fairness"]["nyc_ll144"] | {"measure": "score"}
    evidence = audited(tmp_path, fairness={"nyc_ll144": law})
    columns = next(csv.reader(io.StringIO(statutory_csv(evidence))))
    assert columns == [*COLUMNS[:12], "n_above_median", *COLUMNS[13:], "median_score"]
    assert {row["median_score"] for row in read_csv(statutory_csv(evidence))} == {"0.1"}
    assert "tied_at_median" in statutory.tops_of(evidence)[0].warnings


def test_the_summary_stands_alone_and_passes_no_judgement(worked: Evidence) -> None:
    page = to_html(statutory_document(worked, DRAFT)).decode()
    assert "<script" not in page
    assert not re.search(r"""(src|href)=["'](?!#|data:)""", page)
    text = re.sub(r"<[^>]+>", " ", page).lower()
    for banned in ("compliant", "passes", "passed the", "certified", "bias-free", "fails", "80%"):
        assert banned not in text
    assert "not legal advice" in text
    assert "as declared" in text
    assert "no part of what the rule asks for" in text
    for number in ("0.672", "0.858", "0.545", "0.484 to 0.934", "0.688 to 1.072"):
        assert number in text
    assert text.index("0.672") < text.index("beside the tables") < text.index("0.484 to 0.934")


def test_every_text_of_the_summary_keeps_the_house_rules(worked: Evidence) -> None:
    for block in all_blocks(statutory_document(worked, DRAFT)):
        for text in texts_of(block):
            if isinstance(text, Sentence):
                assert not errors(lint_sentence(text)), text.text


def test_text_of_the_data_stays_text(tmp_path: Path) -> None:
    cells = {
        ("Male", NASTY): (30, 60),
        ("Female", NASTY): (20, 60),
        ("Male", "=1+1"): (30, 60),
        ("Female", "x" * 9_999): (1, 2),
    }
    evidence = audited(tmp_path, cells)
    page = to_html(statutory_document(evidence, DRAFT)).decode()
    assert "<script>alert" not in page
    categories = {row["category"] for row in read_csv(statutory_csv(evidence))}
    assert "'=1+1" in categories
    for sentence in all_sentences(evidence):
        check_figures(sentence)


def test_a_run_without_tables_says_how_to_get_them(worked: Evidence) -> None:
    with pytest.raises(InputError) as caught:
        check_has_tables(replace(worked, statutory_tables=()))
    assert "nyc_ll144" in caught.value.hint
    assert statutory.statutory_of(replace(worked, statutory_tables=())) == ()


def test_viewers_see_no_few_people_in_page_or_file(worked: Evidence, viewed: Evidence) -> None:
    rows = read_csv(statutory_csv(viewed))
    hidden = {row["category"] for row in rows if not row["n_applicants"].isdigit()}
    assert {"AI/AN", "Male, AI/AN", "Female, AI/AN"} <= hidden
    for row in rows:
        if row["category"] in hidden:
            figures = {row[name] for name in ("n_applicants", "n_selected", "rate", "impact_ratio")}
            assert figures <= {"fewer than 10", "not shown"}
    page = to_html(statutory_document(viewed, DRAFT)).decode()
    assert "0.286" in to_html(statutory_document(worked, DRAFT)).decode()
    assert "0.286" not in page


def test_no_small_number_follows_by_subtraction(worked: Evidence) -> None:
    """In random tables every sum that is known hides nobody, or enough people, counted and not counted."""
    rng = np.random.default_rng(20264)
    of = {
        row.population_id: row
        for row in worked.selection_ratios
        if row.rule == statutory.RULE and row.table == "intersection"
    }
    tops = [top for top in worked.statutory_tables if top.table == "intersection"]
    for _ in range(200):
        n = {name: int(rng.integers(0, 40)) for name in of}
        x = {name: int(rng.integers(0, size + 1)) for name, size in n.items()}
        best = max(n, key=lambda name: x[name] / max(1, n[name]))
        rows = [
            replace(
                row, n=n[name], counted=x[name], rate=0.5, ratio=0.5, reference=best, low=0.1, high=0.9, excluded=False
            )
            for name, row in of.items()
        ]
        unknown = int(rng.integers(0, 30))
        top = replace(tops[0], n_unknown=unknown, counted_unknown=int(rng.integers(0, unknown + 1)))
        kept, (over,) = statutory.withhold(rows, [top], FEW)
        assert statutory.withhold(kept, [over], FEW) == (kept, (over,))
        closed = {row.population_id for row in kept if row.n < 0}
        lines = [
            list(of),
            *(
                [name for name in of if part in json.loads(of[name].parts)]
                for part in {part for row in of.values() for part in json.loads(row.parts)}
            ),
        ]
        for place, line in enumerate(lines):
            whole = place == 0 and over.n_unknown < 0
            for counts, more in (
                (n, top.n_unknown),
                (x, top.counted_unknown),
                ({name: n[name] - x[name] for name in n}, top.n_unknown - top.counted_unknown),
            ):
                total = sum(counts[name] for name in line if name in closed) + (more if whole else 0)
                free = [name for name in line if name not in closed and counts[name]]
                assert total == 0 or total >= FEW or not free
        for row in kept:
            assert row.n < 0 or not any(
                0 < part < FEW for part in (row.n, row.counted or 0, row.n - (row.counted or 0))
            )
        if best in closed:
            assert all(row.ratio is None and row.low is None for row in kept)


def test_four_fifths_withholds_small_groups_and_the_next(worked: Evidence) -> None:
    rows = four_fifths.withhold(worked.selection_ratios, FEW)
    race = {row.words: row for row in rows if (row.rule, row.table) == (four_fifths.RULE, "race")}
    assert race["AI/AN"].n == -1
    assert race["AI/AN"].reason == "fewer than 10"
    assert sum(row.n < 0 for row in race.values()) == 2
    assert four_fifths.withhold(rows, FEW) == rows
    assert [row for row in rows if row.rule == statutory.RULE] == [
        row for row in worked.selection_ratios if row.rule == statutory.RULE
    ]
