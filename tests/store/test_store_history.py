"""What a store says it held before a run, whatever else lies in it."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from store_samples import START, make_content

from evaluator.records import RunContent
from evaluator.store import first_result_at, open_run, publish_run, result_sha256, uses_of, with_history
from evaluator.store.database import open_for_writing
from evaluator.store.layout import run_path, runs_folder

DATA = "d" * 64


def on_data(content: RunContent, sha256: str = DATA) -> RunContent:
    """The content with its first file as the test data."""
    first, *others = content.provenance
    return replace(content, provenance=(replace(first, role="evaluation", sha256=sha256), *others))


def test_a_store_not_made_yet_holds_nothing(tmp_path: Path) -> None:
    assert first_result_at(tmp_path / "none", "loan-2.3") is None
    assert uses_of(tmp_path / "none", DATA) == 0
    content = with_history(tmp_path / "none", on_data(make_content()))
    assert (content.run.test_set_use, content.plan.first_result_at) == (1, START)


def test_runs_of_any_plan_on_the_same_data_count_as_uses(tmp_path: Path) -> None:
    publish_run(tmp_path, on_data(make_content("other", minutes=5)))
    publish_run(tmp_path, on_data(make_content("another"), "e" * 64))
    assert (uses_of(tmp_path, DATA), uses_of(tmp_path, "e" * 64)) == (1, 1)
    content = with_history(tmp_path, on_data(make_content(minutes=9)))
    assert content.run.test_set_use == 2
    assert content.plan.first_result_at == START + timedelta(minutes=9)


def test_the_first_result_is_the_earliest_start_of_the_same_plan(tmp_path: Path) -> None:
    for minutes in (20, 10, 30):
        publish_run(tmp_path, make_content(minutes=minutes))
    publish_run(tmp_path, make_content("loan-2.3.1"))
    assert first_result_at(tmp_path, "loan-2.3") == START + timedelta(minutes=10)
    later = with_history(tmp_path, make_content(minutes=40))
    earlier = with_history(tmp_path, make_content(minutes=1))
    assert later.plan.first_result_at == START + timedelta(minutes=10)
    assert earlier.plan.first_result_at == START + timedelta(minutes=1)


def test_a_run_without_test_data_is_no_use_of_any(tmp_path: Path) -> None:
    assert with_history(tmp_path, make_content()).run.test_set_use is None


def test_what_was_recorded_is_read_back_and_leaves_the_result_alone(tmp_path: Path) -> None:
    publish_run(tmp_path, on_data(make_content()))
    content = on_data(make_content(minutes=3))
    run_id = publish_run(tmp_path, with_history(tmp_path, content))
    reader = open_run(tmp_path, run_id)
    assert (reader.run().test_set_use, reader.plan().first_result_at) == (2, START)
    assert reader.run().result_sha256 == result_sha256(content)


def test_files_that_cannot_be_read_are_not_counted(tmp_path: Path) -> None:
    whole = run_path(tmp_path, publish_run(tmp_path, on_data(make_content())))
    cut = whole.with_name("cut_20260101T000000Z_00000000.duckdb")
    cut.write_bytes(whole.read_bytes()[:9000])
    whole.with_name("text.duckdb").write_text("not a database", encoding="utf-8")
    whole.with_name("lost.duckdb").symlink_to(tmp_path / "nowhere")
    with open_for_writing(whole.with_name("foreign.duckdb")) as connection:
        connection.execute("CREATE TABLE run (plan_id INTEGER, started_at VARCHAR)")
        connection.execute("INSERT INTO run VALUES (1, 'x')")
        connection.execute("CREATE TABLE provenance (role VARCHAR, sha256 BIGINT)")
    assert uses_of(tmp_path, DATA) == 1
    assert first_result_at(tmp_path, "loan-2.3") == START


def test_a_file_that_was_replaced_is_read_anew(tmp_path: Path) -> None:
    path = run_path(tmp_path, publish_run(tmp_path, on_data(make_content())))
    assert uses_of(tmp_path, DATA) == 1
    other = run_path(tmp_path / "b", publish_run(tmp_path / "b", on_data(make_content(), "e" * 64)))
    os.replace(other, path)
    assert (uses_of(tmp_path, DATA), uses_of(tmp_path, "e" * 64)) == (0, 1)


def test_runs_published_at_the_same_time_count_those_before_them(tmp_path: Path) -> None:
    publish_run(tmp_path, on_data(make_content()))

    def publish(minutes: int) -> int | None:
        content = with_history(tmp_path, on_data(make_content(minutes=minutes)))
        return open_run(tmp_path, publish_run(tmp_path, content)).run().test_set_use

    with ThreadPoolExecutor(4) as pool:
        uses = sorted(use for use in pool.map(publish, range(1, 9)) if use)
    assert uses[0] == 2
    assert all(2 <= use <= 9 for use in uses)
    assert uses_of(tmp_path, DATA) == 9


@pytest.mark.parametrize("count", [1, 51])
def test_any_number_of_files_is_read(tmp_path: Path, count: int) -> None:
    path = run_path(tmp_path, publish_run(tmp_path, on_data(make_content())))
    for number in range(1, count):
        os.link(path, runs_folder(tmp_path) / f"loan-2.3_20260301T093015Z_{number:08x}.duckdb")
    assert uses_of(tmp_path, DATA) == count
