# The only door: for people and for CI alike. It needs Python 3.11 to 3.14 and make; nothing else, and no root.
# Where packages come from is this machine's business: pip and uv read their own settings.

.DEFAULT_GOAL := help
.SUFFIXES:
PORT ?= 8000
JOBS ?= 2
BIN := .venv/bin

# Without compiled files every start takes two seconds longer; some containers forbid them.
export PYTHONDONTWRITEBYTECODE :=
export UV_PROJECT_ENVIRONMENT := .venv
unexport VIRTUAL_ENV
unexport PYTHONHOME

SUITABLE := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))
SYNC := $(BIN)/uv sync --frozen --compile-bytecode --no-python-downloads --python $(BIN)/python
say = @printf '\n── %s\n'

help:  ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' Makefile

demo: .venv/program  ## The Nanhu community and its year, on http://127.0.0.1:8000 (another port: make demo PORT=8001)
	@exec $(BIN)/weiyifang up --demo --port $(PORT)

test: .venv/tools  ## Every test (some of them: make test ARGS="weiyifang/fund -k posting")
	@exec $(BIN)/pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder $(ARGS)

quick: .venv/tools  ## The tests that your change touches, in a minute or two; then make check and make test
	@exec $(BIN)/python tools/quick.py -n $(JOBS) --dist loadfile --no-loadscope-reorder $(ARGS)

pictures: .venv/tools  ## Every page as the browser shows it, in build/screenshots (some: make pictures ARGS="-k fund")
	@WEIYIFANG_PICTURES=1 exec $(BIN)/pytest tests/browser $(ARGS)

# What differs between versions of PostgreSQL shows in the few tests that are about the server and in the packages' own;
# these run in the shape of a cluster meanwhile, which plain tables get from `make test` (plain ones here too: SHAPE=),
# and shortly before midnight, which `make test` knows in the forenoon only.
ABOUT_SERVERS := $(addprefix tests/test_,database.py roles.py migrate.py schema.py jobs.py periodic.py own_data.py)
SHAPE ?= 1

test-own: .venv/tools  ## The tests that ask the database most, on your own (DATABASE_URL and WEIYIFANG_OWNER_URL)
	@test -n "$$DATABASE_URL" -a -n "$$WEIYIFANG_OWNER_URL" || { \
	    echo "Say where: make test-own DATABASE_URL=postgresql://weiyifang_web:password@host/postgres \\"; \
	    echo "    WEIYIFANG_OWNER_URL=postgresql://owner:password@host/postgres (it makes the other login)"; exit 1; }
	@$(BIN)/pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder -m "not browser and not slow" $(ABOUT_SERVERS)
	@WEIYIFANG_TEST_SHAPE=$(SHAPE) WEIYIFANG_TEST_HOUR=23:57 exec $(BIN)/pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder \
	    -m "not browser and not slow" weiyifang $(ARGS)

test-shape: .venv/tools  ## The packages' tests on tables as a cluster wants them: keys are (community, id)
	@WEIYIFANG_TEST_SHAPE=1 WEIYIFANG_TEST_HOUR=23:57 exec $(BIN)/pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder \
	    -m "not browser and not slow" weiyifang $(ARGS)

torture: .venv/tools  ## Kills, floods, full disks and guards taken out, for minutes; WEIYIFANG_SEED=… repeats a run
	@exec $(BIN)/pytest -v tests/torture $(ARGS)

check: .venv/tools  ## What can be said without running the program: style, types, floors, migrations, words, guards
	$(say) "Format"
	@$(BIN)/ruff format --check .
	$(say) "Lint"
	@$(BIN)/ruff check .
	$(say) "Types"
	@DATABASE_URL=postgresql:///unused $(BIN)/mypy
	$(say) "Floors: who may import whom"
	@$(BIN)/lint-imports
	$(say) "Migrations: none missing"
	@$(BIN)/weiyifang makemigrations --check --dry-run
	$(say) "Words: every sentence in both languages"
	@$(BIN)/weiyifang words --check
	$(say) "The API: as docs/openapi.json says"
	@$(BIN)/weiyifang snapshot --check
	$(say) "Guards: models, routes, the paths the documents name"
	@$(BIN)/pytest -q tests/test_guards.py tests/test_docs.py

fix: .venv/tools  ## Put right what can be put right by itself: style, import order, long lines of pages, lists of sentences
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@-$(BIN)/python tools/wrap_templates.py
	@$(BIN)/weiyifang words

snapshot: .venv/tools  ## Write down the API as it is now, after looking at what changed
	@exec $(BIN)/weiyifang snapshot

bench: .venv/tools  ## Measure what the program exists for, beside its peers
	@exec $(BIN)/python -m bench $(ARGS)

shell: .venv/program  ## A Python shell with everything loaded
	@exec $(BIN)/weiyifang shell

install: .venv/tools  ## Only install, into .venv

.venv/program: pyproject.toml uv.lock | .venv/uv
	@echo "Installing the program (once; the download is about 100 MB)"
	@$(SYNC) --no-dev --inexact
	@touch $@

.venv/tools: pyproject.toml uv.lock | .venv/uv
	@echo "Installing the program and the tools of its makers (once)"
	@$(SYNC)
	@touch .venv/program $@

.venv/uv: tools/uv.txt
	@for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
	    if $$python -c '$(SUITABLE)' 2>/dev/null; then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	    echo "Python 3.11 to 3.14 is needed; found here: $$(python3 --version 2>&1)."; \
	    echo "Install one (Debian, Ubuntu: python3 python3-venv) or name it: make PYTHON=/path/to/python3"; exit 1; \
	fi; \
	$$found -m venv .venv || { \
	    echo "$$found cannot make a virtual environment. On Debian and Ubuntu: apt install python3-venv"; \
	    rm -rf .venv; exit 1; \
	}
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r tools/uv.txt
	@touch $@

.PHONY: help demo test quick pictures test-own test-shape torture check fix snapshot bench shell install
