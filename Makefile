# Everything a person or CI types. `make help` lists it.
SHELL := /bin/bash
PY := .venv/bin/python
export PATH := $(CURDIR)/.venv/bin:$(PATH)

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

setup: .venv/.ready ## a virtual environment with everything pinned

.venv/.ready: pyproject.toml requirements.lock
	@bash tools/setup.sh

demo: setup ## the main job, from nothing: cluster, app, database, proof that data survives
	@bash examples/demo.sh

test: setup ## every test, on a real cluster of this machine
	@bash tools/test.sh

check: setup ## format, lint and types
	ruff format --check . && ruff check . && mypy baremetal catalog components engine mf providers stacks tests

fmt: setup ## format and sort imports
	ruff format . && ruff check --fix .

unit: setup ## the tests that need neither root nor a cluster
	$(PY) -m pytest -m "not e2e"

nightly: setup ## the long proofs of the engine: 10,000 random programs, a kill at every point
	MF_NIGHTLY=1 $(PY) -m pytest tests/engine/model tests/engine/kill

bench: setup ## ratios against named peers
	$(PY) -m bench.engine && $(PY) -m bench.push

clean: ## take the local platform away, and the virtual environment
	@[ -x .venv/bin/mf ] && .venv/bin/mf destroy --yes || true
	rm -rf .venv

.PHONY: help setup demo test check fmt unit nightly bench clean
