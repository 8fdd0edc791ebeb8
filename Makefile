# Two commands do all the set-up on a machine with Python 3.11 and make: `make demo` and `make test`.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
DEMO := DJANGO_SETTINGS_MODULE=torv.settings.dev

# Under pytest 9.2 pytest-xdist 3.8 keeps no group on one worker: what is slow to make, workers share through files.
PARALLEL := -n auto --dist loadgroup -q
SQLITE := tests/torv/mail tests/torv/outbox tests/search/test_killed.py tests/search/test_indexing.py tests/directory/models tests/directory/actions \
	tests/plugins/meetings/actions tests/plugins/meetings/test_registration_races.py

.PHONY: demo demo-content test check install lock messages catalogues format shell services

# Links in the demo's mails lead to the demo.
demo demo-content: export TORV_BASE_URL ?= http://localhost:$(PORT)
demo: install catalogues demo-content  ## The site on realistic content at http://localhost:PORT
	@echo "Torv: http://localhost:$(PORT)/  editor: http://localhost:$(PORT)/cms/"
	$(DEMO) $(MANAGE) runserver --noreload 127.0.0.1:$(PORT)

demo-content: install catalogues
	@mkdir -p var
	$(DEMO) $(MANAGE) migrate --verbosity 0
	$(DEMO) $(MANAGE) load_reference_data
	$(DEMO) $(MANAGE) load_demo
	$(DEMO) $(MANAGE) search rebuild

test: install catalogues services  ## Every test, on real services
	@# All of them on PostgreSQL, which production has; on SQLite where there is none, in plain sight.
	PYTHONPATH=. $(BIN)/python -m tests.services.postgresql --or-sqlite $(BIN)/pytest $(PARALLEL) $(ARGS)
	@# On SQLite, which a small site has, those that write, lock or race. The browser's tests have run on it already.
	$(BIN)/pytest $(PARALLEL) -k "not elasticsearch" $(SQLITE) $(ARGS)
	@# Without plugins, all and one by one: what is left passes.
	TORV_PLUGINS_DISABLED=meetings,news,projects $(BIN)/pytest $(PARALLEL) tests/site tests/plugins tests/home $(ARGS)
	printf '%s\n' meetings news projects | xargs -P 2 -I LEFT_OUT env TORV_PLUGINS_DISABLED=LEFT_OUT \
		$(BIN)/pytest -q tests/site tests/plugins/together tests/plugins/test_apart.py $(ARGS)

check: install catalogues  ## Everything that can be known without running the site
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy site/torv home directory search plugins
	PYTHONPATH=site:. $(BIN)/lint-imports
	@mkdir -p var
	$(DEMO) $(MANAGE) makemigrations --check --dry-run
	$(DEMO) $(MANAGE) check
	TORV_SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))') TORV_ALLOWED_HOSTS=torv.example.org TORV_BASE_URL=https://torv.example.org \
		DJANGO_SETTINGS_MODULE=torv.settings.production $(MANAGE) check --deploy --fail-level WARNING
	PYTHONPATH=site $(BIN)/python -m torv.catalogues check
	git ls-files '*.html' | xargs -r $(BIN)/djade --check --target-version 5.2

install: .venv/installed

.venv/installed: requirements/dev.lock requirements/bootstrap.lock
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.lock
	$(BIN)/uv pip sync --quiet --require-hashes requirements/dev.lock
	@touch $@

lock:  ## Resolve pyproject.toml anew; commit the result
	$(BIN)/uv pip compile -q --generate-hashes --no-header --no-annotate --python-version 3.11 --universal pyproject.toml -o requirements/production.lock
	$(BIN)/uv pip compile -q --generate-hashes --no-header --no-annotate --python-version 3.11 --universal --extra dev pyproject.toml -o requirements/dev.lock

catalogues: install
	@PYTHONPATH=site $(BIN)/python -m torv.catalogues compile

messages: install  ## Take new strings into locale/
	PYTHONPATH=site $(BIN)/python -m torv.catalogues update

format: install
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	git ls-files '*.html' | xargs -r $(BIN)/djade --target-version 5.2

services:  ## What the tests run against: Chromium, gettext, PostgreSQL, Java and Elasticsearch, from the system's packages
	@./tests/install_services.sh
