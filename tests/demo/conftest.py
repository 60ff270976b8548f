from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from evaluator.demo import lending
from evaluator.demo.applications import TEST_YEAR, TRAINING_YEAR
from evaluator.demo.portfolio import build_portfolio


@pytest.fixture(scope="session")
def true_train() -> pd.DataFrame:
    return lending.true_year(TRAINING_YEAR, lending.APPLICATIONS)


@pytest.fixture(scope="session")
def true_test() -> pd.DataFrame:
    return lending.true_year(TEST_YEAR, lending.APPLICATIONS)


@pytest.fixture(scope="session")
def recorded() -> tuple[pd.DataFrame, pd.DataFrame]:
    return lending.recorded_years()


@pytest.fixture(scope="session")
def small_portfolio(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    return build_portfolio(tmp_path_factory.mktemp("demo"), applications=4000)
