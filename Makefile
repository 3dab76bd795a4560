# Bare `make` lists what can be done. Everything works in a fresh clone: the environment is made when it is needed.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.ONESHELL:
.PHONY: help run check test dates bench faults messages migration docs lock browser clean

VENV := .venv
PYTHON := $(VENV)/bin/python
PIP := $(PYTHON) -m pip install -qq --disable-pip-version-check --root-user-action=ignore
SOURCES := app.py manage.py benchmarks docs maps migrations models pages services tests ui

help: ## List these targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1	\2/' | expand -t 20

run: $(VENV)/.runtime ## Install, load the demo places, print the address and the demo identities, serve (MULIN_PORT, default 8501)
	@$(PYTHON) manage.py init
	$(PYTHON) manage.py demo
	exec $(PYTHON) manage.py serve

check: $(VENV)/.dev ## Lint, format, types, import contracts, rules of the repository: under a minute
	@$(VENV)/bin/ruff check $(SOURCES)
	$(VENV)/bin/ruff format --check $(SOURCES)
	$(VENV)/bin/mypy $(SOURCES)
	$(VENV)/bin/lint-imports --no-cache
	$(PYTHON) -m pytest -q tests/test_guards.py

test: $(VENV)/.dev browser check ## Everything: check, then all tests on SQLite, PostgreSQL and in a real browser
	@$(PYTHON) -m pytest -n 2 --dist worksteal

# A Sunday, a last day of the year, Spring Festival, a leap day, and the first minute of a month.
MOMENTS := 2026-12-06T10:00 2026-12-31T23:30 2027-02-06T10:00 2028-02-29T10:00 2027-03-01T00:00:30
FAKETIME := $(firstword $(wildcard /usr/lib/*/faketime/libfaketimeMT.so.1))

dates: $(VENV)/.dev ## The tests without PostgreSQL and browser, on days unlike others, each time in another order
	@test -n "$(FAKETIME)" || { echo "This needs libfaketime. On Debian: sudo apt-get install libfaketime"; exit 2; }
	order=0
	for moment in $(MOMENTS); do
		ahead=$$(( $$(date -d "$$moment+08:00" +%s) - $$(date +%s) )) order=$$((order + 1)) folder=$$(mktemp -d)
		echo "$$moment, order $$order"
		MULIN_TEST_ORDER=$$order MULIN_TEST_NOW=$$(case $$moment in *T00:00:*) echo "$$moment+08:00";; esac) \
			LD_PRELOAD=$(FAKETIME) FAKETIME_DONT_FAKE_MONOTONIC=1 FAKETIME_FORCE_MONOTONIC_FIX=0 FAKETIME=$$(printf %+d $$ahead)s \
			$(PYTHON) -m pytest -q -n 2 --dist worksteal --basetemp "$$folder" -m "not browser" -k "not postgresql"
		rm -rf "$$folder"
	done

bench: $(VENV)/.dev browser ## Measure the budgets side by side with the peers
	@$(PYTHON) -m benchmarks

faults: $(VENV)/.dev ## Kill, crowd, block, upgrade the program and drive it to its limits: make faults ROUNDS=200
	@ROUNDS=$(or $(ROUNDS),20) $(PYTHON) -m benchmarks.faults

messages: $(VENV)/.dev ## Collect the sentences of the program into both catalogues
	@$(VENV)/bin/pybabel -q extract -F babel.cfg -k Refused -k NotFound -k UnsafeSettings -k translate:2 -k listed -k progress -k Break:4 -k Records:2 -k text:4 -k say \
		--no-location --sort-output -o locales/mulin.pot app.py manage.py pages ui services
	for language in zh_CN en; do
		$(VENV)/bin/pybabel -q update --no-fuzzy-matching -i locales/mulin.pot -d locales -D mulin -l $$language
	done
	rm locales/mulin.pot

migration: $(VENV)/.dev ## Write the next migration from the models: make migration m="what changed"
	@test -n "$(m)" || { echo 'Say what changed: make migration m="what changed"'; exit 2; }
	$(PYTHON) -c 'import sys; from services.system.schema import revise; print(revise(sys.argv[1]))' "$(m)" | tail -n 1 \
		| xargs $(VENV)/bin/ruff format --no-cache

docs: $(VENV)/.dev ## Write the reference pages of docs/ from the code and the data
	@$(PYTHON) -m docs.generate
	$(PYTHON) -m typer manage.py utils docs --name "python manage.py" --title "Commands" --output docs/commands.md

clean: ## Remove the environment and all caches; your data in var/ stays
	@rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(PYTHON):
	@for name in python3.14 python3.13 python3.12 python3.11 python3 python; do
		if $$name -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
			echo "Making $(VENV) with $$($$name --version)"
			exec $$name -m venv $(VENV)
		fi
	done
	echo "Mulin needs Python 3.11 or newer with venv. On Debian: sudo apt-get install python3 python3-venv"
	exit 1

$(VENV)/.runtime: requirements.lock | $(PYTHON)
	@echo "Installing what the program needs"
	$(PIP) --require-hashes -r requirements.lock
	touch $@

$(VENV)/.dev: requirements-dev.lock | $(PYTHON)
	@echo "Installing what the tests need"
	$(PIP) --require-hashes -r requirements-dev.lock
	touch $@ $(VENV)/.runtime

# Resolved for every system and each Python from 3.11 on; what is locked already stays until its pin moves.
lock: $(VENV)/.dev ## Pin every package, those that others bring too, with their hashes: after a change in requirements*.txt
	@for name in requirements requirements-dev; do
		$(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
			--custom-compile-command "make lock" $$name.txt --output-file $$name.lock
	done

browser:
	@has_font() { command -v fc-list >/dev/null && fc-list | grep -i 'noto.*cjk' >/dev/null; }
	if command -v chromium >/dev/null && has_font; then exit 0; fi
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
		echo "Installing Chromium and a Chinese font for the browser tests"
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
			chromium fontconfig fonts-noto-cjk >/dev/null || true
	fi
	command -v chromium >/dev/null || echo "SKIPPED: the browser tests. To run them: sudo apt-get install chromium"
	has_font || echo "Screenshots will lack Chinese characters. To see them: sudo apt-get install fonts-noto-cjk"
