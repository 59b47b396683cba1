# `make run` and `make test` need only Python 3.11+, pip and make.
PYTHON ?= python3
BIN := .venv/bin
.DEFAULT_GOAL := help

.PHONY: help run test lint types bench clean

help:  ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

run: .venv/installed  ## run KCF on the whole paper suite and print the table beside the paper's
	$(BIN)/trackbench run --tracker kcf --suite paper --out results/paper --with-published

test: .venv/installed lint types  ## lint, types and tests
	$(BIN)/pytest

lint: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: .venv/installed
	$(BIN)/mypy

bench: .venv/installed  ## time generating, the harness and tracking (nothing else may run)
	$(BIN)/pytest tests/benchmarks -p no:xdist --benchmark-only -s

clean:  ## remove the environment and what was built
	rm -rf .venv build dist *.egg-info

.venv/installed: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[torch,dev]'
	touch $@
