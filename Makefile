# `make run` and `make test` need only Python 3.11+, pip and make.
PYTHON ?= python3
BIN := .venv/bin
# EXTRAS=dev, in a fresh checkout, does without PyTorch and without what needs it.
EXTRAS ?= torch,dev
# Those that wheel-check tries a wheel with.
PYTHONS ?= $(PYTHON)
# Of the damaged files of `make fuzz`: all of them, or one in so many.
FUZZ ?= full
# Of the cases of a thorough test: all of them, or one in so many, others with each commit.
THOROUGH ?= 1
.DEFAULT_GOAL := help

# Quick, and the same scores with every instruction set that was tried: see docs/checking.md.
SMOKE := -t kcf -t ncc -t static -t rectracker-id -t rectracker-att1 --suite smoke
SMOKE_BASELINE := tests/baselines/smoke.json

# Before makers and hosts: what `make bench` is measured against.
OLD := 0487486

# Tests start a thousand processes, which need not compile the same files each.
unexport PYTHONDONTWRITEBYTECODE

# What goes before the tests goes side by side: mypy takes one processor for most of its time.
# Not where more is asked for, as in "make clean test": that has an order.
ifeq ($(MAKECMDGOALS),test)
MAKEFLAGS += --jobs=2
endif

.PHONY: help run test tests-compiled thorough types-darwin chaos fuzz interop lint types smoke-check baseline docs wheel-check bench clean

help:  ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

run: .venv/installed  ## run RecTracker-Att-1 on the paper's suite and print the table beside the paper's
	$(BIN)/trackbench run --tracker rectracker-att1 --suite paper --with-published

test: .venv/installed lint types smoke-check tests-compiled  ## lint, types, smoke-check and tests
	$(BIN)/pytest -n 2 --dist worksteal -m "not thorough"

# Once, while mypy has the other processor: two workers would each do it. What fails here fails there.
tests-compiled: .venv/installed
	$(BIN)/pytest --collect-only -qq >/dev/null 2>&1 || true

lint: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

ifeq ($(findstring torch,$(EXTRAS)),)
types smoke-check:  # they are of what learns, too
	@echo "$@: left out, it needs the extra torch"
else
types: .venv/installed
	$(BIN)/mypy

# Of 8 sequences hardly any loss is significant, and these trackers repeat exactly: --alpha 1 lets
# the tolerance alone decide. Exit code 3 is a failed sequence; whether that is new is for the check.
smoke-check: .venv/installed  ## run our trackers on the smoke suite and check them for regressions
	out=$$(mktemp -d) && trap 'rm -rf "$$out"' EXIT && \
	{ $(BIN)/trackbench run $(SMOKE) --out "$$out" || test $$? -eq 3; } && \
	$(BIN)/trackbench check "$$out" --baseline $(SMOKE_BASELINE) --alpha 1
endif

baseline: .venv/installed  ## renew what smoke-check holds to; commit it with what made it better
	out=$$(mktemp -d) && trap 'rm -rf "$$out"' EXIT && \
	$(BIN)/trackbench run $(SMOKE) --out "$$out" && \
	$(BIN)/trackbench baseline "$$out" --out $(SMOKE_BASELINE)

thorough: .venv/installed  ## the tests that take about a second or more each: every one of a kind, whole pipelines
	TRACKBENCH_THOROUGH=$(THOROUGH) $(BIN)/pytest -n 2 --dist worksteal -m thorough --durations=30

types-darwin: .venv/installed  ## types as macOS has them
	$(BIN)/mypy --platform darwin --cache-dir .mypy_cache/darwin

chaos: .venv/installed  ## a hundred kills at random moments of a run of wrong trackers
	TRACKBENCH_CHAOS_KILLS=100 $(BIN)/pytest tests/chaos -s

fuzz: .venv/installed  ## ten thousand damaged files
	TRACKBENCH_FUZZ=$(FUZZ) $(BIN)/pytest tests/fuzz -s

interop: .venv/installed  ## the real toolkits that trackers are written for
	TRACKBENCH_INTEROP=1 $(BIN)/pytest tests/interop --durations=15

docs: .venv/docs  ## the site into build/site, its reference made from the code; a warning or a dead link is an error
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

wheel-check: .venv/installed  ## build what would be published, look at it, and run it in empty environments
	rm -rf dist
	$(BIN)/python scripts/check_wheel.py dist --build --smoke $(PYTHONS)

bench: .venv/installed  ## time generating, the harness, tracking and whole suites (nothing else may run)
	$(BIN)/pytest tests/benchmarks tests/reports/html/test_page_speed.py -p no:xdist --benchmark-only -s
	$(BIN)/python scripts/compare_speed.py --old $(OLD)

clean:  ## remove the environment and what was built
	rm -rf .venv build dist *.egg-info

# Not compiled: of some twenty thousand modules a few hundred are ever imported, which then are.
.venv/installed: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --no-compile -c constraints.txt -e '.[$(EXTRAS)]'
	touch $@

.venv/docs: .venv/installed
	$(BIN)/python -m pip install --quiet --no-compile -c constraints.txt -e '.[docs]'
	touch $@
