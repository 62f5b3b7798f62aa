# Every verb is one line; what it does stands in docs/sitebuild and in the tools it calls.
# `make html VENV=<path>` uses an environment that exists; without it, .venv is made here.
VENV ?= .venv
PYTHON ?= python3
CONSTRAINTS ?= constraints.txt
export PATH := $(abspath $(VENV))/bin:$(PATH)
ifneq ($(VENV),.venv)
  ifeq ($(wildcard $(VENV)/bin/python),)
    $(error VENV is $(VENV), and there is no $(VENV)/bin/python: name an environment that exists, or leave VENV out and .venv is made)
  endif
endif
READY := $(if $(filter .venv,$(VENV)),.venv/ready)
OLDEST_TORCH = $(shell sed -n 's/^ *"torch>=\([0-9.]*\)".*/\1/p' pyproject.toml)
PYTEST := pytest -n 2 --dist loadgroup

.DEFAULT_GOAL := help
.PHONY: help html screenshots lighthouse epub compare-devices other-machines perturb same-bytes executed-on newest oldest wheel serve test coverage test-slow lint format translations run clean

help:  ## show the verbs
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 24

.venv/ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv && .venv/bin/python -m pip install -q --disable-pip-version-check -c $(CONSTRAINTS) -e '.[docs,lint,serve,test]' && touch $@

html: $(READY)  ## build the site in all languages: build/html/index.html
	cd docs && python -m sitebuild html

epub: $(READY)  ## build the site as a book in all languages; a later `make html` publishes them
	cd docs && python -m sitebuild epub

screenshots: html  ## photograph one page of each kind, in all languages, themes and two widths (needs Chromium)
	python tools/photograph.py $(KINDS)

lighthouse: export AUTOGRAD_VI_SITE_URL := http://127.0.0.1:8765/
lighthouse: html  ## measure the site with Lighthouse (needs npx and Chromium; takes a while)
	python benchmarks/lighthouse.py --port 8765

serve: $(READY)  ## build, show at a local address, rebuild on changes
	cd docs && python -m sitebuild serve

run: $(READY)  ## run the scripts and cells that are not fresh, and nothing else
	cd docs && python -m sitebuild run

translations: $(READY)  ## extract messages, update the catalogues, show what is missing
	cd docs && python -m sitebuild translations

test: lint html  ## check style and types, build the site, run all tests but the slow ones
	$(PYTEST) -m "not slow"

coverage: html  ## run the usual tests and show which lines of the package and of the build they leave out
	coverage erase && coverage run -m $(PYTEST) -m "not slow" && coverage combine -q && coverage report

test-slow: html  ## build the site, run the tests that take minutes
	$(PYTEST) -m slow

compare-devices: $(READY)  ## run all pages on the CPU and the accelerator, and compare; RECORD=FILE keeps what differs
	cd docs && python -m sitebuild compare-devices $(if $(RECORD),--record $(abspath $(RECORD)))

other-machines: $(READY)  ## run all pages, or PAGE=…, on other machines, imitated on this one
	cd docs && python -m sitebuild other-machines $(PAGE)

perturb: $(READY)  ## change the values in the asserts of all pages, or of PAGE=…, and list what no assert saw
	cd docs && python -m sitebuild perturb $(PAGE)

same-bytes: $(READY)  ## build the last commit twice, in different surroundings, and compare the sites file by file
	cd docs && python -m sitebuild same-bytes

executed-on: $(READY)  ## fail unless every page ran on AUTOGRAD_VI_DEVICE (cpu where it is not set)
	cd docs && python -m sitebuild executed-on $(or $(AUTOGRAD_VI_DEVICE),cpu)

newest:  ## try the newest releases, beyond our caps, in an environment of its own, and say what breaks
	PYTHON=$(PYTHON) .ci/newest $(PIP_ARGUMENTS)

oldest:  ## test the package's wheel on the oldest torch that it supports, in an environment of its own
	.ci/install-wheel "torch==$(OLDEST_TORCH).*" && .ci/test-package

wheel: $(READY)  ## build the package into dist/ and check its metadata and contents
	rm -rf dist && python -m hatchling build -d dist && twine check --strict dist/* && check-wheel-contents dist/*.whl

lint: $(READY)  ## check style and types
	ruff check . && ruff format --check . && mypy

format: $(READY)  ## format the code
	ruff format . && ruff check --fix .

clean:  ## remove all that a build makes
	rm -rf build docs/gallery .coverage*
