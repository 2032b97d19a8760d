# Two commands do all: `make run` reads, `make test` proves. Everything lands inside this folder.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -q
SEEDS ?=
SIZES ?= 10000 100000 1000000

.PHONY: run test test-external test-faults bench bench-search bench-anchors bench-export screenshots format clean

run: $(VENV)/run
	@$(BIN)/threadreader --library .library seeds $(if $(SEEDS),"$(SEEDS)")

test: $(VENV)/dev
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports >$(VENV)/contracts.log 2>&1 || { cat $(VENV)/contracts.log; exit 1; }
	@$(BIN)/python -m pytest -m "not external" --numprocesses=auto --maxprocesses=4 --dist=worksteal

test-external: $(VENV)/dev
	@$(BIN)/python -m pytest -m external -rs

test-faults: $(VENV)/dev
	@$(BIN)/python tests/faults.py

bench: $(VENV)/dev
	@$(BIN)/python -m benchmarks

bench-search: $(VENV)/dev
	@$(BIN)/python -m benchmarks.search_bench $(SIZES)

bench-anchors: $(VENV)/dev
	@$(BIN)/python -m benchmarks.anchors

bench-export: $(VENV)/dev
	@$(BIN)/python -m benchmarks.exporting $(SIZES)

screenshots: $(VENV)/dev
	@$(BIN)/python screenshots/make.py

format: $(VENV)/dev
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV) .library .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist

$(VENV)/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo "threadreader needs Python 3.11 or newer ($(PYTHON) not found)"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "threadreader needs Python 3.11 or newer; name one: make run PYTHON=python3.12"; exit 1; }
	@echo "Making the environment in $(VENV) (once)…"
	@$(PYTHON) -m venv $(VENV)

# The stamps hold what was installed from: a changed pin or dependency installs again.
$(VENV)/run: pyproject.toml constraints.txt | $(VENV)/bin/python
	@PIP_CONSTRAINT=constraints.txt PIP_BUILD_CONSTRAINT=constraints.txt $(PIP) install -c constraints.txt -e .
	@touch $@

$(VENV)/dev: pyproject.toml constraints.txt | $(VENV)/bin/python
	@PIP_CONSTRAINT=constraints.txt PIP_BUILD_CONSTRAINT=constraints.txt $(PIP) install -c constraints.txt -e '.[dev]'
	@touch $@ $(VENV)/run
