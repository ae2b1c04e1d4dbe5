# What a developer does, one line each: `make help` prints them.

.DEFAULT_GOAL := help
.PHONY: help run build web setup test soak lint fuzz bench

help: ## print this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-6s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## start a server with demo music
	go run ./cmd/antiphon serve --demo

build: ## build the static binary, bin/antiphon
	CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o bin/ ./cmd/antiphon

web: ## rebuild the web app and its types of the API
	@scripts/web.sh

setup: ## install what the tests need, or say what is missing
	@scripts/setup.sh

test: ## run everything that CI runs
	@scripts/test.sh

soak: ## chat for five minutes as 2,000 people, on a server that is killed twice
	ANTIPHON_SOAK=5m go test -count=1 -v -timeout 30m -run '^TestSoak$$' ./internal/app

lint: ## check format, vet and linters
	@scripts/lint.sh

fuzz: ## run every fuzz target; FUZZTIME=1m for longer
	@scripts/fuzz.sh

bench: ## run the benchmarks
	go run ./bench
