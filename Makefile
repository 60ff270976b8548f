# The commands of the README. Everything runs in .venv, which `setup` makes from the pinned requirements.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEV_STAMP := $(VENV)/.installed-dev
PEER_STAMP := $(VENV)/.installed-peers
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c .ci/constraints.txt

.PHONY: help setup setup-dev demo test test-slow coverage-simulation check format bench screenshots clean

help:
	@echo "make demo         build and evaluate the demo portfolio, then open the app on a printed address"
	@echo "make test         set up and run the whole test suite, browser tests included"
	@echo "make coverage-simulation  measure how often ranges hold the truth, into docs/coverage.md (a quarter of an hour)"
	@echo "make check        format, lint and types"
	@echo "make bench        measure the figures, one line each"
	@echo "make screenshots  every page, both themes, three widths, into screenshots/"

$(VENV)/bin/python:
	$(PYTHON) -c "import sys; sys.exit('Plumbline needs Python 3.11 or newer') if sys.version_info < (3, 11) else None"
	$(PYTHON) -m venv $(VENV)

$(STAMP): requirements.txt .ci/constraints.txt pyproject.toml | $(VENV)/bin/python
	$(PIP) -r requirements.txt
	$(PIP) --no-deps -e .
	@touch $@

$(DEV_STAMP): $(STAMP) .ci/requirements-dev.txt
	$(PIP) -r .ci/requirements-dev.txt
	@touch $@

$(PEER_STAMP): $(DEV_STAMP) benchmarks/requirements-peers.txt
	$(PIP) -r benchmarks/requirements-peers.txt
	@touch $@

setup: $(STAMP)

setup-dev: $(DEV_STAMP)

demo: setup
	$(BIN)/python -m evaluator demo

# One thread for each of the two processes: more of them wait for each other.
test: check
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -m "not slow" -n 2 --dist loadfile --no-loadscope-reorder

test-slow: setup-dev
	$(BIN)/python -m pytest -m slow

coverage-simulation: setup-dev
	OPENBLAS_NUM_THREADS=1 $(BIN)/python tests/simulations/coverage_table.py

check: setup-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: setup-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(PEER_STAMP)
	$(BIN)/python benchmarks/all.py

screenshots: setup-dev
	$(BIN)/python tests/browser/screenshots.py

clean:
	rm -rf $(VENV) screenshots build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
