# play, test, check, bench, soak: each sets up what it needs first.
# PYTHON=/path/to/python3 chooses the interpreter of a fresh .venv.

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
JOBS ?= 2

.PHONY: help play setup test check bench soak format notation clean

help:
	@echo "make play    set up and open the flagship game"
	@echo "make test    set up and run all tests"
	@echo "make check   style, types, scenarios, floors, pages"
	@echo "make bench   how fast the engine is"
	@echo "make soak    the long tests"
	@echo "make format  sort imports and lay out the code"
	@echo "make clean   remove the environment and what tools left behind"

play: $(VENV)/.ready-to-play
	$(BIN)/stake play alibaba-meizu

setup: $(VENV)/.ready

test: setup
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n $(JOBS) --dist loadfile

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/stake scenario check scenarios/*.yaml
	$(BIN)/python -m pytest -q tests/test_architecture.py tests/test_notation.py tests/test_pages.py

bench: setup
	$(BIN)/python bench/turn.py
	$(BIN)/python bench/blocks.py
	$(BIN)/stake bench --growth
	$(PIP) install --editable ".[peers]"
	$(BIN)/python bench/peer_mesa.py

soak: setup
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n $(JOBS) --dist loadfile -m soak

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

notation: setup
	$(BIN)/python tools/make_notation.py

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find game tests tools bench -name __pycache__ -type d -prune -exec rm -rf {} +

# A player needs less than a contributor; the stamps depend on what names the packages.
$(VENV)/.ready-to-play: pyproject.toml tools/venv.sh
	@sh tools/venv.sh $(VENV) $(PYTHON)
	@echo "Installing the game into $(VENV): a minute or two, once."
	@$(PIP) install --editable .
	@touch $@

$(VENV)/.ready: pyproject.toml tools/venv.sh
	@sh tools/venv.sh $(VENV) $(PYTHON)
	@echo "Installing the game and the developers' tools into $(VENV): a few minutes, once."
	@$(PIP) install --editable ".[dev,lab]"
	@touch $@ $(VENV)/.ready-to-play
