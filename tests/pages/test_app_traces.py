"""The part of the fairness page on where a gap could come from, drawn by itself."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

HOSTILE = "<script>alert(1)</script>"


def script(kinds: tuple[str, ...], words: str) -> None:
    """Draws the part for traces of the given kinds; a script under test imports what it uses."""
    from types import SimpleNamespace

    from evaluator.catalogue.palette import LIGHT
    from evaluator.records import ALL, Population, Trace, Words
    from pages.parts.fairness_parts import traces

    values = {"reveals": (0.7, 0.65, 0.75), "score_gap": (-0.05, -0.07, -0.03), "label": (-0.08, -0.1, -0.06)}
    rows = tuple(
        Trace(
            kind, "model", "sex", name, "job" if kind != "label" else "", words, *values[kind], 0.01, 0.95, "t", "", 3,
            "chance" if kind == "score_gap" else "share", 400, 500, True, "ok", "",
        )
        for kind in kinds
        for name in ("sex=F", "sex=M")
    )  # fmt: skip
    groups = [Population(ALL, "applicants", "all", "{}", "", "all", 0, "planned", 900, 1.0)]
    for position, (name, called) in enumerate((("sex=F", "women"), ("sex=M", words))):
        groups.append(Population(name, called, called, "{}", "sex", "group", position, "planned", 400, 0.5))
    evidence = SimpleNamespace(
        traces=rows, not_tested=(), words=Words("applicant", "applicants", "repaid", "did not", "approved", "refused"),
        plan=SimpleNamespace(data=SimpleNamespace(weight=None, columns={})), run=SimpleNamespace(run_id="run", task="binary"),
        populations={row.population_id: row for row in groups}, class_estimates={}, gaps=(), class_gaps=(), criteria=(),
    )  # fmt: skip
    traces.draw(SimpleNamespace(palette=LIGHT), evidence)


def opened(*kinds: str, words: str = "job", **query: str) -> AppTest:
    app = AppTest.from_function(script, kwargs={"kinds": kinds, "words": words}, default_timeout=30)
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def text_of(app: AppTest) -> str:
    assert not app.exception
    return " ".join(str(block.proto.body) for block in app.get("html"))


def test_a_run_without_traces_draws_nothing() -> None:
    app = opened()
    assert text_of(app) == ""
    assert not app.selectbox


def test_the_group_of_the_address_is_drawn() -> None:
    text = text_of(opened("reveals", "score_gap", "label", group="sex=M", words="men"))
    assert "Where could it come from?" in text
    assert "men are told from others" in text
    assert "women are told from others" not in text
    assert "not why groups differ" in text


def test_without_a_split_there_is_no_picture_but_a_reason() -> None:
    text = text_of(opened("reveals", "label"))
    assert "was not tested, because the model was not supplied" in text
    assert "<img" not in text


def test_markup_in_the_data_is_shown_as_text() -> None:
    app = opened("reveals", "score_gap", "label", group="sex=M", words=HOSTILE)
    text = text_of(app)
    assert HOSTILE not in text
    assert "&lt;script&gt;" in text
