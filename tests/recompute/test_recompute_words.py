from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from recompute_samples import THRESHOLD, applications, loaded

from evaluator.recompute import (
    Answer,
    Filter,
    LoadedRows,
    Question,
    Spoken,
    adjusted,
    answer,
    dots,
    filter_words,
    filters_of,
    sentences,
)
from evaluator.wording import check_figures, errors, lint_sentence

ROWS = 6_000


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> LoadedRows:
    """Women who would repay are refused more often: their scores are lower than they deserve."""
    frame = applications(ROWS)
    lower = frame["score"].where(frame["sex"] == "M", (frame["score"] - 0.1).clip(lower=0.002).round(3))
    return loaded(tmp_path_factory.mktemp("words"), frame.assign(score=lower))


def ask(rows: LoadedRows, *conditions: str, **more: Any) -> Answer:
    return answer(rows, Question(filters_of(conditions, rows.columns), **more), headline_only=True)


def say(answered: Answer, **more: Any) -> Spoken:
    return sentences(answered, answered.rows.facts.words, **more)


def test_the_answer_is_said_as_counts_of_people(rows: LoadedRows) -> None:
    answered = ask(rows, "sex=F", "age>=60")
    first, second = (sentence.text for sentence in say(answered).lead)
    found, apart = answered.asked.today["false_negative_rate"], answered.apart["false_negative_rate"]
    per_thousand = [f"{number * 1_000:.0f}" for number in (found.value, found.low, found.high)]
    assert first == (
        f"Of 1,000 women whose age is 60 years or over and who repaid, {per_thousand[0]} were refused "
        f"(95% range {per_thousand[1]} to {per_thousand[2]})."
    )
    difference = [f"{number * 1_000:.0f}" for number in (apart.difference, apart.low, apart.high)]
    assert second == f"That is {difference[0]} more than everyone else ({difference[1]} to {difference[2]})."


def test_a_difference_that_may_be_none_says_so_first(rows: LoadedRows) -> None:
    answered = ask(rows, "region=north")
    apart = answered.apart["false_negative_rate"]
    assert apart.low < 0 < apart.high
    assert say(answered).lead[1].text.startswith("These and everyone else cannot be told apart on this: ")


def test_the_fact_line_says_that_it_was_found_by_asking(rows: LoadedRows) -> None:
    answered = ask(rows, "sex=F")
    repaid = answered.asked.today["false_negative_rate"].relevant_count
    assert say(answered, questions_asked=3).facts.text == (
        f"{answered.asked.population.n:,} people, {repaid:,} of whom repaid · found by asking, question 3 of this visit "
        "· no limit was set beforehand"
    )


def test_adjusted_ranges_are_said_beside_the_plain_one(rows: LoadedRows) -> None:
    answered = ask(rows, "sex=F")
    assert say(answered, questions_asked=1, adjusted=adjusted(answered, 1)).adjusted is None
    wider = adjusted(answered, 3)
    said = say(answered, questions_asked=3, adjusted=wider).adjusted
    found, apart = wider.asked.today["false_negative_rate"], wider.apart["false_negative_rate"]
    ends = [f"{number * 1_000:.0f}" for number in (found.low, found.high, apart.low, apart.high)]
    assert said is not None
    assert said.text == (
        f"Adjusted for 3 questions, the 98.33% range is {ends[0]} to {ends[1]}, and of the difference {ends[2]} to {ends[3]}."
    )


def test_another_cutoff_is_said_for_everyone_and_each_side(rows: LoadedRows) -> None:
    answered = ask(rows, "sex=F", threshold=0.4)
    said = [sentence.text for sentence in say(answered).moved]
    now, then = (part["false_negative_rate"].value for part in (answered.everyone.tried, answered.everyone.today))
    assert said[0].startswith(
        f"Of 1,000 applicants who repaid, {now * 1_000:.0f} would be refused, not {then * 1_000:.0f} (95%"
    )
    assert said[1].startswith("Of 1,000 applicants who did not repay, ")
    assert said[2].startswith("Of 1,000 women who repaid, ")
    assert said[3].startswith("Of 1,000 other applicants who repaid, ")
    same = say(ask(rows, "sex=F", threshold=THRESHOLD)).moved
    assert all("as today" in sentence.text for sentence in same)


@pytest.mark.parametrize(
    ("conditions", "more"),
    [
        ((), {}),
        (("sex=F",), {"threshold": 0.4}),
        (("sex=F", "age>=60"), {"compare": "without:sex", "threshold": 0.61}),
        (("sex=F", "age>=60"), {"compare": "all"}),
        (("sex=F", "age>=60"), {"compare": "previous", "threshold": 0.3}),
        (("sex=F", "age>=60"), {"combine": "any"}),
        (("region!=north",), {}),
        (("income=missing",), {}),
        (("applied_on>=2025-06-01", "online=yes"), {}),
        (("age>=79", "sex=F", "region=north", "online=yes"), {}),
        (("age>=500",), {}),
    ],
)
@pytest.mark.parametrize("favourable", [1, 0])
def test_every_sentence_keeps_the_house_rules(
    rows: LoadedRows, tmp_path: Path, conditions: tuple[str, ...], more: dict[str, Any], favourable: int
) -> None:
    if favourable == 0:
        rows = loaded(tmp_path, applications(900), lambda plan: plan["task"].update(favourable=0))
    answered = ask(rows, *conditions, **more)
    spoken = say(answered, questions_asked=4, adjusted=adjusted(answered, 4))
    leading = "approved" if favourable == 0 else "refused"
    if answered.asked.today["accuracy"].status == "ok":
        assert leading in spoken.lead[0].text
    for sentence in spoken.all:
        check_figures(sentence)
        assert errors(lint_sentence(sentence)) == [], sentence.text
        assert not any(word in sentence.text for word in ("Met", "Not met", "Inconclusive"))


def test_too_few_names_the_filter_to_drop(rows: LoadedRows) -> None:
    answered = ask(rows, "sex=F", "age>=79", "region=north", "online=yes")
    assert answered.asked.today["false_negative_rate"].status == "too_few"
    spoken = say(answered)
    assert "too few cases" in spoken.lead[0].text
    assert spoken.notes[0].text.startswith("Without “age: 79 or over”, ")
    assert len(spoken.lead) == 1


def test_small_numbers_are_kept_from_readers_who_may_not_see_them(rows: LoadedRows) -> None:
    answered = ask(rows, "sex=F", "age>=79", "region=north", "online=yes")
    n = answered.asked.population.n
    assert 0 < n < 30
    spoken = say(answered, fewer_than=n + 1, questions_asked=2, adjusted=adjusted(answered, 2))
    assert f"{n} people" not in " ".join(sentence.text for sentence in (*spoken.lead, spoken.facts))
    assert spoken.facts.text.startswith(f"fewer than {n + 1} people ·".capitalize())
    assert spoken.adjusted is None
    picture = dots(answered, fewer_than=n + 1)
    assert picture is not None
    assert all(row.value is not None for row in picture.rows)


def test_whom_words_are_about(rows: LoadedRows) -> None:
    def words(*conditions: str, **more: Any) -> str:
        return ask(rows, *conditions, **more).asked.population.words

    assert words() == "applicants"
    assert words("sex=F") == "women"
    assert words("sex!=M") == "women"
    assert words("region!=north,south,east") == "applicants whose region is west"
    assert words("income=missing") == "applicants whose income is missing"
    assert words("sex=F", "age>=30", "age<60") == "women whose age is from 30 to under 60 years"
    assert words("sex=F", "region=north", combine="any") == "applicants in any of these groups (women; region: north)"
    assert words("sex=F", "applied_on>=2025-06-01") == "women from June 2025 onwards"
    many = Filter("age", "not_in", ("20", "21"))
    assert answer(rows, Question((many,))).asked.population.words == "applicants whose age is not 20 or 21"
    assert filter_words(many, rows.columns, rows.facts.phrasing) == "age: not 20 or 21"


def test_the_picture_shows_every_side_at_every_cutoff(rows: LoadedRows) -> None:
    answered = ask(rows, "sex=F", threshold=0.4)
    picture = dots(answered)
    assert picture is not None
    assert [row.label for row in picture.rows] == [
        "women", "women, at 0.40", "everyone else", "everyone else, at 0.40", "all applicants", "all applicants, at 0.40",
    ]  # fmt: skip
    assert picture.title == say(answered).lead[0].text
    assert [row.emphasis for row in picture.rows] == [True, True, False, False, False, False]
    assert picture.rows[1].value == answered.asked.tried["false_negative_rate"].value
    assert len(picture.table.rows) == 6
    assert dots(answered, "auc") is not None
    assert len(dots(ask(rows), "accuracy").rows) == 1  # type: ignore[union-attr]
    assert len(dots(ask(rows, "sex=F", compare="all")).rows) == 2  # type: ignore[union-attr]
