# `make up` starts the dashboard, `make test` runs all tests; project/run implements them.
# Requires GNU make 3.81 or newer and bash 3.2 or newer. RUNTIME=docker|native overrides the choice of runtime.
SHELL := bash
export RUNTIME PORT JOBS REPAIR SEED SIZES REPORT SUITES YES FILE REPLACE ARGS MINUTES

.DEFAULT_GOAL := help
.PHONY: help build up test test-faults test-failover stop clean seed counts admin manage backup restore bench bench-scale bench-pages load ha check fmt logs lock

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo "  Options:         RUNTIME=docker|native   PORT=8000   JOBS=10000 (for seed; 1000000 for bench, 10000000 for load)"
	@echo "                   SUITES=backend,components,browser,contract,firefox,faults,failover,proxies (for test; the last four only if named)"
	@echo "                   SIZES=10000,1000000 (for bench-scale)   REPORT=docs/performance.md (for each)   SEED=1 (for test-faults)   MINUTES=30 (for load)"

build: ## Build the images (Docker) or the environment and the islands (native)
	@bash project/run build

up: ## Start the dashboard and print its address
	@bash project/run up

test: ## Run backend, component, browser and contract tests on a separate database
	@bash project/run test

test-faults: ## Kill processes during operations on JOBS= jobs, and compare all results; takes ten minutes, without Docker
	@RUNTIME=native SUITES=faults bash project/run test

test-failover: ## Let machines fail under `make ha`, with clients and an operation; takes ten minutes, without Docker
	@RUNTIME=native SUITES=failover bash project/run test

stop: ## Stop the dashboard; keep its data
	@bash project/run stop

clean: ## Stop everything and remove all created files and data; asks first at a terminal (unless YES=1)
	@bash project/run clean

seed: ## Create JOBS= sample jobs
	@bash project/run seed

counts: ## Compare the exact counts with the jobs; REPAIR=yes corrects differences
	@bash project/run counts

admin: ## Make an account that may do everything, for ACCESS=login
	@bash project/run admin

manage: ## Run a command of the dashboard: ARGS='account anna operator', ARGS='create_token --user anna --scope read'
	@bash project/run manage

backup: ## Write all data of the dashboard to FILE=, or to backups/, while it goes on
	@bash project/run backup

restore: ## Restore FILE= as a whole; a database that is not empty only with REPLACE=yes
	@bash project/run restore

bench: ## Measure every read and write with JOBS= jobs in a separate database
	@bash project/run bench

bench-scale: ## The same with 10 thousand, 1 million and 10 million jobs, and the growth
	@bash project/run bench-scale

bench-pages: ## Measure how soon the pages answer each key, and their memory
	@RUNTIME=native bash project/run bench-pages

load: ## Half an hour of mixed traffic on JOBS= jobs (ten million), or MINUTES=; without Docker
	@RUNTIME=native bash project/run load

ha: ## Start PostgreSQL on three nodes, two web servers and two workers behind HAProxy, on this machine; without Docker
	@RUNTIME=native bash project/run ha

check: ## Lint, types, import directions, migrations, lock files, known vulnerabilities
	@RUNTIME=native bash project/run check

fmt: ## Format Python, templates and TypeScript
	@RUNTIME=native bash project/run fmt

logs: ## Follow the logs (Ctrl-C leaves)
	@bash project/run logs

lock: ## Resolve pyproject.toml into requirements/*.txt, and list licences in docs/sbom.cdx.json
	@RUNTIME=native bash project/run lock
