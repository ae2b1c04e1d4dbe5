#!/bin/sh
# Checks the format and looks for likely mistakes. The linters are tools of
# go.mod, so that everybody has the same ones.
set -eu
cd "$(dirname "$0")/.."

failed=0

unformatted=$(find . -name node_modules -prune -o -name '*.go' -exec gofmt -l {} +)
if [ -n "$unformatted" ]; then
	printf 'gofmt would change:\n%s\n' "$unformatted"
	failed=1
fi

go vet ./... || failed=1
go tool staticcheck ./... || failed=1
go tool errcheck -exclude scripts/errcheck.txt ./... || failed=1
go tool unparam ./... || failed=1

exit "$failed"
