# Anhuan's doors. Each target sets itself up from Python 3.11+ and make alone; what is there is not done again.
#
#   make run      the whole of Anhuan with a demo plant, on 127.0.0.1:8000 (PORT, HOST, ANHUAN_DATA, DATABASE_URL)
#   make test     all tests, in the browser as well
#   make check    style, types, import contracts and habits: what can be judged without running Anhuan
#   make bench    the performance programme; writes bench/RESULTS.md
#   make torture  the kill tests and the core's state machine, at length
#   make web      the web pages, when their sources changed
#   make wheel    dist/anhuan-*.whl, web pages included
#   make lock     renews requirements/*.lock from pyproject.toml
#   make contract renews contract/openapi.json from the routes

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help run test check bench torture web web-check browser wheel lock contract format clean

VENV := .venv
PYTHON := $(VENV)/bin/python
PIP := $(PYTHON) -m pip --disable-pip-version-check -qq install
PROCESSES ?= 2

help:
	@sed -n '2,/^$$/s/^# \{0,1\}//p' Makefile

run: $(VENV)/.ready-to-run web
	@exec $(VENV)/bin/anhuan run

# The browser's tests run alone: Chromium wants both cores, and its driver keeps an event loop that others' tests would
# meet. pytest comes last, so that its closing line is the last thing said.
test: $(VENV)/.ready-to-test web web-check browser
	@$(VENV)/bin/pytest -q tests/browser
	@exec $(VENV)/bin/pytest -n $(PROCESSES) --dist worksteal --ignore=tests/browser

check: $(VENV)/.ready-to-test
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(VENV)/bin/pytest -q tests/habits

bench: $(VENV)/.ready-to-test
	@exec $(PYTHON) -m bench

torture: $(VENV)/.ready-to-test
	@EXAMPLES=$${EXAMPLES:-3000} $(VENV)/bin/pytest -q tests/laws/test_core_machine.py
	@ANHUAN_KILLS=$${ANHUAN_KILLS:-200} exec $(VENV)/bin/pytest -v tests/smoke -k kill

web: $(VENV)/.ready-to-run $(VENV)/.ready-for-node
	@$(PYTHON) tools/web.py build

web-check: web
	@$(PYTHON) tools/web.py check

# Chromium, for tests/browser: Debian's where this may install it; those tests fail and say so where there is none.
browser:
	@sh tools/browser.sh

wheel: $(VENV)/.ready-to-test web
	@$(PYTHON) -m pip --disable-pip-version-check wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

format: $(VENV)/.ready-to-test
	$(VENV)/bin/ruff check --fix
	$(VENV)/bin/ruff format

lock: $(VENV)/.ready-to-run
	@sh tools/lock.sh

contract: $(VENV)/.ready-to-run
	@$(PYTHON) tools/contract.py

clean:
	rm -rf $(VENV) build dist web/dist web/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# The environment. Its stamps are written last, so that whatever was interrupted is done again.
$(VENV)/bin/python:
	@sh tools/python.sh $(VENV)

$(VENV)/.ready-to-run: requirements/run.lock pyproject.toml hatch_build.py | $(VENV)/bin/python
	@echo "setting up Anhuan's Python packages in $(VENV) (a minute, once)"
	@$(PIP) --require-hashes -r requirements/run.lock
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.ready-to-test: requirements/dev.lock $(VENV)/.ready-to-run
	@echo "setting up the packages for tests and checks"
	@$(PIP) --require-hashes -r requirements/dev.lock
	@touch $@

# Node from a wheel, where none that is new enough is on PATH.
$(VENV)/.ready-for-node: requirements/node.lock tools/web.py | $(VENV)/.ready-to-run
	@if [ -z "$$($(PYTHON) tools/web.py find-node)" ]; then \
	  echo "no Node 20.19 or newer found: bringing one for the web pages into $(VENV)"; \
	  $(PIP) --require-hashes -r requirements/node.lock; \
	fi
	@touch $@
