"""Logistic regression of what happened on the log-odds of what was promised."""

from __future__ import annotations

import numpy as np
from scipy import special

from evaluator.statistics.influence import BoolArray, Influence
from evaluator.statistics.spread import FloatArray, sum_of_products


def cox_slope(label: BoolArray, probability: FloatArray, weight: FloatArray | None = None) -> Influence | None:
    """Slope of a logistic regression of the label on the log-odds of the probability (Cox 1958); 1 is ideal.

    Returns
    -------
    None when the regression has no finite solution (perfect separation) or the probability does not vary.
    """
    return slope_on_log_odds(label, log_odds(probability), weight)


def cox_intercept(label: BoolArray, probability: FloatArray, weight: FloatArray | None = None) -> Influence | None:
    """Shift in log-odds between promised and seen, slope held at 1; 0 is ideal.

    Returns
    -------
    None without both outcomes, and where every probability is 0 or 1 and as many are wrong on either side: then every
    shift fits alike.
    """
    return shift_of_log_odds(label, log_odds(probability), weight)


def shift_of_log_odds(label: BoolArray, offset: FloatArray, weight: FloatArray | None = None) -> Influence | None:
    """`cox_intercept` from the log-odds of the probability."""
    if label.all() or not label.any():
        return None
    ones = np.ones(label.size) if weight is None else weight
    shift = 0.0
    for _ in range(100):
        fitted = special.expit(offset + shift)
        information = sum_of_products(ones, fitted * (1 - fitted))
        if information <= 0:
            return None
        step = sum_of_products(ones, label - fitted) / information
        shift += max(-4.0, min(4.0, step))
        if abs(step) < 1e-12:
            break
    else:
        return None
    flat = information < 1e-9 * ones.sum()
    return None if flat else Influence(shift, ones * (label - fitted) / information)


def log_odds(probability: FloatArray) -> FloatArray:
    """Log-odds of probabilities, which are kept 1e-12 away from 0 and 1."""
    clipped = np.clip(probability, 1e-12, 1 - 1e-12)
    odds: FloatArray = special.logit(clipped)
    return odds


def slope_on_log_odds(label: BoolArray, x: FloatArray, weight: FloatArray | None = None) -> Influence | None:
    """`cox_slope` from log-odds `x`: Newton steps with halving, and the sandwich influence."""
    if label.all() or not label.any() or np.ptp(x) < 1e-9:
        return None
    ones = np.ones(label.size) if weight is None else weight

    def loss_at(beta: FloatArray) -> float:
        return _loss(beta[0] + beta[1] * x, label, ones)

    beta = min(np.zeros(2), np.array([0.0, 1.0]), key=loss_at)
    loss = loss_at(beta)
    for _ in range(100):
        fitted = special.expit(beta[0] + beta[1] * x)
        gradient = np.array(_moments(ones * (label - fitted), x, 2))
        flat, first, second = _moments(ones * fitted * (1 - fitted), x, 3)
        information = np.array([[flat, first], [first, second]])
        if np.linalg.cond(information) > 1e14:
            return None
        step = np.linalg.solve(information, gradient)
        # A sum of very many losses is only known to rounding, which must not shorten the last steps.
        allowed = loss + 1e-12 * max(1.0, abs(loss))
        while (trial := loss_at(beta + step)) > allowed and np.abs(step).max() > 1e-12:
            step = step / 2
        beta, loss = beta + step, trial
        if np.abs(step).max() < 1e-10:
            apart = ones * (label - special.expit(beta[0] + beta[1] * x))
            of_flat, of_slope = np.linalg.inv(information)[:, 1]
            return Influence(float(beta[1]), apart * (of_flat + of_slope * x))
        if abs(beta[1]) > 1e4:
            return None
    return None


def _moments(weight: FloatArray, x: FloatArray, count: int) -> list[float]:
    """Weighted sums of 1, x, x^2, ..."""
    found = [float(weight.sum())]
    for _ in range(count - 1):
        weight = weight * x
        found.append(float(weight.sum()))
    return found


def _loss(eta: FloatArray, label: BoolArray, weight: FloatArray) -> float:
    return sum_of_products(weight, np.logaddexp(0.0, eta) - label * eta)
