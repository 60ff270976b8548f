"""Documents by hand: every kind of block, every chart, and text that means harm."""

from __future__ import annotations

from typing import Literal

from chart_samples import all_samples

from evaluator.records import RunState
from evaluator.report.document.nodes import (
    Badges,
    Block,
    Document,
    Facts,
    Grid,
    Identity,
    Item,
    Items,
    Missing,
    Paragraph,
    Picture,
    Section,
    Side,
    Sides,
)

HASH = "8c1f2a9d4b6e7f0183a5c2d9e4f6b7a80c1d2e3f405162738495a6b7c8d9eaf0"
RUN_ID = "loan-approval-2-3_20261120T093000Z_8c1f2a9d"
HOSTILE = (
    "#eval(\"1 + 1\")", '#read("/etc/passwd")', '#import "@preview/cetz:0.3.0"', "$ sum_(x) $ *bold* _it_ `raw`", "= Heading",
    "@label <label>", "\\ \\u{41} \\\\", '"quoted" \'single\' “curly”', "first\nsecond\r\nthird", "a\x00b\x07c\x1bd",
    "]]> </svg> <script>alert(1)</script> &amp;", "#set page(width: 1pt)", "// comment /* more", "- list + enum / term: x",
    "~ --- ... -?", "https://example.org/x.png ![x](http://h/p.png)", "\u202eevil\u202c \u2066", "", "   ", "{} [] ( #[ #{", '{"a": 1}',
)  # fmt: skip
LONG_WORD = "Wörterbuch" * 1000


def identity(state: RunState = "released", words: str = "Released 20 Nov 2026 by Mara Lind") -> Identity:
    return Identity(RUN_ID, HASH, "Consumer loan score", "2.3", "20 Nov 2026", state, words)


def draft() -> Identity:
    return identity("draft", "Draft, not for decision")


def document(*blocks: Block, sections: tuple[Section, ...] = (), who: Identity | None = None, **more: bool) -> Document:
    title = "May version 2.3 replace version 2.2 for consumer loans up to EUR 10,000?"
    return Document("sample", "Committee pack", title, who or identity(), blocks, sections, **more)


def sides() -> Sides:
    return Sides(
        Side("For", (Item("", ("Of 1,000 applicants, 98 who would repay are refused (95% range 94 to 102).",)), Item("", ("Version 2.2 refused 16 more (13 to 20) on the same applications.",))), "Nothing speaks for it."),
        Side("Against", (Item("", ("Of 100 self-employed applicants given a 20% chance of default, 30 defaulted (26 to 35).",)), Item("", ("The lender bears this error.",))), "Nothing speaks against it."),
    )  # fmt: skip


def items() -> Items:
    return Items(
        (
            Item("Self-employed applicants default as often as the score promises.", ("Of 100, 30 defaulted (26 to 35).",), "not_met"),
            Item("Applicants from 60 are refused about as often.", ("The gap is 36 (16 to 59).",), "inconclusive"),
            Item("Applicants under 21.", ("The data had fewer than 10.",), "too_few"),
            Item("What breaks it.", ("The model was not supplied.",), "not_tested", "subject:\n  model:\n    path: model.skops"),
            Item("It ranks who repaid above who defaulted.", ("81 of 100 pairs (80 to 82).",), "met"),
            Item("Speed.", (), "not_applicable"),
        )
    )  # fmt: skip


def facts() -> Facts:
    return Facts((
        ("Purpose", "Whether an application for a consumer loan up to EUR 10,000 is refused."),
        ("Who decides", "A clerk decides; the score ranks."),
        ("File", HASH),
    ))  # fmt: skip


def badges() -> Badges:
    said: tuple[tuple[str, Literal["plain", "attention"]], ...] = (
        ("Limits were fixed on 12 Oct 2026, before the first result on 20 Oct 2026.", "plain"),
        ("The evaluator is independent.", "plain"),
        ("The test set was used 3 times.", "attention"),
    )
    return Badges(said)


def groups_grid(rows: int = 6) -> Grid:
    words = ("Women aged 60 or over", "Men", "Self-employed applicants", "Under 21", "Region North", "No answer")
    return Grid(
        "Refused although they would repay, of 1,000.",
        ("Group", "People", "Refused", "Range", "Status"),
        tuple((f"{words[n % 6]}", f"{512 + n:,}", str(132 + n), f"{124 + n} to {140 + n}", "Met") for n in range(rows)),
        (1, 2, 3),
    )


def wide_grid(columns: int) -> Grid:
    names = tuple(f"Class number {n}" for n in range(columns))
    rows = tuple((name, *(f"{n * 37 + column:,}" for column in range(columns))) for n, name in enumerate(names[:8]))
    return Grid("Which class is taken for which.", ("", *names), rows, tuple(range(1, columns + 1)))


def missing() -> Missing:
    return Missing(
        "What breaks it was not tested.",
        "The model itself was not supplied, so no changed input could be scored.",
        "subject:\n  model:\n    path: model.skops",
    )


def paragraphs() -> tuple[Block, ...]:
    return (
        Paragraph(("For decision on 24 Nov 2026.", "4 minutes to read."), "kicker"),
        Paragraph(
            ("The evaluator recommends: approve with conditions.", "The committee has not decided yet."), "answer"
        ),
        Paragraph(("5 of 8 requirements are met, 1 is not met, 1 is inconclusive and 1 was not tested.",), "lead"),
        Paragraph(("A plain sentence of running text that says a little more about what was asked and of whom. " * 3,)),
        Paragraph(("A note in small type.",), "note"),
    )


def everything(who: Identity | None = None) -> Document:
    """Every kind of block and of chart, two levels of sections, a table of contents."""
    charts = all_samples()
    pictures = tuple(
        Picture(chart, small=name in ("groups", "gaps", "bars", "strip")) for name, chart in charts.items()
    )
    return document(
        *paragraphs(), sides(), badges(),
        sections=(
            Section("requirements", "Which requirements are met?", (items(), facts())),
            Section("pictures", "What the pictures say", pictures, new_page=True),
            Section("tables", "The numbers", (groups_grid(), missing()), (
                Section("wide", "Wide tables", (wide_grid(6), wide_grid(10), wide_grid(25))),
                Section("long", "A long table", (groups_grid(90),)),
            )),
            Section("numbered", "Questions worth asking", (Items((Item("", ("No limit was set for ethnicity. Who decided that?",)), Item("Under 21:", ("What will the clerk do?",))), numbered=True),)),
        ),
        who=who, contents=True,
    )  # fmt: skip


def hostile() -> Document:
    """Every place that holds text of a plan or of people holds all the harmful ones."""
    all_of_them = " ".join(HOSTILE)
    entries = tuple(Item(text, (text,), "met", text) for text in HOSTILE)
    side = Side(all_of_them, entries, all_of_them)
    who = Identity(all_of_them, all_of_them, all_of_them, all_of_them, all_of_them, "draft", all_of_them)
    blocks: tuple[Block, ...] = (
        *(Paragraph((text,), role) for text in HOSTILE for role in ("kicker", "answer", "lead", "text", "note")),
        Items(entries), Facts(tuple((text, text) for text in HOSTILE)), Sides(side, side),
        Grid(all_of_them, (*HOSTILE[:4], ""), tuple((text,) * 5 for text in HOSTILE)),
        Badges(tuple((text, "attention") for text in HOSTILE)), Missing(all_of_them, all_of_them, "\n".join(HOSTILE)),
    )  # fmt: skip
    sections = tuple(Section("s", text, (Paragraph((text,)),)) for text in HOSTILE)
    return Document("hostile", all_of_them, all_of_them, who, blocks, sections, contents=True)


def long_word() -> Document:
    """A word of 10,000 letters wherever text may stand."""
    item = Item(LONG_WORD, (LONG_WORD,), "not_met", LONG_WORD)
    who = Identity(LONG_WORD, HASH, LONG_WORD, LONG_WORD, LONG_WORD, "draft", LONG_WORD)
    blocks: tuple[Block, ...] = (
        Paragraph((LONG_WORD,)), Items((item,)), Facts(((LONG_WORD, LONG_WORD),)),
        Sides(Side(LONG_WORD, (item,), ""), Side("Against", (), LONG_WORD)), Grid(LONG_WORD, ("a", LONG_WORD), ((LONG_WORD, "1"),)),
        Badges(((LONG_WORD, "plain"), ("short", "plain"))), Missing(LONG_WORD, LONG_WORD, LONG_WORD),
    )  # fmt: skip
    return Document("long", LONG_WORD, LONG_WORD, who, blocks, (Section("s", LONG_WORD, ()),), contents=True)


def empty() -> Document:
    return Document("empty", "", "", Identity("", "", "", "", "", "draft", ""), (), ())
