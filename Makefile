# make run [PORT=8000] [HOST=127.0.0.1]    the whole platform in the foreground; Ctrl-C stops it
# make test [ARGS="tests/… -k …"]          every test, browser included, on servers of its own
# make lint                                style, floors, migrations, production settings, translations, sizes
# make format                              what of that can be put right by itself
# make bench [SCALE=small]                 figures against their bounds (small, county, prefecture)
# make faults [ROUNDS=20]                  kill -9 of everything, again and again, while it counts; prints a table
# make properties [EXAMPLES=100]           random histories of two towns, as long as wanted
# make matrix                             every address, method, role and place; twin towns; written fields; a table
# make towns [PICTURES=folder]            two real towns set up on screen by everybody concerned, with pictures
# make setup-check                         a clean clone as an ordinary user: start, kill, start again, stop

PORT ?= 8000
HOST ?= 127.0.0.1
SCALE ?= small
ROUNDS ?= 20
EXAMPLES ?= 100
ARGS ?=
PICTURES ?=
# the first Python that is new enough and can make a venv; 3.12 and 3.11 first: Redis has wheels for them only
PYTHON ?= $(shell for name in python3.12 python3.11 python3 python3.13 python3.14; do \
	$$name -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$name && break; done || true)
VENV := .venv/bin

.PHONY: run test lint format bench faults properties matrix towns setup-check setup-run setup-test
.DEFAULT_GOAL := run

setup-run setup-test:
	@test -n "$(PYTHON)" || { echo "No Python 3.11 or later with venv here. Install one: apt-get install -y python3-venv"; exit 1; }
	@$(PYTHON) governance/bootstrap.py $(@:setup-%=%)

run: setup-run
	@exec $(VENV)/python -m governance.supervisor --host $(HOST) --port $(PORT)

test: setup-test
	@exec $(VENV)/python -m tests.everything $(ARGS)

lint: setup-test
	@PATH="$(CURDIR)/$(VENV):$$PATH" sh .ci/lint

format: setup-test
	@$(VENV)/ruff check --fix --quiet . ; $(VENV)/ruff format --quiet .
	@find templates -name '*.html' -exec $(VENV)/djade --target-version 5.2 {} +

bench: setup-test
	@GOV_PROFILE=bench exec $(VENV)/python manage.py bench --scale $(SCALE)

faults: setup-test
	@FAULT_ROUNDS=$(ROUNDS) $(VENV)/pytest tests/faults -q -s

properties: setup-test
	@HYPOTHESIS_LONG=$(EXAMPLES) $(VENV)/pytest tests/properties -q

matrix: setup-test
	@GOV_MATRIX=whole $(VENV)/pytest -p tests.matrix_table -n 2 --dist load tests/test_access.py tests/access tests/governance/test_numbers.py -q

towns: setup-test
	@GOV_TOWNS=whole GOV_PICTURES=$(PICTURES) $(VENV)/pytest tests/browser/test_towns.py -q

setup-check:
	@$(PYTHON) .ci/setup_check.py
