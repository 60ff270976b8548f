"""Every table comes back as it went in, and has the columns that the contract of a run file names."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from store_reading import as_written, read_all
from store_samples import make_content, sample, with_finding

from evaluator.errors import StoreError
from evaluator.records import CurvePoint, Estimate, Finding
from evaluator.store import SCHEMA_VERSION, open_run, publish_run
from evaluator.store.canonical import JSON_FIELDS
from evaluator.store.database import fetch, open_for_reading
from evaluator.store.tables import TABLES, Column, Table

CONTRACT = {
    "run": "run_id schema_version plan_id title question model version task started_at seconds seed plan_sha256 "
    "data_sha256 model_sha256 rows_sha256 code_version environment result_sha256",
    "plan": "yaml canonical_json sha256 locked_at lock_history",
    "population": "population_id words definition attribute origin n share",
    "estimate": "analysis metric class subject population_id value low high se level method coverage n relevant_count "
    "n_clusters n_effective family family_size unit status reason",
    "gap": "analysis metric class subject attribute within kind value group_low group_high at_least at_most best_guess "
    "chance_value level method family_size status reason family pair_level names_proven",
    "quality": "check column population_id count n share low high level method words",
    "paired": "metric class population_id a b difference low high level method n status reason",
    "curve": "analysis name class subject population_id x y low high n",
    "importance": "method subject population_id feature words value low high se level share share_low share_high "
    "rank_low rank_high times_first repeats direction moves_with space unit how n background weighted status reason",
    "effect": "subject population_id feature words kind position x level label y low high se confidence n share thin "
    "space unit",
    "criterion": "criterion_id position question analysis metric class subject population_id gap_by gap_kind "
    "gap_against limit_low limit_high value low high level method n status reason rows_needed blocking why family "
    "family_size",
    "recommendation": "recommendation deciding_criterion sentence counts",
    "finding": "code analysis severity outcome sentence population_id metric evidence action",
    "not_tested": "analysis what reason add_to_plan",
    "provenance": "role path rows columns sha256 source licence collected",
    "timing": "analysis seconds peak_mib",
}


def test_every_table_of_the_contract_is_in_the_file(tmp_path):
    run_id = publish_run(tmp_path, make_content())
    path = tmp_path / "runs" / f"{run_id}.duckdb"
    found = fetch(
        open_for_reading(path), path, "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal"
    )
    for table, columns in CONTRACT.items():
        assert set(columns.split()) <= {column for name, column in found if name == table}, table


def test_every_record_comes_back_equal(tmp_path):
    content = make_content(size=9)
    run_id = publish_run(tmp_path, content)
    assert read_all(tmp_path, run_id) == as_written(content)
    run = open_run(tmp_path, run_id).run()
    assert replace(run, result_sha256=content.run.result_sha256) == content.run
    assert run.schema_version == SCHEMA_VERSION


def test_empty_tables_come_back_empty(tmp_path):
    run_id = publish_run(tmp_path, make_content(size=0))
    assert open_run(tmp_path, run_id).estimates() == ()
    assert open_run(tmp_path, run_id).timings() == ()


def test_times_are_kept_in_utc(tmp_path):
    zone = timezone(timedelta(hours=-5))
    content = make_content()
    local = replace(content, plan=replace(content.plan, locked_at=datetime(2026, 1, 1, 22, tzinfo=zone)))
    found = open_run(tmp_path, publish_run(tmp_path, local)).plan().locked_at
    assert found == datetime(2026, 1, 2, 3, tzinfo=UTC)
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    "text", ["", "'; DROP TABLE run; --", 'say "no"', "größer ≥ 5 %, 東京, 🦉", "a\r\n\tb\\", "x" * 10_000, "%s ? $1"]
)
def test_any_text_comes_back(tmp_path, text):
    run_id = publish_run(tmp_path, with_finding(make_content(), sentence=text, population_id=text))
    assert open_run(tmp_path, run_id).findings()[0].sentence == text


def values_of(column: Column):
    if column.choices:
        values = st.sampled_from(column.choices)
    elif column.field in JSON_FIELDS:
        values = st.sampled_from(["", "{}", '{"a":[1.5,null]}'])
    else:
        text = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00"), max_size=30)
        values = {
            str: text,
            int: st.integers(-(2**63), 2**63 - 1),
            float: st.floats(allow_nan=False),
            bool: st.booleans(),
            datetime: st.datetimes(datetime(1800, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)),
        }[column.kind]
    return st.none() | values if column.optional else values


def records_of(table: Table):
    return st.builds(table.record, **{column.field: values_of(column) for column in table.columns})


@settings(
    max_examples=12, deadline=None, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)
@given(data=st.data())
def test_random_records_come_back_equal(tmp_path_factory, data):
    def draw(name):
        return tuple(data.draw(st.lists(records_of(TABLES[name]), max_size=3, unique_by=lambda r: unique_key(name, r))))

    content = make_content()
    tables = replace(
        content.tables, estimates=draw("estimate"), gaps=draw("gap"), quality=draw("quality"), paired=draw("paired"), curves=draw("curve"),
        findings=draw("finding"), not_tested=draw("not_tested"),
    )  # fmt: skip
    content = replace(
        content, tables=tables, populations=draw("population"), criteria=draw("criterion"),
        provenance=draw("provenance"), timings=draw("timing"),
    )  # fmt: skip
    store = tmp_path_factory.mktemp("store")
    assert read_all(store, publish_run(store, content)) == as_written(content)


def unique_key(name, record):
    return tuple(getattr(record, field) for field in TABLES[name].key) or id(record)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"sentence": "a\x00b"}, "finding.sentence, row 1: text with a NUL character"),
        ({"sentence": "\ud800"}, "not valid Unicode"),
        ({"sentence": None}, "finding.sentence, row 1: expected text, found nothing"),
        ({"sentence": 3}, "expected text, found int '3'"),
        ({"severity": "terrible"}, "expected one of critical, high"),
        ({"evidence": "{not json"}, "expected JSON"),
        ({"evidence": "[NaN]"}, "expected JSON"),
    ],
)
def test_text_that_does_not_fit_is_refused_with_its_place(tmp_path, changes, expected):
    with pytest.raises(StoreError, match=r"cannot be stored") as caught:
        publish_run(tmp_path, with_finding(make_content(), **changes))
    assert expected in caught.value.message
    assert not list(tmp_path.rglob("*.duckdb"))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"value": float("nan")}, "estimate.value, row 1: expected a number or nothing, found NaN"),
        ({"n": None}, "estimate.n, row 1: expected a whole number, found nothing"),
        ({"n": 2.0}, "expected a whole number, found float"),
        ({"n": True}, "expected a whole number, found bool"),
        ({"n": 2**63}, "more than 64 bits"),
        ({"value": True}, "expected a number, found bool"),
        ({"weighted": np.bool_(True)}, "expected true or false"),
    ],
)
def test_numbers_that_do_not_fit_are_refused_with_their_place(tmp_path, changes, expected):
    content = make_content()
    estimates = (sample(Estimate, **changes),)
    with pytest.raises(StoreError) as caught:
        publish_run(tmp_path, replace(content, tables=replace(content.tables, estimates=estimates)))
    assert expected in caught.value.message


def test_a_time_without_its_zone_is_refused(tmp_path):
    content = make_content()
    with pytest.raises(StoreError, match=r"plan\.locked_at, row 1: expected a time with its zone"):
        publish_run(tmp_path, replace(content, plan=replace(content.plan, locked_at=datetime(2026, 1, 1))))


def test_many_problems_are_counted(tmp_path):
    content = make_content()
    findings = tuple(sample(Finding, row, sentence=None) for row in range(1, 9))
    with pytest.raises(StoreError, match=r"row 5.*and 3 more"):
        publish_run(tmp_path, replace(content, tables=replace(content.tables, findings=findings)))


def test_two_estimates_with_one_key_are_refused(tmp_path):
    content = make_content()
    twice = (sample(Estimate, 1), sample(Estimate, 1, value=0.5))
    with pytest.raises(StoreError, match="estimate: 2 records share the key"):
        publish_run(tmp_path, replace(content, tables=replace(content.tables, estimates=twice)))


def test_numbers_of_numpy_are_stored_as_numbers(tmp_path):
    content = make_content()
    estimates = (sample(Estimate, n=np.int64(12), value=np.float32(0.5), se=np.float64(0.1)),)
    run_id = publish_run(tmp_path, replace(content, tables=replace(content.tables, estimates=estimates)))
    (found,) = open_run(tmp_path, run_id).estimates()
    assert (found.n, found.value, found.se) == (12, 0.5, 0.1)


def test_estimates_are_chosen_by_value(tmp_path):
    content = make_content()
    wanted = sample(Estimate, 1, analysis="fairness", metric="recall", subject="previous", population_id="sex=F")
    others = tuple(sample(Estimate, row, metric="recall") for row in (2, 3))
    tables = replace(content.tables, estimates=(*others, wanted))
    reader = open_run(tmp_path, publish_run(tmp_path, replace(content, tables=tables)))
    assert reader.estimates(analysis="fairness") == (wanted,)
    assert reader.estimates(metric="recall", subject="previous") == (wanted,)
    assert reader.estimates(population_id="sex=F") == (wanted,)
    assert len(reader.estimates(metric="recall")) == 3
    assert reader.estimates(metric="recall' OR 'a' = 'a") == ()


def test_curves_are_chosen_by_value_and_keep_their_order(tmp_path):
    content = make_content()
    points = tuple(
        sample(CurvePoint, row, name="roc", subject="model", population_id="all", x=1 - row / 500) for row in range(500)
    )
    other = sample(CurvePoint, 2, name="calibration")
    tables = replace(content.tables, curves=(other, *points))
    reader = open_run(tmp_path, publish_run(tmp_path, replace(content, tables=tables)))
    assert reader.curves("roc", "model", "all") == points
    assert reader.curves(name="calibration") == (other,)
