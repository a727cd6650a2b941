# Two commands are enough: `make run` and `make test`. Both make .venv by themselves.
# ARGS goes on to the program: make run ARGS="--port 9000", make test ARGS=tests/storage

READY = python=$$(sh scripts/find_python.sh) && "$$python" -S scripts/bootstrap.py
PY = .venv/bin/python

# Every server that a test starts would compile the whole program again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run test test-deep check install-check package-check bench model-check screenshots lock

help: ## Say what there is
	@sed -n 's/^\([a-z-]*\): ## /  make \1\t/p' Makefile

run: ## Serve the application and open the browser
	@$(READY) run
	@exec .venv/bin/ttrpg-assistant $(ARGS)

# Without groups `loadgroup` hands out test by test: nobody waits behind a long row of them.
test: ## Run every test, those of the page in a real Chromium
	@$(READY) dev
	@$(PY) scripts/get_browser.py
	@exec $(PY) -m pytest -n 3 --dist loadgroup $(ARGS)

test-deep: ## Search for minutes for what the tests above only look for, and print what was measured
	@$(READY) dev
	@$(PY) scripts/get_browser.py
	@exec $(PY) -m pytest -m 'deep or hypothesis' -rP $(ARGS)

check: ## Style, types, unused things, house rules, and the page's style, types and units
	@$(READY) dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy --strict src
	$(PY) -m deptry src
	$(PY) -m vulture
	$(PY) -m pytest tests/house
	$(PY) scripts/check_page.py

install-check: ## Install the wheel as a user does and start it on both databases
	@$(READY) dev
	$(PY) scripts/check_install.py

package-check: ## Install wheel and source archive with pip, uvx and pipx, and time the first page
	@$(READY) dev
	$(PY) scripts/check_package.py

bench: ## Measure, and write the table of bench/README.md
	@$(READY) dev
	@exec $(PY) -m bench $(ARGS)

model-check: ## Run against a real llama.cpp server and four wire formats, and fail on a missed target
	@$(READY) dev
	@$(PY) scripts/get_model_check.py
	@exec $(PY) -m model_check $(ARGS)

screenshots: ## Photograph every screen into screenshots/
	@$(READY) dev
	@$(PY) scripts/get_browser.py
	@exec $(PY) scripts/screenshots.py $(ARGS)

lock: ## Write new lock files from pyproject.toml
	@$(READY) dev
	$(PY) scripts/lock.py
	$(PY) scripts/write_licences.py
