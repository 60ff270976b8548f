"""Reading: locked down, shared between threads, and clear about what it cannot read."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from store_samples import make_content, make_rows

from evaluator.errors import StoreError
from evaluator.store import list_runs, open_rows, open_run, publish_run
from evaluator.store.database import READ_SETTINGS, open_for_reading
from evaluator.store.layout import run_path
from evaluator.store.reader import OPEN_RUNS


@pytest.fixture
def store(tmp_path):
    publish_run(tmp_path, make_content(), make_rows())
    return tmp_path


@pytest.fixture
def run_id():
    return make_content().run.run_id


def rewrite(path: Path, content: bytes) -> None:
    path.unlink()
    path.write_bytes(content)


def execute(path: Path, *statements: str) -> None:
    """Change a run file the way nobody should."""
    path.chmod(0o644)
    with duckdb.connect(path) as connection:
        for statement in statements:
            connection.execute(statement)


@pytest.mark.parametrize(
    "sql",
    [
        "COPY run TO '{out}'",
        "EXPORT DATABASE '{out}'",
        "SELECT * FROM read_csv('/etc/hostname')",
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM glob('/*')",
        "ATTACH '{out}'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET threads = 8",
        "SET enable_external_access = true",
        "RESET memory_limit",
        "CREATE TABLE more (a INTEGER)",
        "DELETE FROM run",
        "SELECT * FROM secret_frame",
    ],
)
def test_a_reading_connection_reaches_nothing_but_its_file(store, run_id, sql):
    secret_frame = make_rows().frame
    assert len(secret_frame)
    connection = open_for_reading(run_path(store, run_id))
    with pytest.raises(duckdb.Error):
        connection.execute(sql.format(out=store / "out"))
    assert not (store / "out").exists()


def test_the_settings_are_in_force(store, run_id):
    connection = open_for_reading(run_path(store, run_id))
    found = dict(connection.execute("SELECT name, value FROM duckdb_settings()").fetchall())
    assert found["memory_limit"] == "953.6 MiB"
    for name, value in READ_SETTINGS.items():
        if name != "memory_limit":
            assert found[name] == str(value), name


def test_more_runs_than_stay_open_can_be_read_and_old_readers_still_answer(tmp_path):
    run_ids = [publish_run(tmp_path, make_content(minutes=m, size=1)) for m in range(OPEN_RUNS + 1)]
    readers = [open_run(tmp_path, run_id) for run_id in run_ids]
    assert [reader.run().run_id for reader in readers] == run_ids
    assert open_run(tmp_path, run_ids[-1]) is readers[-1]
    assert open_run(tmp_path, run_ids[0]) is not readers[0]


def test_threads_reading_one_run_get_no_wrong_answer(store, run_id):
    content = make_content()

    def read(number: int) -> bool:
        reader = open_run(store, run_id)
        wanted = content.tables.estimates[number % 4]
        found = reader.estimates(metric=wanted.metric)
        return found == (wanted,) and reader.criteria() == content.criteria

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(read, range(8 * 50)))


def test_reading_while_another_process_reads(store, run_id):
    code = f"import duckdb; c = duckdb.connect({str(run_path(store, run_id))!r}, read_only=True); print('open', flush=True); input()"
    child = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout.readline() == "open\n"
        assert open_run(store, run_id).run().run_id == run_id
    finally:
        child.communicate("\n", timeout=30)


def test_a_file_open_for_writing_elsewhere_is_busy(store, run_id):
    path = run_path(store, run_id)
    path.chmod(0o644)
    code = f"import duckdb; c = duckdb.connect({str(path)!r}); print('open', flush=True); input()"
    child = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout.readline() == "open\n"
        with pytest.raises(StoreError, match="busy"):
            open_run(store, run_id)
    finally:
        child.communicate("\n", timeout=30)


def test_an_unknown_run_names_the_nearest(store, run_id):
    with pytest.raises(StoreError, match="There is no run") as caught:
        open_run(store, run_id[:-1] + "0")
    assert run_id in caught.value.hint


def test_a_store_without_runs_says_how_to_make_one(tmp_path, run_id):
    with pytest.raises(StoreError, match="There is no run") as caught:
        open_run(tmp_path / "nowhere", run_id)
    assert "evaluator run" in caught.value.hint
    assert list_runs(tmp_path / "nowhere") == ((), ())


@pytest.mark.parametrize("keep", [0, 10, 4096, 12_288, 0.5, 0.95])
def test_a_truncated_file_is_damaged(store, run_id, keep):
    path = run_path(store, run_id)
    content = path.read_bytes()
    rewrite(path, content[: int(keep * len(content)) if isinstance(keep, float) else keep])
    with pytest.raises(StoreError, match=r"damaged") as caught:
        open_run(store, run_id).curves()
    assert caught.value.hint


def test_changed_bytes_are_found_or_harmless(store, run_id):
    path = run_path(store, run_id)
    good, expected = path.read_bytes(), make_content().tables.estimates
    refused = 0
    for position in range(100, len(good), len(good) // 25):
        changed = bytearray(good)
        changed[position] ^= 0xFF
        rewrite(path, bytes(changed))
        try:
            assert open_run(store, run_id).estimates() == expected
        except StoreError:
            refused += 1
    assert refused > 0


def test_something_else_under_the_name_of_a_run_is_damaged(store, run_id):
    path = run_path(store, run_id)
    for content in (b"", b"hello", os.urandom(20_000)):
        rewrite(path, content)
        with pytest.raises(StoreError, match="damaged"):
            open_run(store, run_id)


def test_an_older_file_lacks_the_tables_that_came_later(store, run_id):
    later = ("DROP TABLE importance", "DROP TABLE effect")
    execute(run_path(store, run_id), *later, "UPDATE run SET schema_version = 1")
    reader = open_run(store, run_id)
    assert (reader.importances(), reader.effects()) == ((), ())
    assert reader.gaps() == make_content().tables.gaps
    assert reader.run().schema_version == 1


@pytest.mark.parametrize(
    ("statements", "message"),
    [
        (["UPDATE run SET schema_version = 8"], "schema version 8; this release reads up to 7"),
        (["DROP TABLE gap"], "expected gap.analysis as VARCHAR, found no such column"),
        (["DROP TABLE effect"], "expected effect.subject as VARCHAR, found no such column"),
        (["ALTER TABLE gap DROP COLUMN at_most"], "expected gap.at_most as DOUBLE, found no such column"),
        (["ALTER TABLE timing ALTER seconds TYPE VARCHAR"], "expected timing.seconds as DOUBLE, found VARCHAR"),
        (["ALTER TABLE gap RENAME TO g", "CREATE VIEW gap AS SELECT * FROM g"], "expected gap.analysis"),
        (["DELETE FROM run"], "expected one record in the table run, found 0"),
        (["UPDATE run SET run_id = 'other'"], "holds the run other"),
    ],
)
def test_a_file_that_breaks_the_contract_is_refused(store, run_id, statements, message):
    execute(run_path(store, run_id), *statements)
    with pytest.raises(StoreError) as caught:
        open_run(store, run_id)
    assert message in caught.value.message
    assert caught.value.hint


def test_the_list_is_newest_first_and_reports_damaged_files(store, run_id):
    newer = publish_run(store, make_content("risk", minutes=9))
    newest_schema = publish_run(store, make_content(minutes=5))
    execute(run_path(store, newest_schema), "UPDATE run SET schema_version = 99")
    (store / "runs" / f"{make_content(minutes=7).run.run_id}.duckdb").write_bytes(b"broken")
    (store / "runs" / "notes.duckdb").write_bytes(b"")
    runs, damaged = list_runs(store)
    assert [run.run_id for run in runs] == [newer, run_id]
    assert len(damaged) == 3
    assert any("schema version 99" in run.message for run in damaged)
    content = make_content()
    assert (runs[1].title, runs[1].n, runs[1].state) == (content.run.title, content.run.n, "draft")
    assert (runs[1].started_at, runs[1].plan_id) == (content.run.started_at, "loan-2.3")
    assert (runs[1].recommendation, runs[1].counts) == (
        content.recommendation.recommendation,
        content.recommendation.counts,
    )


def test_the_list_of_one_plan_holds_its_runs_and_still_reports_damaged_files(store, run_id):
    newer = publish_run(store, make_content(minutes=5))
    publish_run(store, make_content("risk", minutes=9))
    (store / "runs" / "notes.duckdb").write_bytes(b"")
    runs, damaged = list_runs(store, "loan-2.3")
    assert [run.run_id for run in runs] == [newer, run_id]
    assert [file.path.name for file in damaged] == ["notes.duckdb"]
    assert list_runs(store, "loan").runs == ()


def test_a_replaced_file_is_read_anew(store, run_id):
    assert list_runs(store).runs[0].title == make_content().run.title
    before = open_run(store, run_id)
    content = make_content()
    run_path(store, run_id).unlink()
    del before
    publish_run(store / "other", replace(content, run=replace(content.run, title="Another")))
    run_path(store / "other", run_id).rename(run_path(store, run_id))
    assert list_runs(store).runs[0].title == "Another"


def test_rows_come_back_by_score_with_their_columns(store, run_id):
    rows, reader = make_rows(), open_rows(store, run_id)
    assert reader.n == 50
    assert reader.columns() == rows.columns
    expected = rows.frame.sort_values(["score", "row_id"], ascending=[False, True], ignore_index=True)
    found = reader.frame(list(expected.columns))
    for name in ("row_id", "label", "score", "prediction", "c1"):
        assert found[name].tolist() == pytest.approx(expected[name].tolist(), nan_ok=True), name
    for name in ("cluster", "c0"):
        assert found[name].tolist() == expected[name].tolist(), name
    assert (found["time"] == expected["time"]).all()
    assert found["weight"].isna().all()
    assert list(reader.frame(("c1", "label")).columns) == ["c1", "label"]


@pytest.mark.parametrize("name", ["c2", "region", "score FROM rows --", '"', "c01"])
def test_only_stored_columns_can_be_asked_for(store, run_id, name):
    with pytest.raises(StoreError, match="no column"):
        open_rows(store, run_id).frame(("score", name))


def test_absent_rows_say_why_and_how_to_get_them(store, run_id):
    without = publish_run(store, make_content(minutes=1))
    with pytest.raises(StoreError, match="kept no scored rows") as caught:
        open_rows(store, without)
    assert "keep_rows" in caught.value.hint
    rows_file = store / "runs" / f"{run_id}.rows.duckdb"
    rows_file.rename(store / "elsewhere")
    with pytest.raises(StoreError, match="missing") as caught:
        open_rows(store, run_id)
    assert "Put the file back" in caught.value.hint


def test_rows_of_another_run_are_refused(store, run_id):
    other = publish_run(store, make_content(minutes=1), make_rows(seed=4))
    ours, theirs = (store / "runs" / f"{name}.rows.duckdb" for name in (run_id, other))
    theirs.replace(ours)
    with pytest.raises(StoreError, match="not the file this run was published with"):
        open_rows(store, run_id)


def test_rows_that_do_not_fit_are_refused(tmp_path):
    rows = make_rows()
    bad = {
        "missing ": rows.frame.drop(columns="label"),
        "unknown or repeated": rows.frame.assign(c2=1),
        "1 of 50": rows.frame.assign(row_id=[0, 0, *range(2, 50)]),
        "mixed types": rows.frame.assign(cluster=["a", 1] * 25),
    }
    for message, frame in bad.items():
        with pytest.raises(StoreError, match=message):
            publish_run(tmp_path, make_content(), replace(rows, frame=frame))
    with pytest.raises(StoreError, match="numbered"):
        publish_run(tmp_path, make_content(), replace(rows, columns=rows.columns[::-1]))
    assert not list(tmp_path.rglob("*.duckdb"))
