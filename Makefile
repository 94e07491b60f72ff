# `make` lists the targets. All of them set up what they need, inside this folder.

PYTHON ?= python3
COUNTRY ?= hnd
FUZZ ?= 10000
FAULTS ?= 200
MESSAGE_FORMAT ?= human
# what the system lacks: unpacked into .sys, or, as root, `install` lets apt install it
SYSTEM_PACKAGES ?= private

BIN := .venv/bin
READY := .venv/ready
BUILD := $(BIN)/report-build

# what caches of tools would otherwise go into the home folder
export XDG_CACHE_HOME := $(CURDIR)/.cache
export HYPOTHESIS_STORAGE_DIRECTORY := $(CURDIR)/.cache/hypothesis

.DEFAULT_GOAL := help
.NOTPARALLEL: # report-build keeps all cores busy itself
.PHONY: help all html pdf docx epub country check verify gallery test browser lint bench bench-growth ready fuzz faults audit reproduce docs lock clean distclean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+( [a-z-]+)*:.*## / {printf "  make %-20s %s\n", $$1, $$2}' Makefile

all: $(READY) ## every deliverable of every edition, proved, into out/
	$(BUILD) build

html pdf docx epub: $(READY) ## one format of every edition
	$(BUILD) build -f $@

country: $(READY) ## the reports of one country: make country COUNTRY=hnd
	$(BUILD) build -e $(COUNTRY)

check: $(READY) ## find mistakes in the masters without rendering
	$(BUILD) check --message-format $(MESSAGE_FORMAT)

verify: $(READY) ## open the finished files again: our proofs, and validators of others
	tools/validators/setup
	$(BUILD) verify out --validators $(if $(STRICT),--strict)

gallery: $(READY) ## pictures of the full report and one handout, into out/gallery
	tools/validators/setup
	$(BUILD) gallery -e full -e $(COUNTRY)

# tests import WeasyPrint themselves; the command finds unpacked libraries without this
test: export LD_LIBRARY_PATH := $(CURDIR)/.sys/lib$(if $(LD_LIBRARY_PATH),:$(LD_LIBRARY_PATH))
test: lint ## linting, formatting, types and all tests
	$(BIN)/python -m pytest --basetemp .cache/pytest-files

browser: export LD_LIBRARY_PATH := $(CURDIR)/.sys/lib$(if $(LD_LIBRARY_PATH),:$(LD_LIBRARY_PATH))
browser: $(READY) ## the preview in a real browser
	tools/validators/setup
	$(BIN)/python -m pytest --basetemp .cache/pytest-files tests/browser/preview_in_browser.py

lint: $(READY) ## linting, formatting and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m mypy

bench: $(READY) ## how long it takes, as ratios: make bench ROUNDS=7
	$(BIN)/python -m bench

docs: $(READY) ## the pages for readers, by the product itself, into docs/out
	$(BIN)/python tools/reference.py
	cd docs && ../$(BUILD) build

ready: $(READY) ## set up what is needed, and nothing else
	@echo "ready: the command is $(CURDIR)/$(BUILD)"

fuzz: $(READY) ## draw texts at random: make fuzz FUZZ=10000
	FUZZ=$(FUZZ) $(BIN)/python -m pytest -q tests/test_fuzz.py

faults: $(READY) ## kill builds, and fill disks: make faults FAULTS=200
	FAULTS=$(FAULTS) $(BIN)/python -m pytest -q tests/test_faults.py

audit: $(READY) ## are there known vulnerabilities in what is installed? (asks the network)
	$(BIN)/python -m pip install -q 'pip-audit>=2.9,<3'
	$(BIN)/pip-audit --requirement requirements.lock --disable-pip --strict

reproduce: $(READY) ## build twice under different conditions, and compare the bytes
	$(BIN)/report-build reproduce

bench-growth: $(READY) ## how time and memory grow with the text and with the countries
	$(BIN)/python -m bench.growth

lock: ## renew requirements.lock after a change of pyproject.toml (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --extra dev --generate-hashes \
	  --no-header --no-annotate --no-emit-index-url --output-file requirements.lock pyproject.toml
	uv pip compile --quiet --universal --python-version 3.11 --extra dev --extra verify \
	  --generate-hashes --no-header --no-annotate --no-emit-index-url \
	  --constraint requirements.lock --output-file tools/validators/requirements.lock pyproject.toml

clean: ## remove what was built
	rm -rf out .cache

distclean: clean ## remove what was set up, too
	rm -rf .venv .sys

$(READY): pyproject.toml requirements.lock tools/setup
	@PYTHON="$(PYTHON)" SYSTEM_PACKAGES="$(SYSTEM_PACKAGES)" tools/setup
	@echo "$(CURDIR)" > $@

# an environment does not survive the move of its folder
ifneq "$(file <$(READY))" "$(CURDIR)"
.PHONY: $(READY)
endif
