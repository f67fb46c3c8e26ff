# Every target prepares .venv by itself on first use and is quick the second time.
SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# More than processors: a third of the time of most tests is spent waiting for a machine to boot.
WORKERS ?= 3
JOBS ?= 2
SEEDS ?= 100
# Where it is set every server that a test starts compiles the whole source again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo run test test-postgres check simulate storm storm-postgres mutants fuzz bench clean

demo: $(READY)
	@$(BIN)/python -m scripts.demo

run: $(READY)
	@$(BIN)/flask --app wsgi serve

test: $(READY)
	@NO_BROWSER="$(NO_BROWSER)" VENV="$(VENV)" scripts/install-test-tools
	@$(MAKE) --no-print-directory check
	@$(BIN)/python -m pytest -q -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(if $(NO_BROWSER),-m "not browser")

test-postgres: $(READY)
	@$(BIN)/python -m scripts.with_postgres $(BIN)/python -m pytest -q -n $(WORKERS) --dist loadfile --no-loadscope-reorder -m "not browser"

check: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/shellcheck .ci/run scripts/install-test-tools scripts/prepare-venv aws_simulator/machines/init.sh
	@$(BIN)/python -m scripts.check_pins

# Without libfaketime (its extra needs a package registry once) no clock is set.
storm: $(READY)
	-@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt libfaketime
	@$(WITH) $(BIN)/python -m tests.storm --seconds $(or $(SECONDS),600) --seed $(or $(SEED),1)

storm-postgres: WITH = $(BIN)/python -m scripts.with_postgres
storm-postgres: storm

# Storms over the whole server and a lying EC2, on one clock: SEEDS=100, SEED=7, or SCRIPT=file.
simulate: $(READY)
	@$(BIN)/python -m tests.simulation $(if $(SCRIPT),--script $(SCRIPT),$(if $(SEED),--seed $(SEED),--seeds $(SEEDS) --jobs $(JOBS)))

# Deliberate bugs, each in a copy of the source: who catches it? An hour; ONLY=words for some.
mutants: $(READY)
	@$(BIN)/python -m tests.mutants --jobs $(JOBS) --only "$(ONLY)"

fuzz: $(READY)
	@$(BIN)/python -m tests.fuzz --minutes $(or $(MINUTES),10) --seed $(or $(SEED),1)

bench: $(READY)
	@$(BIN)/python -m benchmarks $(ONLY)

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache *.egg-info

$(READY): pyproject.toml constraints.txt scripts/prepare-venv
	@scripts/prepare-venv $(VENV)
	@touch $@
