# bootsim: build, test, lint. Needs Go alone; tools are pinned by version below.
GO            ?= go
STATICCHECK   ?= honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOLANGCI_LINT ?= github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
FUZZTIME      ?= 10m

.PHONY: all build test race cover lint bench fuzz docs clean

all: build test

build: ## the command, into bin/
	$(GO) build -trimpath -o bin/bootsim ./cmd/bootsim

test: ## every test, from fixtures alone
	$(GO) test ./...

race:
	$(GO) test -race -short ./...

cover: ## coverage by package, and the total
	$(GO) test -coverprofile=coverage.out -coverpkg=./... ./...
	$(GO) tool cover -func=coverage.out | tail -n 1

lint:
	@test -z "$$(gofmt -l .)" || { gofmt -l .; echo 'error: run gofmt -w on these'; exit 1; }
	$(GO) vet ./...
	$(GO) run $(STATICCHECK) ./...
	$(GO) run $(GOLANGCI_LINT) run ./...

bench: ## benchmarks with allocations; compare two outputs with benchstat
	$(GO) test -run '^$$' -bench . -benchmem ./...

fuzz: ## every fuzz target for FUZZTIME each
	@set -e; for p in $$($(GO) list ./...); do \
	  for t in $$($(GO) test -list '^Fuzz' $$p | grep '^Fuzz' || true); do \
	    echo "== $$p $$t"; $(GO) test -run '^$$' -fuzz "^$$t$$" -fuzztime $(FUZZTIME) $$p; \
	  done; done

docs: ## docs/rules.md from the catalogue
	$(GO) run ./cmd/bootsim rules --markdown > docs/rules.md

clean:
	rm -rf bin coverage.out
