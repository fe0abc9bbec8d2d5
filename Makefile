# The commands a newcomer and a developer need; each works from nothing but Python 3.11 and make.
# `make help` names them all; CONTRIBUTING.md says when to use which.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
LOWEST := .lowest
INSTALL := -m pip install --quiet --disable-pip-version-check
PROFILE ?= dev

# Each process runs whole files. `WORKERS=0` runs all in one, as a debugger wants it.
WORKERS ?= auto
PYTEST := -m pytest --hypothesis-profile=$(PROFILE) -n $(WORKERS) --maxprocesses=8 --dist=loadfile

.PHONY: help demo test test-lowest official clusters check lint format types verify-types generate
.PHONY: bench fidelity soak fuzz mutants docs links pictures hooks run-hooks
.PHONY: lock locked audit build release-check cut release clean

help:
	@echo "To try it"
	@echo "  make demo           run the main job against the sandbox, over HTTP"
	@echo "To read it"
	@echo "  make docs           build the documentation, warnings being errors, and say where to open it"
	@echo "  make links          ask for every link of the documentation that leads elsewhere"
	@echo "  make pictures       draw the pictures of the documentation anew"
	@echo "To test"
	@echo "  make test           run every test, or those that TESTS names"
	@echo "  make test-lowest    run them with the oldest dependencies that are allowed"
	@echo "  make official       drive the official cvat-sdk and cvat-cli against the sandbox"
	@echo "  make clusters       run the documentation's programs for Dask and Ray on this machine"
	@echo "  make fidelity       compare the sandbox's answers with a real server's, recorded"
	@echo "  make soak           10,000 mixed calls under random faults (CALLS, THREADS, SEED, ASYNC)"
	@echo "  make fuzz           feed all that reads bytes with any bytes, for an hour (MINUTES, TARGET)"
	@echo "  make mutants        see which small mistakes in the pure core no test would catch"
	@echo "  make bench          measure against the official client"
	@echo "To change it"
	@echo "  make check          what CI checks besides: style, types, walls, generated files"
	@echo "  make lint           style, spelling and walls alone"
	@echo "  make types          what mypy, pyright, ty and pyrefly say, alone"
	@echo "  make verify-types   see that an installed copy leaves no type to be guessed"
	@echo "  make format         write the code anew in its style"
	@echo "  make generate       write cvatfn/models, api and filters anew from schema/"
	@echo "  make hooks          have git check each commit before it is made"
	@echo "  make run-hooks      check as a commit would, the whole tree"
	@echo "To supply it"
	@echo "  make lock           write requirements/ anew from pyproject.toml; UPGRADE=1 takes the newest"
	@echo "  make locked         say whether requirements/ fits pyproject.toml"
	@echo "  make audit          look through what is locked for known holes and licences"
	@echo "  make build          build what would be released, three times, and compare"
	@echo "  make release-check  build, install with each extra alone, and test what was built"
	@echo "  make cut            give what is not released to a version (VERSION)"
	@echo "  make release        release-check with all tests, and what is left to do; uploads nothing"
	@echo "  make clean          throw away all that was installed, built and remembered"
	@echo "With another Python: make test PYTHON=python3.13 VENV=.venv-3.13"

demo: $(VENV)/.sandbox
	$(BIN)/python -m cvatfn.testing.demo

# All of them, or those that TESTS names.
test: $(VENV)/.dev
	$(BIN)/python $(PYTEST) $(TESTS)

test-lowest: $(LOWEST)/.dev
	$(LOWEST)/bin/python $(PYTEST) $(TESTS)

official: $(VENV)/.official
	$(BIN)/python -m pytest tests/official --hypothesis-profile=$(PROFILE)

clusters: $(VENV)/.clusters
	$(BIN)/python -m pytest tests/docs -k "scale or typed" --hypothesis-profile=$(PROFILE)

check: lint types
	$(BIN)/python -m generator --check

lint: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/typos
	$(BIN)/lint-imports

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The extension of the documentation is held to the types of Sphinx, which come with its group.
types: $(VENV)/.dev $(VENV)/.docs
	$(BIN)/mypy
	$(BIN)/pyright --pythonpath $(BIN)/python
	$(BIN)/python -m tests.typing.agreement

verify-types: $(VENV)/.supply
	$(BIN)/python -m supply types

generate: $(VENV)/.dev
	$(BIN)/python -m generator

bench: $(VENV)/.bench
	$(BIN)/python -m benchmarks

fidelity: $(VENV)/.dev
	$(BIN)/python -m tests.fidelity $(if $(RAISE),--raise) $(if $(AREA),--area $(AREA))

soak: $(VENV)/.dev
	$(BIN)/python -m tests.soak $(if $(CALLS),--calls $(CALLS)) $(if $(THREADS),--threads $(THREADS)) \
		$(if $(SEED),--seed $(SEED)) $(if $(MINUTES),--minutes $(MINUTES)) $(if $(ASYNC),--async $(ASYNC))

fuzz: $(VENV)/.fuzz
	$(BIN)/python -m tests.fuzzing --minutes $(or $(MINUTES),60) $(TARGET)

mutants: $(VENV)/.mutants
	$(BIN)/mutmut run
	$(BIN)/mutmut results

docs: $(VENV)/.docs
	$(BIN)/python -m handbook

links: $(VENV)/.dev
	$(BIN)/python -m handbook links

pictures: $(VENV)/.dev
	$(BIN)/python -m handbook pictures
	$(BIN)/python -m benchmarks.charts

hooks: $(VENV)/.dev
	$(BIN)/pre-commit install

run-hooks: $(VENV)/.dev
	$(BIN)/pre-commit run --all-files

lock: $(VENV)/.supply
	$(BIN)/python -m supply lock $(if $(UPGRADE),--upgrade)

locked: $(VENV)/.supply
	$(BIN)/python -m supply lock --check

audit: $(VENV)/.supply
	$(BIN)/python -m supply audit

build: $(VENV)/.dev
	$(BIN)/python -m supply build

release-check: build $(VENV)/.supply
	$(BIN)/python -m supply check

cut: $(VENV)/.dev
	$(BIN)/python -m supply cut --version $(VERSION)

release: $(VENV)/.supply
	$(BIN)/python -m supply release

$(VENV)/bin/python $(LOWEST)/bin/python:
	$(PYTHON) -m venv $(patsubst %/bin/python,%,$@)

# As a user installs it: the newest that the bounds allow.
$(VENV)/.sandbox: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python $(INSTALL) --editable ".[sandbox]"
	@touch $@

# As it is locked: the same today and tomorrow, each file with the hash that it had.
$(VENV)/.dev $(LOWEST)/.dev: pyproject.toml

$(VENV)/.dev: requirements/dev.txt | $(VENV)/bin/python
	$(BIN)/python $(INSTALL) --no-deps --require-hashes --requirement $<
	$(BIN)/python $(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@ $(VENV)/.sandbox

$(LOWEST)/.dev: requirements/lowest.txt | $(LOWEST)/bin/python
	$(LOWEST)/bin/python $(INSTALL) --no-deps --require-hashes --requirement $<
	$(LOWEST)/bin/python $(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

# Every other group of dependencies, beside those of development.
$(VENV)/.%: requirements/%.txt $(VENV)/.dev
	$(BIN)/python $(INSTALL) --no-deps --require-hashes --requirement $<
	@touch $@

clean:
	rm -rf $(VENV) $(LOWEST) build dist mutants .fuzz .pytest_cache .mypy_cache .ruff_cache .hypothesis
