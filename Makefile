# The commands a newcomer and a developer need; each works from nothing but Python 3.11 and make.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PROFILE ?= dev
MINUTES ?= 60

.PHONY: help demo test check lint types generate bench fidelity mutants official soak clean
.PHONY: help demo test check lint types generate bench fidelity mutants fuzz official clean

help:
	@echo "make demo      run the main job against the sandbox, over HTTP"
	@echo "make test      run every test"
	@echo "make official  drive the official cvat-sdk and cvat-cli against the sandbox"
	@echo "make check     what CI checks besides: style, types, walls, generated files"
	@echo "make generate  write cvatfn/models, api and filters anew from schema/"
	@echo "make bench     measure against the official client"
	@echo "make fidelity  compare the sandbox's answers with a real server's, recorded"
	@echo "make soak      10,000 mixed calls under random faults, all accounted for (CALLS, THREADS, SEED)"
	@echo "make fuzz      feed everything that reads bytes with any bytes, for an hour"
	@echo "make mutants   see which small mistakes in the pure core no test would catch"

demo: $(VENV)/.sandbox
	$(BIN)/python -m cvatfn.testing.demo

test: $(VENV)/.dev
	$(BIN)/python -m pytest --hypothesis-profile=$(PROFILE)

official: $(VENV)/.official
	$(BIN)/python -m pytest tests/official --hypothesis-profile=$(PROFILE)

check: lint types
	$(BIN)/python -m generator --check

lint: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports

types: $(VENV)/.dev
	$(BIN)/mypy
	$(BIN)/pyright --pythonpath $(BIN)/python

generate: $(VENV)/.dev
	$(BIN)/python -m generator

bench: $(VENV)/.bench
	$(BIN)/python -m benchmarks

fidelity: $(VENV)/.dev
	$(BIN)/python -m tests.fidelity $(if $(RAISE),--raise) $(if $(AREA),--area $(AREA))

soak: $(VENV)/.dev
	$(BIN)/python -m tests.soak $(if $(CALLS),--calls $(CALLS)) $(if $(THREADS),--threads $(THREADS)) \
		$(if $(SEED),--seed $(SEED)) $(if $(MINUTES),--minutes $(MINUTES))
fuzz: $(VENV)/.fuzz
	$(BIN)/python -m tests.fuzzing --minutes $(MINUTES) $(TARGET)

mutants: $(VENV)/.mutants
	$(BIN)/mutmut run
	$(BIN)/mutmut results

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"

$(VENV)/.sandbox: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable ".[sandbox]"
	@touch $@

$(VENV)/.dev: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable . --group dev
	@touch $@ $(VENV)/.sandbox

$(VENV)/.bench: pyproject.toml $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --group bench
	@touch $@

$(VENV)/.official: pyproject.toml $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --group official
	@touch $@

$(VENV)/.mutants: pyproject.toml $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --group mutants
	@touch $@

$(VENV)/.fuzz: pyproject.toml $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --group fuzz
	@touch $@

clean:
	rm -rf $(VENV) mutants .fuzz .pytest_cache .mypy_cache .ruff_cache .hypothesis
