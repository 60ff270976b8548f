from __future__ import annotations

import gzip
import hashlib
import os
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from evaluator.errors import InputError
from evaluator.subject.files import find_file, read_table, sha256_of


def read(folder: Path, content: bytes | str, name: str = "x.csv") -> pd.DataFrame:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_table(path)


def refusal(folder: Path, content: bytes | str, name: str = "x.csv") -> str:
    with pytest.raises(InputError) as caught:
        read(folder, content, name)
    assert name in caught.value.message
    assert caught.value.hint
    return str(caught.value)


def test_the_hash_is_over_the_whole_content(tmp_path: Path) -> None:
    path = tmp_path / "big.bin"
    content = bytes(range(256)) * 10_000
    path.write_bytes(content)
    assert sha256_of(path) == hashlib.sha256(content).hexdigest()
    with pytest.raises(InputError, match="cannot be read"):
        sha256_of(tmp_path / "absent")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf", b"\n\n"])
def test_separators_and_byte_order_marks(tmp_path: Path, delimiter: str, start: bytes) -> None:
    frame = read(tmp_path, start + f"größe{delimiter}b\r\n1{delimiter}x\r\n2{delimiter}y\r\n".encode())
    assert frame.to_dict("list") == {"größe": [1, 2], "b": ["x", "y"]}


def test_column_types(tmp_path: Path) -> None:
    frame = read(
        tmp_path,
        "whole,gaps,number,truth,text,zeros,long,comma\n"
        '1,1, 0.5,true,NA,007,12345678901234567,"1,5"\n'
        '2,,1e3,False,"NA",12,1,"2,5"\n',
    )
    assert frame["whole"].tolist() == [1, 2]
    assert frame["whole"].dtype == np.int64
    assert frame["gaps"].isna().tolist() == [False, True]
    assert frame["number"].tolist() == [0.5, 1000.0]
    assert frame["truth"].dtype == np.bool_
    assert frame["text"].isna().tolist() == [True, False]
    assert frame["zeros"].tolist() == ["007", "12"]
    assert frame["long"].tolist() == [12345678901234567, 1]
    assert frame["comma"].tolist() == ["1,5", "2,5"]


def test_numbers_too_long_to_keep_stay_text(tmp_path: Path) -> None:
    frame = read(tmp_path, "a,b\n12345678901234567890,9007199254740993\n2,\n")
    assert frame["a"].tolist() == ["12345678901234567890", "2"]
    assert frame["b"].iloc[0] == "9007199254740993"


def test_a_value_may_hold_separators_quotes_and_lines(tmp_path: Path) -> None:
    frame = read(tmp_path, 'a,b\n"x, ""y""\nz",1\n')
    assert frame["a"].tolist() == ['x, "y"\nz']


def test_wrong_encodings_name_the_byte(tmp_path: Path) -> None:
    text = refusal(tmp_path, b"a,b\n1,2\n3,\xe9\n")
    assert "byte 0xe9 at position 10 (line 3)" in text
    assert "UTF-8" in text
    assert "position 0" in refusal(tmp_path, "a,b\n1,2\n".encode("utf-16"))


def test_a_wrong_byte_beyond_the_first_block_is_counted_from_the_start(tmp_path: Path) -> None:
    filler = b"a\n" + "é\n".encode() * 400_000
    text = refusal(tmp_path, filler + b"\xff\n")
    assert f"position {len(filler):,} (line 400,002)" in text


def test_ragged_rows_name_the_first_three_lines(tmp_path: Path) -> None:
    text = refusal(tmp_path, "a,b\n1,2\n3\n4,5,6\n7,8\n9\n10\n")
    assert "line 3 has 1, line 4 has 3, line 6 has 1." in text
    assert "expected 2 fields" in text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is empty (0 bytes)"),
        ("\n\n", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        ("a,b\n", "header but no rows"),
        ("a,b", "header but no rows"),
        ("a,a\n1,2\n", "same name: 'a'"),
        ("a,\n1,2\n", "without a name, at position 2"),
        ("a,b\n1,\0\n", "NUL byte at position 6"),
        ('a,b\n1,"2\n3,4\n', "quote that does not end, or a stray one, in the record of line 2"),
        (",".join(f"c{i}" for i in range(2_001)) + "\n1\n", "2,001 columns; at most 2,000"),
    ],
)
def test_broken_csv(tmp_path: Path, content: bytes | str, said: str) -> None:
    assert said in refusal(tmp_path, content)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("x.csv", b"PK\x03\x04aaaa", "zip archive or an Excel workbook"),
        ("x.csv.gz", gzip.compress(b"a\n1\n", mtime=0), ".csv.gz is not supported"),
        ("x.csv", gzip.compress(b"a\n1\n", mtime=0), ".csv.gz is not supported"),
        ("x.csv", b"PAR1aaaa", "Rename it"),
        ("x.parquet", b"a,b\n1,2\n", "does not begin with PAR1"),
        ("x.pkl", b"a", "expected one of .csv"),
        ("x", b"a", "expected one of .csv"),
        ("x.parquet", b"PAR1" + b"a" * 50, "not a whole Parquet file"),
    ],
)
def test_other_kinds_of_file_are_refused(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    assert said in refusal(tmp_path, content, name)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        read_table(tmp_path / "x.parquet")
    with pytest.raises(InputError, match="is not a file"):
        read_table(tmp_path)


def test_a_parquet_file_cut_short_anywhere_is_refused(tmp_path: Path) -> None:
    pd.DataFrame({"a": range(100), "b": list("xy") * 50}).to_parquet(tmp_path / "whole.parquet")
    content = (tmp_path / "whole.parquet").read_bytes()
    for length in (4, 20, len(content) // 2, len(content) - 1):
        assert "not a whole Parquet file" in refusal(tmp_path, content[:length], "cut.parquet")


def test_parquet_types_become_plain(tmp_path: Path) -> None:
    table = pa.table(
        {
            "category": pa.array(["x", None, "x"]).dictionary_encode(),
            "decimal": pa.array([Decimal(1), None, Decimal(2)], pa.decimal128(20, 2)),
            "day": pa.array([0, 1, None], pa.int32()).cast(pa.date32()),
            "nothing": pa.nulls(3),
            "large": pa.array([2**53 + 1, None, 1]),
            "truth": pa.array([True, None, False]),
        }
    )
    pq.write_table(table, tmp_path / "t.parquet")
    frame = read_table(tmp_path / "t.parquet")
    assert frame["category"].tolist()[0] == "x"
    assert isinstance(frame["category"].dtype, pd.StringDtype)
    assert frame["decimal"].dtype == np.float64
    assert frame["day"].iloc[1] == pd.Timestamp("1970-01-02")
    assert frame["nothing"].isna().all()
    assert frame["large"].iloc[0] == "9007199254740993"
    assert frame["truth"].tolist() == [True, None, False]


def test_nested_parquet_columns_are_named(tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": [1], "b": [[1, 2]]}), tmp_path / "t.parquet")
    with pytest.raises(InputError, match="'b \\(list"):
        read_table(tmp_path / "t.parquet")


def test_repeated_parquet_columns_and_no_rows_are_refused(tmp_path: Path) -> None:
    pq.write_table(pa.table([pa.array([1]), pa.array([2])], names=["a", "a"]), tmp_path / "t.parquet")
    with pytest.raises(InputError, match="same name"):
        read_table(tmp_path / "t.parquet")
    pq.write_table(pa.table({"a": pa.array([], pa.int64())}), tmp_path / "e.parquet")
    with pytest.raises(InputError, match="no rows"):
        read_table(tmp_path / "e.parquet")


def test_paths_stay_inside_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "plan"
    folder.mkdir()
    (folder / "in.csv").write_text("a\n1\n")
    (tmp_path / "out.csv").write_text("a\n1\n")
    os.symlink(tmp_path / "out.csv", folder / "link.csv")
    assert find_file(folder, "in.csv") == (folder / "in.csv").resolve()
    assert find_file(folder, "../plan/in.csv") == (folder / "in.csv").resolve()
    for written in ("../out.csv", str(tmp_path / "out.csv"), "link.csv"):
        with pytest.raises(InputError, match="path outside") as caught:
            find_file(folder, written)
        assert "--allow-outside" in caught.value.hint
        assert find_file(folder, written, allow_outside=True) == (tmp_path / "out.csv").resolve()


@pytest.mark.parametrize(
    ("written", "said"), [("absent.csv", "does not exist"), (".", "is not a file"), ("a\0b", "NUL")]
)
def test_paths_that_lead_nowhere(tmp_path: Path, written: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        find_file(tmp_path, written)


def test_links_in_a_circle_are_refused(tmp_path: Path) -> None:
    os.symlink(tmp_path / "b.csv", tmp_path / "a.csv")
    os.symlink(tmp_path / "a.csv", tmp_path / "b.csv")
    with pytest.raises(InputError, match=r"cannot be followed|does not exist"):
        find_file(tmp_path, "a.csv")
