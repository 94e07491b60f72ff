# `make` or `make help` lists the targets. All of them set up what they need inside this folder.

PYTHON ?= python3
COUNTRY ?= hnd
MESSAGE_FORMAT ?= human
SYSTEM_PACKAGES ?= private

BIN := .venv/bin
READY := .venv/ready
BUILD := $(BIN)/report-build

# caches stay in this folder, and libraries that the machine lacks come from .sys
export XDG_CACHE_HOME := $(CURDIR)/.cache
export HYPOTHESIS_STORAGE_DIRECTORY := $(CURDIR)/.cache/hypothesis
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PYTHONDONTWRITEBYTECODE := 1
SYS := $(wildcard $(CURDIR)/.sys/root/usr/lib/*-linux-gnu*)
ifneq ($(SYS),)
export LD_LIBRARY_PATH := $(SYS)$(if $(LD_LIBRARY_PATH),:$(LD_LIBRARY_PATH))
endif

.DEFAULT_GOAL := help
.PHONY: help all html pdf docx epub country check verify test bench clean distclean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# What needs libraries of the system runs make again, so that .sys counts once it is there.
all: $(READY) ## every deliverable of every edition, proved, into out/
	@$(MAKE) --no-print-directory run ARGS="build"

html pdf docx epub: $(READY) ## one format of every edition
	@$(MAKE) --no-print-directory run ARGS="build -f $@"

country: $(READY) ## one country's report: make country COUNTRY=hnd
	@$(MAKE) --no-print-directory run ARGS="build -e $(COUNTRY)"

check: $(READY) ## find mistakes in the masters without rendering
	@$(MAKE) --no-print-directory run ARGS="check --message-format $(MESSAGE_FORMAT)"

verify: $(READY) ## open the finished files again and prove them
	@$(MAKE) --no-print-directory run ARGS="verify out"

test: $(READY) ## formatting, linting, types and all tests
	@$(MAKE) --no-print-directory tests

bench: $(READY) ## how long it takes, side by side with others
	@test -d bench || { echo "there are no benchmarks yet"; exit 2; }
	$(BIN)/python -m bench

clean: ## remove what was built
	rm -rf out .cache

distclean: clean ## remove what was set up, too
	rm -rf .venv .sys

.PHONY: run tests
run:
	@$(BUILD) $(ARGS)

tests:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest

$(READY): pyproject.toml requirements.lock tools/setup
	@PYTHON="$(PYTHON)" SYSTEM_PACKAGES="$(SYSTEM_PACKAGES)" sh tools/setup
	@touch $@
