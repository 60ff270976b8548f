"""The small moves that every part of a document makes: records to blocks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from evaluator.charts import Chart
from evaluator.records import NotTested
from evaluator.report.document.nodes import Block, Facts, Grid, Item, Missing, Paragraph, ParagraphRole, Picture, Text
from evaluator.report.reasons import Reason
from evaluator.wording import Sentence, compose, plural
from evaluator.wording.reading import count


def said(texts: Iterable[Text | None], role: ParagraphRole = "text") -> tuple[Block, ...]:
    """One paragraph of these sentences; nothing without any."""
    kept = tuple(text for text in texts if text is not None and str(text))
    return (Paragraph(kept, role),) if kept else ()


def apart(texts: Iterable[Text | None], role: ParagraphRole = "text") -> tuple[Block, ...]:
    """A paragraph for each sentence."""
    return tuple(Paragraph((text,), role) for text in texts if text is not None and str(text))


def recorded(text: str) -> Sentence:
    """A text that stands in the run file word for word, its numbers included."""
    return Sentence(text, quoted=(text,) if text else ())


def more_elsewhere(left: int, where: str, what: tuple[str, str] = ("", "")) -> Sentence:
    """ "3 more stand in the committee pack."; `what` names one and many of them."""
    one, many = (f" {name}" if name else "" for name in what)
    left_out = plural(left, f" more{one} stands", f" more{many} stand")
    return compose(count(left, "count", "document"), left_out, f" in the {where}.")


def picture(chart: Chart | None, *, small: bool = False, titled: bool = True) -> tuple[Block, ...]:
    """A chart, or nothing where there is nothing to draw."""
    return (Picture(chart, small, titled),) if chart is not None else ()


def facts(rows: Iterable[tuple[str, Text]]) -> tuple[Block, ...]:
    """Labels with their texts, those without a text left out."""
    kept = tuple((label, text) for label, text in rows if str(text))
    return (Facts(kept),) if kept else ()


def grid(
    caption: str, columns: Sequence[str], rows: Sequence[Sequence[str]], numeric: Sequence[int] = ()
) -> tuple[Block, ...]:
    """A table, or nothing without rows."""
    if not rows:
        return ()
    return (Grid(caption, tuple(columns), tuple(tuple(row) for row in rows), tuple(numeric)),)


def grid_apart(caption: str, columns: Sequence[str], rows: Sequence[Sequence[str]], told: str) -> tuple[Block, ...]:
    """A table; what its column `told` says alike in every row is said once, below it."""
    column = columns.index(told)
    shared = {row[column] for row in rows}
    if len(shared) != 1:
        return grid(caption, columns, rows)
    kept = [position for position in range(len(columns)) if position != column]
    table = grid(caption, [columns[one] for one in kept], [[row[one] for one in kept] for row in rows])
    return (*table, *said([recorded(f"{told}: {text}.") for text in shared if text], "note"))


def reason_items(reasons: Sequence[Reason]) -> tuple[Item, ...]:
    """Reasons as entries of a list."""
    return tuple(Item(reason.about, tuple(reason.sentences), reason.status) for reason in reasons)


def gaps(rows: Iterable[NotTested]) -> tuple[Block, ...]:
    """What was not tested, with the line of the plan that would add it."""
    return tuple(
        Missing(row.what, f"{'It failed' if row.failed else 'Not tested'}, because {row.reason}.", row.add_to_plan)
        for row in rows
    )
