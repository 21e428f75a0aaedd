# Two commands: `make up` starts the dashboard, `make test` proves it. What they do lives in project/run.
# GNU make 3.81 and bash 3.2 suffice. RUNTIME=docker|native decides by hand, PORT= and JOBS= choose numbers.
SHELL := bash
export RUNTIME PORT JOBS REPAIR SIZES REPORT YES

.DEFAULT_GOAL := help
.PHONY: help build up test stop clean seed counts bench bench-scale check fmt logs lock

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo "  Options:         RUNTIME=docker|native   PORT=8000   JOBS=10000 (for seed; 1000000 for bench)"
	@echo "                   SIZES=10000,1000000 (for bench-scale)   REPORT=docs/performance.md (for both)"

build: ## Build the images (Docker) or the environment and the islands (native)
	@bash project/run build

up: ## Start the dashboard and print its address
	@bash project/run up

test: ## Run backend, component, browser and contract tests on their own database
	@bash project/run test

stop: ## Stop the dashboard; its data stays
	@bash project/run stop

clean: ## Stop everything and remove what was made, all data too; asks first at a terminal (YES=1 does not)
	@bash project/run clean

seed: ## Fill the dashboard with JOBS= jobs
	@bash project/run seed

counts: ## Hold the exact counts against the jobs; REPAIR=yes corrects what differs
	@bash project/run counts

bench: ## Measure every read and write with JOBS= jobs in a database of their own
	@bash project/run bench

bench-scale: ## The same with 10 thousand, 1 million and 10 million jobs, and how it grows
	@bash project/run bench-scale

check: ## Lint, types, import directions, migrations, lock files
	@RUNTIME=native bash project/run check

fmt: ## Format Python, templates and TypeScript
	@RUNTIME=native bash project/run fmt

logs: ## Follow the logs (Ctrl-C leaves)
	@bash project/run logs

lock: ## Resolve pyproject.toml into requirements/*.txt anew
	@RUNTIME=native bash project/run lock
