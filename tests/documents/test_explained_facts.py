"""Single cases, ways out, pairs and checks in the documents: figures that agree with their records, in few and plain words."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from itertools import pairwise

import explained_records as made
import pypdfium2
import pytest
import textstat
from explained_prose import explained_blocks
from figure_oracle import NAMED_BY, NUMBER, Oracle, Records, number, path
from one_off import one_off
from prose import Block, document_blocks, full_stop, sentences_of, squeezed, text_of_html
from record_checks import record_holds

from evaluator.records import Finding
from evaluator.report.document import explanations
from evaluator.report.document.nodes import (
    Document,
    Grid,
    Identity,
    Picture,
    Section,
    all_blocks,
    all_sections,
)
from evaluator.report.evidence import Evidence
from evaluator.report.render_html.document import to_html
from evaluator.report.render_pdf.document import to_pdf
from evaluator.report.suppression import suppress
from evaluator.wording import errors, lint_block

IDENTITY = Identity("run", "e" * 64, "lender", "2", "1 Mar 2026", "draft", "Draft")
WHOLE = made.whole()
VIEWED = suppress(WHOLE, 10)


def document(section: Section) -> Document:
    return Document("sample", "Sample", "Lending", IDENTITY, (), (section,))


def technical(evidence: Evidence = WHOLE) -> Document:
    return document(explanations.explanations_section(evidence))


def pack(evidence: Evidence = WHOLE) -> Document:
    return document(explanations.leans_on_part(evidence))


def oracle_of(evidence: Evidence) -> Oracle:
    """The oracle over records made by hand."""
    found: dict[str, list[object]] = {}
    for entry in fields(Evidence):
        rows = getattr(evidence, entry.name)
        for row in rows if isinstance(rows, tuple) else ():
            if type(row) in NAMED_BY:
                kind, names = NAMED_BY[type(row)]
                found.setdefault(path(kind, *(getattr(row, name) for name in names)), []).append(row)
    plan = json.loads(evidence.plan.model_dump_json())
    records = Records(evidence.run, plan, dict(evidence.populations), {}, {}, evidence.recommendation, found)
    return Oracle(records, None, (), {}, record_holds)  # type: ignore[arg-type]


BLOCKS: dict[str, list[Block]] = {
    "page": explained_blocks(WHOLE),
    "technical": list(document_blocks(technical())),
    "pack": list(document_blocks(pack())),
    "page for viewers": explained_blocks(VIEWED),
    "technical for viewers": list(document_blocks(technical(VIEWED))),
}


@pytest.mark.parametrize("where", BLOCKS)
def test_every_figure_is_what_its_record_says(where: str) -> None:
    oracle = oracle_of(WHOLE)
    assert [problem for block in BLOCKS[where] for problem in oracle.problems(sentences_of(block))] == []


@pytest.mark.parametrize("where", ["page", "technical"])
def test_any_other_number_is_noticed(where: str) -> None:
    oracle, blocks = oracle_of(WHOLE), [block for block in BLOCKS[where] if sentences_of(block)]
    changes = [change for block in blocks for change in one_off(block)]
    assert len(changes) > 50
    assert [changed.text for changed, others in changes if not oracle.problems(others)] == []


@pytest.mark.parametrize(
    "pair", [(" less than others", " more than others"), (" more than others", " less than others")], ids=["down", "up"]
)
def test_the_other_side_is_noticed(pair: tuple[str, str]) -> None:
    oracle, turned = oracle_of(WHOLE), 0
    for sentence in (one for block in BLOCKS["page"] for one in sentences_of(block)):
        if pair[0] in sentence.text:
            turned += 1
            assert oracle.problems([replace(sentence, text=sentence.text.replace(*pair))]), sentence.text
    assert turned


@pytest.mark.parametrize("where", BLOCKS)
def test_no_rule_of_language_is_broken(where: str) -> None:
    broken = [
        (problem.rule, problem.message, [str(text) for text in block])
        for block in BLOCKS[where]
        for problem in errors(lint_block(sentences_of(block)))
    ]
    assert broken == []


@pytest.mark.parametrize("where", BLOCKS)
def test_it_reads_easily(where: str) -> None:
    said = " ".join(full_stop(text) for block in BLOCKS[where] for text in block)
    assert textstat.flesch_kincaid_grade(said) <= 9, said


@pytest.mark.parametrize("kind", [technical, pack])
@pytest.mark.parametrize("evidence", [WHOLE, VIEWED], ids=["evaluators", "viewers"])
def test_no_row_id_stands_in_a_document(kind: object, evidence: Evidence) -> None:
    assert callable(kind)
    assert "row-" not in repr(kind(evidence))


def titles(of: Document) -> list[str]:
    return [section.title for section in all_sections(of)]


def test_the_technical_file_holds_everything() -> None:
    # The records by hand hold no second way of looking.
    assert titles(technical()) == [
        "What the score leans on", "What each feature does", "If everyone had the same value", "Who has which values",
        "Features that do more together", "Single cases", "Typical", "Borderline", "What would change a decision", "A few rules that imitate the score",
    ]  # fmt: skip
    captions = [block.caption for block in all_blocks(technical()) if isinstance(block, Grid)]
    assert captions == [
        "Every feature, or set of features that move together", "Debt compared with income, by sex", "Every pair that was looked at",
        "What adds to the score: typical", "What adds to the score: borderline",
        "For how many a way out was found", "Whether lists of reasons hold", "The rules, the highest score first",
    ]  # fmt: skip


def check_of_rules(code: str) -> Finding:
    surrogate = "explanation_check/model///"
    return replace(
        finding(code, "found", "6 rules repeat a part."), evidence=json.dumps([surrogate.replace("k/", "k/surrogate/")])
    )


@pytest.mark.parametrize(("code", "times"), [("EXPL13", 0), ("EXPL05", 1)])
def test_what_the_rules_repeat_is_said_once(code: str, times: int) -> None:
    told = replace(WHOLE, findings=(check_of_rules(code),))
    section = next(section for section in all_sections(technical(told)) if section.key == "imitation")
    assert sum("of how scores differ" in str(block) for block in section.blocks) == times
    assert sum(isinstance(block, Grid) for block in section.blocks) == 1


def test_no_table_stands_twice_running() -> None:
    blocks = list(explanations.explanations_section(WHOLE).blocks)
    pairs = [(one, two) for one, two in pairwise(blocks) if isinstance(one, Picture) and isinstance(two, Grid)]
    assert pairs
    assert [two.caption for one, two in pairs if one.chart.table.rows == two.rows] == []


def test_every_feature_and_group_of_a_check_is_listed() -> None:
    rows = [made.check("proxy", feature="debt", words="debt", population_id="sex=w", value=0.7, low=0.65, high=0.74)]
    with_pairs = replace(WHOLE, explanation_checks=(*WHOLE.explanation_checks, *rows))
    grids = [block for block in all_blocks(technical(with_pairs)) if isinstance(block, Grid)]
    (listed,) = (grid for grid in grids if grid.caption == "How well features tell groups apart")
    assert listed.rows == (("Debt", "women", "70 (65 to 74)", "yes"),)


def test_roles_are_explained() -> None:
    text = " ".join(str(text) for block in BLOCKS["technical"] for text in block)
    assert text.count("Borderline: the score nearest to the cut-off.") == 1
    assert "Typical: a usual score" in text


def test_the_parts_of_a_case_stand_in_a_table() -> None:
    tables = [
        block for block in all_blocks(technical()) if isinstance(block, Grid) and block.caption.endswith("borderline")
    ]
    read = [[(*row[:3], *map(number, NUMBER.findall(row[3]))) for row in table.rows] for table in tables]
    assert read == [
        [("debt compared with income", "48%", "31%", -9, -11, -8), ("monthly income", "48%", "31%", -5, -6, -4)]
    ]


def test_each_pair_is_told_and_drawn_once() -> None:
    section = next(section for section in all_sections(technical()) if section.key == "feature-pairs")
    both = (made.effects("debt"), made.effects("income"))
    twice = replace(WHOLE, effects=(*both[0], *both[1]))
    again = next(section for section in all_sections(technical(twice)) if section.key == "feature-pairs")
    assert section.blocks == again.blocks
    assert sum(isinstance(block, Picture) for block in section.blocks) == 1


def test_the_pack_is_short() -> None:
    """First sentence, caution and picture, then a line on recourse and one on reliance."""
    blocks = list(all_blocks(pack()))
    assert sum(isinstance(block, Picture) for block in blocks) == 1
    sentences = [sentence for block in BLOCKS["pack"] for sentence in sentences_of(block)]
    assert 3 <= len(sentences) <= 6
    assert any("would turn the decision" in str(sentence) for sentence in sentences)


def finding(code: str, outcome: str, sentence: str) -> Finding:
    return Finding(code, "explanations", "medium", outcome, sentence, "all", "", "{}", "")


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ((finding("EXPL05", "clear", "Every feature counts."),), ["No check of what it leans on found anything to question."]),
        ((finding("EXPL04", "found", "It leans on one feature."), finding("EXPL06", "clear", "No.")), ["It leans on one feature."]),
        (
            tuple(finding(code, "found", f"Found by {code}.") for code in ("EXPL04", "EXPL05", "EXPL06")),
            ["Found by EXPL04.", "2 other checks need attention: see the technical file."],
        ),
        ((finding("EXPL05", "not_tested", "Not tested."),), []),
    ],
    ids=["in order", "one", "three", "not tested"],
)  # fmt: skip
def test_the_pack_tells_what_reliance_found(found: tuple[Finding, ...], told: list[str]) -> None:
    before = [str(text) for block in document_blocks(pack()) for text in block]
    after = [str(text) for block in document_blocks(pack(replace(WHOLE, findings=found))) for text in block]
    assert [text for text in after if text not in before] == told


def test_without_a_model_it_says_what_to_add() -> None:
    bare = made.evidence_of()
    for of in (technical(bare), pack(bare)):
        (block,) = all_blocks(of)
        assert "artifact" in getattr(block, "add_to_plan", "")


@pytest.mark.parametrize(
    "left_out",
    ["interactions", "cases", "recourse_rates", "explanation_checks", "dependences", "feature_shares", "reason_checks"],
)
def test_what_an_older_run_does_not_hold_is_left_out(left_out: str) -> None:
    less = technical(replace(WHOLE, **{left_out: ()}))
    assert set(titles(less)) <= set(titles(technical()))
    assert all(section.blocks or section.sections for section in all_sections(less))


def test_rare_values_are_not_in_documents_for_viewers() -> None:
    rare = replace(WHOLE, case_parts=tuple(replace(row, value="51.7%", held_by=1) for row in WHOLE.case_parts))
    assert "51.7%" in repr(technical(rare))
    shown = repr(technical(suppress(rare, 10)))
    assert "51.7%" not in shown
    assert "a rare value" in shown


HOSTILE = '<script>alert(1)</script> #eval("1+1") $x^2$ *bold* `code` @ref 👍'
MARKED = replace(
    WHOLE,
    case_parts=tuple(replace(row, value=HOSTILE, words=f"debt {HOSTILE}") for row in WHOLE.case_parts),
    way_out_changes=tuple(replace(row, to_text="x" * 5_000, from_text=HOSTILE) for row in WHOLE.way_out_changes),
    surrogate_leaves=tuple(replace(row, path=json.dumps([["debt", HOSTILE]])) for row in WHOLE.surrogate_leaves),
)


def texts(of: Document) -> list[str]:
    cells = [cell for block in all_blocks(of) if isinstance(block, Grid) for row in block.rows for cell in row]
    return [*(str(text) for block in document_blocks(of) for text in block), *cells]


@pytest.mark.parametrize("evidence", [WHOLE, MARKED], ids=["plain", "hostile"])
@pytest.mark.parametrize("kind", [technical, pack])
def test_every_text_stands_in_the_html_file_and_nothing_becomes_markup(kind: object, evidence: Evidence) -> None:
    assert callable(kind)
    made_of = kind(evidence)
    page = to_html(made_of).decode()
    said = squeezed(text_of_html(page))
    assert [text for text in texts(made_of) if squeezed(text) not in said] == []
    assert "<script>alert" not in page


def test_every_text_stands_in_the_pdf() -> None:
    file = pypdfium2.PdfDocument(to_pdf(technical()))
    said = squeezed("".join(page.get_textpage().get_text_range() for page in file))
    file.close()
    sentences = [text for text in texts(technical()) if " " in text]
    # Heads and feet of pages may stand inside a text.
    assert sum(squeezed(text) in said for text in sentences) >= 0.9 * len(sentences)


def test_hostile_words_run_no_command_of_the_pdf() -> None:
    file = pypdfium2.PdfDocument(to_pdf(technical(MARKED)))
    said = squeezed("".join(page.get_textpage().get_text_range() for page in file))
    file.close()
    assert '#eval("1+1")' in said.replace("“", '"').replace("”", '"')
