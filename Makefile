# `make demo` and `make test` are all that is needed; both build .venv first.
# The first Python that works, rather one on which durable-rules runs.
PYTHON ?= $(shell for python in python3 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info[:2] not in ((3, 11), (3, 12)))' 2>/dev/null && { echo $$python; exit; }; done; echo python3)
VENV := .venv
BIN := $(VENV)/bin
# What trains, which is large.
LIVE := .venv-live
# An environment of its own, in which everything is resolved afresh.
FRESH := .venv-fresh
# pip builds durable-rules in an environment apart; older versions hand their constraints on to it, newer ones have this for it.
INSTALL := PIP_CONSTRAINT=constraints.txt PIP_BUILD_CONSTRAINT=constraints.txt $(BIN)/pip install --quiet --disable-pip-version-check --editable

.PHONY: demo test test-live check search fresh lock generate bench clean

# The plan of a real log.
demo: $(VENV)/.installed
	@$(BIN)/advise examples/logs/nan-hidden-hf-log-of-zero

test: $(VENV)/.dev
	$(MAKE) check

# The observer in real training loops, with PyTorch in an environment of its own.
test-live: $(LIVE)/.installed
	OMP_NUM_THREADS=1 $(LIVE)/bin/python -m pytest -q -n auto tests/live/test_observer.py tests/live/test_one_batch.py tests/live/test_callbacks.py

# Everything that is checked, on an environment that is there already.
check:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/advise kb lint
	$(BIN)/advise kb coverage > /dev/null
	$(BIN)/advise kb schema --check
	$(BIN)/advise kb docs --check
	$(BIN)/python -m pytest -q -n auto

# Looks for examples that break a property, other ones each time: `make test` tries the same on any day.
search: $(VENV)/.dev
	HYPOTHESIS_PROFILE=search $(BIN)/python -m pytest -q -n auto $$(grep -rl hypothesis tests --include='test_*.py')

# Resolves all dependencies without the lock and checks with what comes: a release that breaks something is seen here first.
fresh:
	rm -rf $(FRESH)
	$(PYTHON) -m venv $(FRESH)
	$(FRESH)/bin/pip install --quiet --disable-pip-version-check --upgrade --editable '.[dev]'
	@tail -n +2 constraints.txt > $(FRESH)/locked
	@$(FRESH)/bin/pip freeze --all --exclude pip --exclude-editable | LC_ALL=C sort -f | diff -U0 $(FRESH)/locked - || true
	$(MAKE) check VENV=$(FRESH)

# Renews the lock: what `make fresh` installed is written down once everything has passed with it.
lock: fresh
	@{ head -n 1 constraints.txt; $(FRESH)/bin/pip freeze --all --exclude pip --exclude-editable | LC_ALL=C sort -f; } > constraints.new
	@mv constraints.new constraints.txt

# Rewrites everything that is generated and committed: schemas, rule pages, the plans of the examples, the excerpt in the README.
generate: $(VENV)/.dev
	$(BIN)/advise kb schema
	$(BIN)/advise kb docs
	$(BIN)/python examples/generate.py

# Measures, and writes the tables of docs/measured.md; bench/README.md lists what else can be measured.
bench: $(VENV)/.dev
	$(BIN)/python bench/measured.py

# Other linters of training logs, in an environment of their own, for `bench/peers.py`.
bench/.peers:
	$(PYTHON) -m venv $@
	$@/bin/pip install --quiet --disable-pip-version-check runmedic trainspotter losslint trainproof

$(VENV)/.installed: pyproject.toml constraints.txt
	@test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	@$(INSTALL) .
	@$(BIN)/python -m compileall -q engine
	@touch $@

$(VENV)/.dev: pyproject.toml constraints.txt
	@test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	@$(INSTALL) '.[dev]'
	@$(BIN)/python -m compileall -q engine
	@touch $@ $(VENV)/.installed

$(LIVE)/.installed: pyproject.toml constraints.txt constraints-live.txt
	@test -d $(LIVE) || $(PYTHON) -m venv $(LIVE)
	@PIP_CONSTRAINT=constraints-live.txt PIP_BUILD_CONSTRAINT=constraints.txt $(LIVE)/bin/pip install --quiet --disable-pip-version-check --editable '.[keras,lightning,live,transformers]' pytest pytest-xdist hypothesis
	@touch $@

clean:
	rm -rf $(VENV) $(LIVE) $(FRESH) bench/.peers dist build .mypy_cache .pytest_cache .ruff_cache
