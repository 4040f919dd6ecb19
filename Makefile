# A fresh machine has Python 3.11, pip, git and make; everything else comes from the hash-locked lists.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV   ?= .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet
DATA   ?= privity-demo

.PHONY: assets install demo serve test check nightly bench bench-national lock reference clean

install: $(VENV)/.run-installed

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run-installed: requirements/run.lock pyproject.toml | $(VENV)/bin/python
	$(PIP) install --require-hashes -r requirements/run.lock
	$(PIP) install --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/.dev-installed: requirements/dev.lock pyproject.toml | $(VENV)/bin/python
	$(PIP) install --require-hashes -r requirements/dev.lock
	$(PIP) install --no-deps --no-build-isolation -e .
	touch $@ $(VENV)/.run-installed

demo: install
	$(BIN)/privity demo --data $(DATA)

serve: install
	$(BIN)/privity serve --data $(DATA) --bind 127.0.0.1:8000

test: $(VENV)/.dev-installed
	$(BIN)/python -m pytest -n 2

check: $(VENV)/.dev-installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/reference.py --check

# Draws the reference pages anew from the code; `check` refuses stale ones.
reference: $(VENV)/.dev-installed
	$(BIN)/python tools/reference.py

# Everything, with the programs of others that ours are held against: what of them cannot be had skips by name.
nightly: $(VENV)/.dev-installed
	PYTHON=$(BIN)/python tools/peers.sh .venv-peers
	. .venv-peers/env && PRIVITY_NIGHTLY=1 $(BIN)/python -m pytest -n 2 -m "slow or not slow"

# Benchmarks have a room of their own: what is measured beside us is heavy, and nobody else needs it.
$(VENV)-bench/.installed: requirements/benchmarks.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)-bench
	$(VENV)-bench/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r requirements/benchmarks.lock
	$(VENV)-bench/bin/python -m pip --disable-pip-version-check --quiet install --no-deps --no-build-isolation -e .
	touch $@

bench: $(VENV)-bench/.installed
	$(VENV)-bench/bin/python benchmarks/run.py

# Ten million people: some 12 GiB of memory and 6 of disk, and an hour on two cores.
bench-national: $(VENV)-bench/.installed
	$(VENV)-bench/bin/python benchmarks/tracing_bench.py --national

# One file that checks a ledger: the standard library and `cryptography`, no Django, nothing else.
verifier: install
	$(BIN)/python tools/build_verifier.py dist/privity-verify.pyz

# For maintainers: writes the locks anew from pyproject.toml (needs uv from the package index).
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --extra build pyproject.toml -o requirements/run.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --extra build --extra prove --extra postgres --extra pdf --extra parquet --extra dev pyproject.toml -o requirements/dev.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --all-extras pyproject.toml -o requirements/benchmarks.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url requirements/peers.in -o requirements/peers.lock

# For maintainers: builds style sheet, script and fonts of the pages anew (needs npm). The result is committed.
assets:
	assets/build.sh

clean:
	rm -rf $(VENV) .venv-peers privity-demo privity-data .mypy_cache .ruff_cache .import_linter_cache
