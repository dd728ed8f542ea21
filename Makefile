# What can be done with kawat's source; `make help` lists it.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# How long `make fuzz` spends on each target; `make test` gives each SHORT_FUZZTIME.
FUZZTIME ?= 1h
SHORT_FUZZTIME ?= 10s
# How often `make faults` provokes each fault that it repeats.
FAULT_ROUNDS ?= 20
# The tests of docs/reliability.md.
FAULTS := Killed|Lost|FlushAll|Frozen|Terminated|RedisFull|RedisForgets|BadNetwork|BothDown|SameCopy|EveryOrder|Poison|DiskFull|PowerCut|Failover|Replicas
# Tools that work on the source have a module of their own, so that what they need is no part of kawat.
TOOL := go tool -modfile=tools.mod
# What `make bench` runs, as go test's -bench.
BENCH ?= .

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "%-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: test
# A clone that belongs to someone else has no version to stamp, and tests that build the commands need none.
test: export GOFLAGS := $(GOFLAGS) -buildvcs=false
# vet is lint's; go test would run it over the same files again, as the race detector has them.
test: needs ## Fuzz every target for a moment, then run all tests, the race detector watching
	scripts/fuzz $(SHORT_FUZZTIME)
	CGO_ENABLED=0 go test -trimpath -vet=off -run TestModel ./internal/ingest
	go test -race -vet=off -timeout 15m ./...

.PHONY: needs
needs: ## Install what the tests need from outside of Go, where it is missing
	scripts/needs

.PHONY: fuzz
fuzz: ## Fuzz every target for FUZZTIME (1h)
	scripts/fuzz $(FUZZTIME)

.PHONY: faults
faults: export GOFLAGS := $(GOFLAGS) -buildvcs=false
faults: export KAWAT_FAULT_ROUNDS := $(FAULT_ROUNDS)
faults: needs ## Provoke every fault of docs/reliability.md, FAULT_ROUNDS times each (20)
	go test -count 1 -v -timeout 4h -run '$(FAULTS)' ./e2e

.PHONY: bench
bench: ## Run the benchmarks that match BENCH (all)
	go test -run '^$$' -bench '$(BENCH)' -benchmem ./...

.PHONY: lint
# What the tools ask the compiler for is then what build, the images and the tests' programs are made of: it is compiled once.
lint: export CGO_ENABLED := 0
lint: export GOFLAGS := $(GOFLAGS) -trimpath
lint: ## Check formatting, go vet and staticcheck
	@unformatted=$$(find . -name '*.go' -not -path '*/.*' -print0 | xargs -0 gofmt -l); \
	if [[ -n $$unformatted ]]; then \
		printf 'not formatted; run gofmt -w on:\n%s\n' "$$unformatted" >&2; exit 1; \
	fi
	go vet ./...
	$(TOOL) staticcheck ./...

.PHONY: build
build: ## Build the commands into bin/
	mkdir -p bin
	CGO_ENABLED=0 go build -trimpath -ldflags=-s -o bin/ ./cmd/...

.PHONY: reproducible
reproducible: ## Build the commands twice from nothing, and compare the bytes
	scripts/reproducible

.PHONY: sbom
sbom: build ## Write a bill of materials (CycloneDX) of each command into bin/
	for program in bin/*; do \
		[[ $$program == *.json ]] || $(TOOL) cyclonedx-gomod bin -json -std -noserial -notimestamp -output "$$program.sbom.json" "$$program"; \
	done

.PHONY: vulnerabilities
vulnerabilities: ## Ask the Go vulnerability database about the commands (needs the network)
	$(TOOL) govulncheck ./cmd/...

.PHONY: clean
clean: ## Remove what was built
	rm -rf bin
