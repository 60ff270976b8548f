"""Calculations to rows of the importance and effect tables."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal, NamedTuple

import numpy as np

from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.contributions import Contributions
from evaluator.analyses.explanations.direction import shared_direction
from evaluator.analyses.explanations.effects import Curve
from evaluator.analyses.explanations.part_sizes import mean_sizes
from evaluator.analyses.explanations.ranks import REPEATS, Ranks, ranks_of
from evaluator.analyses.explanations.shifting import Shifted, mean_growth
from evaluator.analyses.explanations.together import Set
from evaluator.analyses.explanations.weighting import Means
from evaluator.catalogue.settings import MIN_RELEVANT
from evaluator.records import ALL, MODEL, Direction, Effect, Importance
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.quantiles import t_quantile
from evaluator.statistics.spread import FloatArray
from evaluator.statistics.streams import stream
from evaluator.wording import join_words

Method = Literal["shap", "permutation", "shap_together", "permutation_together"]
MOST_NAMED = 3


class Player(NamedTuple):
    """What one row is about: a feature, or several that move together, with what is known beside its importance."""

    feature: str
    words: str
    direction: Direction
    moves_with: tuple[str, ...]
    members: tuple[str, ...] = ()


class Shares(NamedTuple):
    """Parts of the sum by feature, with the ends of their ranges."""

    value: FloatArray
    low: FloatArray
    high: FloatArray


class Measured(NamedTuple):
    """Means by player and how they were come by. `relevant` is the smaller count of two outcomes among the rows."""

    means: Means
    how: str
    space: str
    n: int
    background: int | None
    relevant: int | None = None


def players_of(
    asked: Asked, directions: Sequence[Direction], moves_with: Sequence[tuple[str, ...]]
) -> tuple[Player, ...]:
    """Every feature for itself."""
    return tuple(
        Player(column.name, column.words, direction, others)
        for column, direction, others in zip(asked.columns, directions, moves_with, strict=True)
    )


def set_players(players: Sequence[Player], sets: Sequence[Set]) -> tuple[Player, ...]:
    """Every set of features; the single ones too, so that their rows can be read alone."""
    return tuple(_set_player([players[place] for place in columns]) for columns in sets)


def measured_parts(classes: Sequence[Contributions]) -> Measured:
    """Mean size of parts of the score by column, for the population; of several classes their mean."""
    found = classes[0]
    return Measured(mean_sizes(classes), found.how, found.space, found.drawn.n, found.background)


def measured_shifts(asked: Asked, shifted: Shifted) -> Measured:
    """Mean growth of the loss by column, for the population."""
    positive = int(np.count_nonzero(asked.label[shifted.drawn.index] > 0))
    relevant = min(positive, shifted.drawn.n - positive) if asked.two_outcomes else None
    return Measured(mean_growth(shifted), "shifted", shifted.space, shifted.drawn.n, None, relevant)


def drivers_of(measured: Measured, asked: Asked) -> BoolArray:
    """Columns whose growth of the loss is above zero beyond chance.

    Notes
    -----
    One-sided, and Bonferroni over columns and classes: of models that gain nothing from a feature, at most 1 - level
    call any feature a driver.
    """
    means = measured.means
    family = means.value.size * asked.classes
    half = t_quantile(1 - 2 * (1 - asked.level) / family, means.df) * means.se
    return np.asarray(means.value > half, dtype=bool)


def with_drivers(rows: Sequence[Importance], shifted: Sequence[Importance]) -> tuple[Importance, ...]:
    """Rows about parts of the score, told what shifting the same features showed."""
    drives = {row.feature: row.drives for row in shifted}
    return tuple(replace(row, drives=drives.get(row.feature)) for row in rows)


def untested_rows(
    asked: Asked, method: Method, players: Sequence[Player], space: str, reason: str
) -> tuple[Importance, ...]:
    """One row for each player that says why there is no number."""
    return tuple(_without_number(asked, method, player, space, reason) for player in players)


def importance_rows(
    asked: Asked, method: Method, measured: Measured, players: Sequence[Player]
) -> tuple[Importance, ...]:
    """One row for each player; without numbers where there are too few rows to tell."""
    if reason := _too_few(asked, measured):
        return tuple(
            replace(_without_number(asked, method, player, measured.space, reason), status="too_few", n=measured.n)
            for player in players
        )
    ranks = ranks_of(measured.means, asked.level, stream(asked.seed, f"explanations/ranks/{method}", asked.class_))
    shares = _shares(measured.means, asked.level) if method.startswith("shap") else None
    drives = drivers_of(measured, asked) if method.startswith("permutation") else None
    rows = (_importance(asked, method, measured, player, ranks, shares, place) for place, player in enumerate(players))
    return tuple(row if drives is None else replace(row, drives=bool(drives[place])) for place, row in enumerate(rows))


def effect_rows(asked: Asked, curves: Sequence[Curve | None]) -> tuple[Effect, ...]:
    """Every point of every curve."""
    return tuple(
        _effect(asked, curve, position) for curve in curves if curve is not None for position in range(curve.y.size)
    )


def _set_player(members: Sequence[Player]) -> Player:
    names = tuple(player.feature for player in members)
    return Player(
        names[0],
        _set_words([player.words for player in members]),
        shared_direction([player.direction for player in members]),
        (),
        names,
    )


def _set_words(words: Sequence[str]) -> str:
    more = len(words) - MOST_NAMED
    return join_words(words if more <= 0 else [*words[:MOST_NAMED], f"{more:,} more"])


def _too_few(asked: Asked, measured: Measured) -> str:
    """Why the rows looked at are too few, or ''."""
    if measured.n < asked.plan.data.min_group:
        return f"fewer than {asked.plan.data.min_group} {asked.words.cases}"
    if measured.relevant is not None and measured.relevant < MIN_RELEVANT:
        return f"fewer than {MIN_RELEVANT} {asked.words.cases} of one outcome"
    return ""


def _without_number(asked: Asked, method: Method, player: Player, space: str, reason: str) -> Importance:
    return Importance(
        method=method, subject=MODEL, population_id=ALL, feature=player.feature, words=player.words, value=None,
        low=None, high=None, se=None, level=asked.level, share=None, share_low=None, share_high=None,
        rank_low=None, rank_high=None, times_first=None, repeats=0, direction=player.direction,
        moves_with=json.dumps(list(player.moves_with)), space=space, unit=asked.unit_of(space), how="", n=0,
        background=None, weighted=asked.weight is not None, status="not_tested", reason=reason, class_=asked.class_,
        members=json.dumps(list(player.members)),
    )  # fmt: skip


def _importance(
    asked: Asked, method: Method, measured: Measured, player: Player, ranks: Ranks, shares: Shares | None, place: int
) -> Importance:
    means = measured.means
    value, half = float(means.value[place]), float(means.half_width(asked.level)[place])
    low, high = (value - half, value + half) if np.isfinite(half) else (None, None)
    share, share_low, share_high = (None, None, None) if shares is None else (_finite(end[place]) for end in shares)
    times = None if ranks.times_first is None else int(ranks.times_first[place])
    return replace(
        _without_number(asked, method, player, measured.space, ""), status="ok", value=value,
        low=max(low, 0.0) if method.startswith("shap") and low is not None else low, high=high,
        se=_finite(means.se[place]), share=share, share_low=share_low, share_high=share_high,
        rank_low=int(ranks.low[place]), rank_high=int(ranks.high[place]), times_first=times,
        repeats=0 if times is None else REPEATS, how=measured.how, n=measured.n, background=measured.background,
    )  # fmt: skip


def _shares(means: Means, level: float) -> Shares | None:
    """Each mean as a part of their sum, with t intervals by the delta method; None when the sum is zero."""
    total = means.value.sum()
    if total <= 0:
        return None
    share = means.value / total
    slope = (np.eye(share.size) - share[:, None]) / total
    variance = np.einsum("ij,jk,ik->i", slope, means.covariance, slope)
    half = t_quantile(level, means.df) * np.sqrt(variance.clip(min=0.0))
    return Shares(share, (share - half).clip(min=0.0), (share + half).clip(max=1.0))


def _effect(asked: Asked, curve: Curve, position: int) -> Effect:
    column, y, se = curve.column, float(curve.y[position]), float(curve.se[position])
    half = t_quantile(asked.level, curve.df) * se
    low, high = (y - half, y + half) if np.isfinite(half) else (None, None)
    x, level, label = curve.place(position)
    return Effect(
        subject=MODEL, population_id=ALL, feature=column.name, words=column.words,
        kind="levels" if curve.at is None else "quantity", position=position, x=x, level=level, label=label, y=y,
        low=low, high=high, se=_finite(se), confidence=asked.level, n=int(curve.n[position]),
        share=float(curve.share[position]), thin=curve.is_thin(position, asked.plan.data.min_group),
        space=asked.space, unit=asked.unit_of(asked.space), class_=asked.class_,
    )  # fmt: skip


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
