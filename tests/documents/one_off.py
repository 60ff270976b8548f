"""Prose with one figure printed wrong: what a check of figures must notice."""

from __future__ import annotations

from dataclasses import replace

from figure_oracle import NUMBER, places_of
from prose import Block, sentences_of

from evaluator.wording import Sentence


def one_off(block: Block) -> list[tuple[Sentence, list[Sentence]]]:
    """A block once for every figure, with that figure changed."""
    sentences, found = sentences_of(block), []
    for position, (sentence, places) in enumerate(places_of(sentences)):
        for number, place in enumerate(places):
            figure = place.figure
            if not NUMBER.fullmatch(figure.text) or figure.role in ("scale", "every", "n", "count"):
                continue
            # Ranges a year, and those of clustered cases of both kinds, are held against what they must hold alone.
            if (place.yearly or place.joint) and figure.role in ("low", "high"):
                continue
            other = next_number(figure.text)
            text = f"{sentence.text[: len(place.before)]}{other}{sentence.text[len(place.before) + len(figure.text) :]}"
            figures = [*sentence.figures]
            figures[number] = replace(figure, text=other)
            changed = Sentence(text, tuple(figures), sentence.quoted)
            found.append((changed, [*sentences[:position], changed, *sentences[position + 1 :]]))
    return found


def next_number(text: str) -> str:
    """The number two units up in its last significant place: what rounding to three digits cannot hide."""
    digits = text.replace(",", "")
    if "." in digits:
        places = len(digits.partition(".")[2])
        return f"{float(digits.replace('−', '-')) + 2 * 10.0**-places:.{places}f}".replace("-", "−")
    step = 10 ** max(len(digits) - 2, 0)
    return f"{int(digits.replace('−', '-')) + 2 * step:,}".replace("-", "−")
