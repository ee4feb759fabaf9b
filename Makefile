# Everything a person types. `make run` and `make test` do all the set-up that they need.
export GOFLAGS := -tags=sqlite_fts5
export CGO_ENABLED := 1
# SQLite shall wait for its data and not for the file's times as well: half as long at each commit, and as safe on Linux.
export CGO_CFLAGS := -O2 -g -DHAVE_FDATASYNC=1

SHELL := /bin/bash
VERSION := $(shell git describe --always --dirty 2>/dev/null || echo development)
# Without the linker's tables for debuggers, and without the vet that `make check` runs, half a hundred test programs are made sooner.
TESTFLAGS ?= -vet=off -ldflags='-s -w'

.PHONY: run test check bench build setup tools templates pictures clean

## run: the demo, on http://127.0.0.1:8080
run: build
	bin/conversations demo

## build: bin/conversations, which runs alone from any folder
build: setup
	go build -trimpath -ldflags "-X main.version=$(VERSION)" -o bin/conversations ./cmd/conversations

## setup: what the pages need from npm
setup: node_modules/.made
	@node static/build.mjs

node_modules/.made: package.json package-lock.json
	npm ci --no-audit --no-fund --loglevel=error
	@touch $@

## test: the whole suite; installs what is missing where it may. What takes longest begins first, and the rest runs beside it.
test: setup tools
	.ci/postgres go test -count=1 -timeout 25m -p 2 $(TESTFLAGS) ./app/browsertest ./...
	@.ci/left-out

## tools: the browser and the servers that the suite drives
tools:
	@.ci/tools

## check: what must hold before anything lands
check: setup tools templates
	@test -z "$$(gofmt -l app cmd static templates *.go)" || { echo "not formatted:"; gofmt -l app cmd static templates *.go; exit 1; }
	@git diff --exit-code --stat -- '*_templ.go' || { echo "generated files are not fresh: commit what 'make templates' made"; exit 1; }
	go vet ./...
	go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0 run
	.ci/postgres go test -race -count=1 -timeout 30m -p 2 $(TESTFLAGS) ./...

## templates: the Go that templ makes of the pages
templates:
	go tool templ generate -path templates -log-level error

## pictures: those of docs/guide and the README, made by the browser tests
pictures: setup tools
	GUIDE_PICTURES=1 go test -count=1 ./app/browsertest -run 'Picture|SixtyPeople'

## bench: how fast, as ratios to a limit measured in the same run
bench: setup
	.ci/postgres go run ./cmd/bench

clean:
	rm -rf bin data node_modules
