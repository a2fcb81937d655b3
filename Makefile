.DEFAULT_GOAL := help
PYTHON := .venv/bin/python

.PHONY: help demo test lint types format migrations accessibility walls speed ledger pictures

help: ## list what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

demo: ## run everything on this machine, with sample books
	script/demo

test: ## run the whole suite
	script/test

lint: ## ruff, djlint and import directions
	$(PYTHON) -m ruff check . && $(PYTHON) -m djlint templates --check && .venv/bin/lint-imports

types: ## strict types
	.venv/bin/mypy .

format: ## let ruff and djlint format code and templates
	$(PYTHON) -m ruff check --fix -q . ; $(PYTHON) -m ruff format . ; $(PYTHON) -m djlint templates --reformat --quiet

migrations: ## write the migrations that are missing; APP=publishing NAME=work_reading_age
	$(PYTHON) manage.py makemigrations $(APP) $(if $(NAME),--name $(NAME))

accessibility: ## check every sample book with EPUBCheck and DAISY Ace
	$(PYTHON) -m tests.conversion.epub.corpus --ace

walls: ## try to get out of the process that reads a manuscript
	$(PYTHON) -m tests.conversion.process.wall_probes

speed: ## measure conversions beside the peers; CORPUS=folder
	$(PYTHON) -m bench.speed --corpus $(CORPUS) --peers

ledger: ## measure posting beside django-hordak
	$(PYTHON) -m bench.ledger

pictures: ## make the pictures of docs/ from a running demonstration
	$(PYTHON) -m tests.journeys.pictures
