"""What a document is made of: frozen pieces that say what is shown, never how it is drawn.

Prose holds sentences that know their figures, so that a reader of the tree can hold every number against the run file.
Text of the plan and of people is plain text everywhere; each renderer escapes it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from evaluator.charts import Chart
from evaluator.records import RunState, Status
from evaluator.wording import Sentence

Text = Sentence | str
ParagraphRole = Literal["kicker", "answer", "lead", "text", "note"]
Tone = Literal["plain", "attention"]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences that stand together; `role` says how loud they are."""

    sentences: tuple[Text, ...]
    role: ParagraphRole = "text"


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a list: a few words that lead, what is said about them, and a line of the plan to add ('' for none)."""

    lead: str
    sentences: tuple[Text, ...] = ()
    status: Status | None = None
    add_to_plan: str = ""


@dataclass(frozen=True, slots=True)
class Items:
    """A list; `numbered` when its order matters."""

    items: tuple[Item, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels with their texts."""

    rows: tuple[tuple[str, Text], ...]


@dataclass(frozen=True, slots=True)
class Side:
    """One of two columns of equal weight."""

    title: str
    items: tuple[Item, ...]
    empty: str
    """What is said when there is no item."""


@dataclass(frozen=True, slots=True)
class Sides:
    """For and against, beside one another."""

    left: Side
    right: Side


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. `numeric` columns stand to the right; `caption` says what it holds."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart with its title and how to read it; `small` ones take half of the width where there is room.

    Without `titled` both are left to the text around it; the picture still says them to those who do not see it.
    """

    chart: Chart
    small: bool = False
    titled: bool = True


@dataclass(frozen=True, slots=True)
class Badges:
    """How far the evidence can be trusted, one short sentence each; `attention` marks what a reader should question."""

    badges: tuple[tuple[Text, Tone], ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """A part that a reader would expect and that is not there: what, why, and the line of the plan that would add it."""

    what: str
    why: str
    add_to_plan: str = ""


Block = Paragraph | Items | Facts | Sides | Grid | Picture | Badges | Missing


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a document. `key` is stable and never shown; `new_page` starts it on a page of its own."""

    key: str
    title: str
    blocks: tuple[Block, ...]
    sections: tuple[Section, ...] = ()
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class Identity:
    """What stands on every page: which run, which file, of when, and what it may be used for."""

    run_id: str
    file_sha256: str
    model: str
    version: str
    evaluated: str
    """The day of the evaluation, in words."""
    state: RunState
    state_words: str
    """ "Draft, not for decision", or "Released 20 Nov 2026 by ...", ..."""


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document. `language` is that of our own words."""

    key: str
    name: str
    """What kind of document it is: "Brief", "Committee pack", ..."""
    title: str
    identity: Identity
    blocks: tuple[Block, ...]
    """What stands before the first section."""
    sections: tuple[Section, ...]
    contents: bool = False
    """Whether a table of contents follows the title."""
    language: str = "en"


def all_sections(document: Document) -> Iterator[Section]:
    """Every section, parents before their children."""

    def walk(sections: tuple[Section, ...]) -> Iterator[Section]:
        for section in sections:
            yield section
            yield from walk(section.sections)

    yield from walk(document.sections)


def all_blocks(document: Document) -> Iterator[Block]:
    """Every block in reading order."""
    yield from document.blocks
    for section in all_sections(document):
        yield from section.blocks


def texts_of(block: Block) -> Iterator[Text]:
    """The prose of a block, in reading order; tables and pictures have none."""
    match block:
        case Paragraph(sentences):
            yield from sentences
        case Items(items):
            yield from (text for item in items for text in item.sentences)
        case Sides(left, right):
            yield from (text for side in (left, right) for item in side.items for text in item.sentences)
        case Facts(rows):
            yield from (text for _, text in rows)
        case Badges(badges):
            yield from (text for text, _ in badges)
        case _:
            return
