# `make run` is all a new machine needs: Python 3.11 or newer with pip, make and git.
VENV ?= .venv
BIN := $(VENV)/bin
# pyenv's and Debian's python3 may be too old while a newer one lies beside it.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
CATALOGS := $(shell find app modules -name '*.po' 2>/dev/null)
TEXTS := $(if $(wildcard app/core/catalogs.py),$(VENV)/.texts)

.PHONY: help run smoke reset install install-dev test test-browser lint types contracts audit check benchmark lock clean

help:
	@echo 'make run           start Parvis with the demo cities; Ctrl-C stops it, LOGS=1 shows every line'
	@echo 'make smoke         start everything, check that it answers, stop'
	@echo 'make reset         remove the data of this checkout'
	@echo 'make test          tests that need no browser; ARGS="..." goes to pytest'
	@echo 'make test-browser  tests in Chromium'
	@echo 'make check         lint, types, contracts and test'
	@echo 'make benchmark     measure; NAME=routing says what, ARGS="--small" how (docs/benchmarks.md)'
	@echo 'make lint          ruff'
	@echo 'make types         mypy'
	@echo 'make contracts     who may import whom'
	@echo 'make audit         known weaknesses of the packages in the lock files'
	@echo 'make lock          write the lock files from what is installed; UPGRADE=1 upgrades first'
	@echo 'make clean         remove the virtual environment and caches'

run: install
	@exec $(BIN)/python -m devstack run

smoke: install
	@exec $(BIN)/python -m devstack smoke

reset: install
	@exec $(BIN)/python -m devstack reset

# Each process has servers of its own. Tests that start whole deployments come after, alone: they wait for real clocks.
test: install-dev
	@$(BIN)/python -m pytest -m 'not browser and not slow' -n auto --maxprocesses 4 --dist loadfile \
		--no-loadscope-reorder $(ARGS) || [ $$? -eq 5 ]
	@$(BIN)/python -m pytest -m 'slow and not browser' $(ARGS) || [ $$? -eq 5 ]
	@for browser in $$CHROMIUM chromium chromium-browser google-chrome; do \
		command -v $$browser >/dev/null && exit 0; done; \
		echo 'Browser tests need Chromium: apt-get install chromium, then make test-browser.'

# Without Chromium these tests are skipped; REQUIRE_BROWSER=1 makes that a failure.
test-browser: install-dev
	@$(BIN)/python -m pytest -m browser $(ARGS)

lint: install-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: install-dev
	@$(BIN)/mypy

contracts: install-dev
	@$(BIN)/lint-imports

audit: install-dev
	@$(BIN)/python -m devstack.audit

check: lint types contracts test

# The peer that we compare ourselves with is needed for this alone.
benchmark: install-dev
	@$(BIN)/python -m pip install -q --editable '.[benchmark]'
	@$(BIN)/python -m benchmarks.$(or $(NAME),routing) $(ARGS)

lock: install-dev
	@if [ -n "$(UPGRADE)" ]; then $(BIN)/python -m pip install -q --upgrade --editable '.[devstack,test]'; fi
	@$(BIN)/python -m devstack.lockfiles

install: $(VENV)/.run $(TEXTS)

install-dev: $(VENV)/.dev $(TEXTS)

$(VENV)/.run: requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo 'Parvis needs Python 3.11 or newer; none was found.' >&2; exit 1; }
	@$(PYTHON) devstack/install.py $(VENV) requirements.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	@$(PYTHON) devstack/install.py $(VENV) requirements-dev.lock
	@touch $@

$(VENV)/.texts: $(CATALOGS) $(VENV)/.run
	@$(BIN)/python -m app.core.catalogs compile
	@touch $@

clean:
	rm -rf $(VENV) build dist *.egg-info .hypothesis .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	find app benchmarks devstack migrations modules tenants tests worker -name __pycache__ -prune -exec rm -rf {} +
