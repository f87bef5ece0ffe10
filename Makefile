# make report   set up .venv and build the report in build/report
# make test     set up .venv and run the tests
# make campaign the same, and what the tests leave out because its like is among them
# TEST_OPTIONS=…  options of pytest; unless it says otherwise the tests run on all cores, with two processes more, since
#                 tests of the sandbox wait for the process that they started
# PYTHON=…      the interpreter to make .venv with (3.11 or newer)

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
TEST_OPTIONS ?= -n $(WORKERS) --dist worksteal
WORKERS = $(shell .venv/bin/python -c 'import os; print(os.cpu_count() + 2)')
EXTRAS := test,report,digits,fast
SET_UP := .venv/.set-up

.PHONY: report test campaign clean

report: $(SET_UP)
	.venv/bin/python -m report report --output build/report $(REPORT_OPTIONS)

test: $(SET_UP)
	.venv/bin/python -m pytest $(TEST_OPTIONS)

campaign: $(SET_UP)
	.venv/bin/python -m pytest $(TEST_OPTIONS) -m "campaign or not campaign"

$(SET_UP): setup.cfg pyproject.toml
	@test -n "$(PYTHON)" || { echo "gradproof needs Python 3.11 or newer; name one with: make PYTHON=/path/to/python" >&2; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) cannot make virtual environments; on Debian: apt-get install python3-venv" >&2; exit 2; }
	$(PYTHON) -m venv .venv
	.venv/bin/python -m pip install --quiet --editable '.[$(EXTRAS)]'
	touch $@

clean:
	rm -rf .venv build *.egg-info
