# careplan: `make help` lists what can be made. Everything sets itself up first; a second run does not.
.DEFAULT_GOAL := help
.PHONY: help setup browser node demo test lint docs prove bench bench-render laws fuzz-engines fuzz-readers requirements clean

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory

python := .venv/bin/python
jobs = $(or $(CAREPLAN_JOBS),$(shell nproc))

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' Makefile
	@echo "  PYTHON=python3.12 chooses the Python of .venv; CAREPLAN_JOBS=4 the processes of the tests."

setup:  ## prepare .venv: system libraries, pinned dependencies, careplan itself
	@PYTHON="$(PYTHON)" scripts/setup

browser: setup
	@scripts/setup browser

node:
	@scripts/node

demo: setup  ## a patient and a clinician PDF of examples/fibromyalgia.yaml, in build/demo
	@.venv/bin/careplan generate examples/fibromyalgia.yaml -o build/demo --edition both --sign-off "Dr Bell, GP"

test: lint browser node  ## the linters and every test
	@$(python) -m pytest -q -n $(jobs) --dist loadgroup

lint: setup  ## style, format and types
	@$(python) -m ruff check --quiet --output-format concise
	@$(python) -m ruff format --check --quiet || { echo "not formatted; run: .venv/bin/ruff format"; exit 1; }
	@$(python) -m mypy --no-error-summary

docs: setup  ## write the pages that are generated from the code, and the picture of the README
	@$(python) scripts/hook_pages.py
	@$(python) scripts/cli_pages.py
	@$(python) scripts/fact_pages.py
	@$(python) scripts/instrument_pages.py
	@.venv/bin/careplan rules pages
	@.venv/bin/careplan rules schema >docs/ruleset.schema.json
	@$(python) scripts/picture.py

prove: setup  ## what z3 proves of the rulesets: what can never happen, and what must not and can
	@.venv/bin/careplan rules prove

bench: setup  ## how fast it is, beside other engines
	@$(python) -m bench

bench-render: setup  ## how fast many cases are printed, beside WeasyPrint alone and Chromium
	@$(python) -m bench batches

laws: setup  ## every law of a plan for 10,000 random people
	@CAREPLAN_CROWDS=$(or $(CAREPLAN_CROWDS),8) $(python) -m pytest -q -n $(jobs) tests/plan/test_laws_for_thousands.py

fuzz-engines: setup  ## try 200,000 cases to part the three engines
	@CAREPLAN_ENGINE_CASES=$(or $(CAREPLAN_ENGINE_CASES),200000) $(python) -m pytest -q \
		tests/rules/test_engines_agree.py tests/rules/test_columns.py

fuzz-readers: setup  ## try for an hour to upset the readers of conditions and rulesets
	@CAREPLAN_FUZZ_MINUTES=$(or $(CAREPLAN_FUZZ_MINUTES),60) $(python) -m pytest -q -n 2 tests/rules/test_any_text.py

requirements: setup  ## pin every dependency anew, with hashes
	@CUSTOM_COMPILE_COMMAND="make requirements" $(python) -m piptools compile --quiet --upgrade --generate-hashes \
		--allow-unsafe --strip-extras --all-extras --no-emit-index-url --no-emit-find-links \
		--output-file requirements.txt pyproject.toml
	@CUSTOM_COMPILE_COMMAND="make requirements" $(python) -m piptools compile --quiet --upgrade --generate-hashes \
		--allow-unsafe --strip-extras --only-build-deps --build-deps-for editable --build-deps-for wheel \
		--no-emit-index-url --no-emit-find-links --output-file requirements-build.txt pyproject.toml

clean:  ## remove .venv and whatever was built
	@rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
