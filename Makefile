# make run         monographs in RAW to tables in OUT, under an embedded Prefect
# make test        format, lint, types and tests: what CI runs
# make dashboard   the current build of OUT in a browser
# make docs        the pages of docs/ as a site in site/
# make soak        the long tests: 200 kills, 5,000 mutated monographs, 100 publications, long sequences of edits
# make bench       the build against a naive loop, in the same run; make bench-large with 20,000 documents too
# make accuracy  what is read against gold; writes docs/accuracy.md
# make pictures    docs/pictures, and the tests in a browser (need Chromium)
# make connections the steps of docs/connect.md, with the clients that packages have
# make lock        new pins for the dependencies of pyproject.toml (needs uv)

PYTHON ?= python3
RAW ?= data/raw
OUT ?= data/out

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# The lock is complete, so pip has nothing to resolve.
LOCKED := --no-deps --require-hashes --progress-bar off --requirement

.PHONY: run test soak bench bench-large accuracy lock

run: $(VENV)/.installed
	@$(BIN)/python flows/monographs.py --raw "$(RAW)" --out "$(OUT)"

test: $(VENV)/.installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest -n 2 tests src

soak: $(VENV)/.installed-dev
	MONOPIPE_SOAK=1 $(BIN)/pytest -n 2 tests/test_incremental.py tests/test_faults.py tests/test_form.py tests/test_fuzz.py tests/test_verify.py

dashboard: $(VENV)/.installed-dashboard
	$(BIN)/monopipe dashboard "$(OUT)"

pictures: $(VENV)/.installed-dev
	@$(PIP) install --no-build-isolation --editable ".[browser]"
	$(BIN)/pytest tests/test_browser.py
	$(BIN)/python tests/pictures.py

connections: $(VENV)/.installed-dev $(VENV)-clients/.installed $(VENV)-superset/.installed
	@$(PIP) install --no-build-isolation --editable ".[connections]"
	$(BIN)/pytest tests/test_datapackage.py
	$(BIN)/python tests/connections.py $(VENV)-clients $(VENV)-superset

docs: $(VENV)/.installed-dev
	@$(PIP) install --no-build-isolation --editable ".[docs]"
	$(BIN)/pytest tests/test_site.py
	$(BIN)/mkdocs build --strict --quiet
	@echo "The site is site/index.html"

bench: $(VENV)/.installed-dev
	$(BIN)/python benchmarks/bench.py
	$(BIN)/python benchmarks/phrases.py

bench-large: $(VENV)/.installed-dev
	$(BIN)/python benchmarks/bench.py --documents 2000 20000

accuracy: $(VENV)/.installed-dev
	$(BIN)/python benchmarks/accuracy.py

# A stamp is touched last, so an interrupted installation is taken up again by the next make.
$(VENV)/.created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "monopipe needs Python 3.11 or newer; point to one: make PYTHON=/path/to/python3" >&2; exit 1; }
	@echo "Creating the virtual environment $(VENV) …"
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.installed: $(VENV)/.created requirements.lock pyproject.toml
	@echo "Installing the locked dependencies (a minute or two, the first time) …"
	@$(PIP) install $(LOCKED) requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.lock
	@echo "Installing the locked development dependencies …"
	@$(PIP) install $(LOCKED) requirements-dev.lock
	@touch $@

$(VENV)/.installed-dashboard: $(VENV)/.installed requirements-dashboard.lock
	@echo "Installing the locked dependencies of the dashboard …"
	@$(PIP) install $(LOCKED) requirements-dashboard.lock
	@touch $@

# Clients have a DuckDB of their own, as users do.
$(VENV)-clients/.installed: tests/requirements-connections.txt
$(VENV)-superset/.installed: tests/requirements-superset.txt
$(VENV)-clients/.installed $(VENV)-superset/.installed:
	@echo "Installing $< …"
	@$(PYTHON) -m venv $(@D)
	@$(@D)/bin/python -m pip --disable-pip-version-check --quiet install --requirement $<
	@touch $@

# hatchling and editables build the package itself; they are locked with the rest.
COMPILE := uv pip compile --quiet --no-config --default-index https://pypi.org/simple --upgrade \
	--universal --python-version 3.11 --generate-hashes --no-annotate --custom-compile-command "make lock"

lock:
	printf 'hatchling>=1.25\neditables\n' | $(COMPILE) pyproject.toml - --output-file requirements.lock
	printf 'hatchling>=1.25\neditables\n' | $(COMPILE) pyproject.toml - --extra dashboard --constraint requirements.lock --output-file requirements-dashboard.lock
	printf 'hatchling>=1.25\neditables\n' | $(COMPILE) pyproject.toml - --extra dev --extra dashboard --constraint requirements-dashboard.lock --output-file requirements-dev.lock
