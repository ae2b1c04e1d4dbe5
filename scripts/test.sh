#!/bin/sh
# Runs everything that CI runs, and says in its last line how it went. A step
# that fails does not keep the later ones from running.
set -u
cd "$(dirname "$0")/.." || exit 1

scripts/setup.sh || exit 1

failed=
start=$(date +%s)

# step NAME COMMAND…
step() {
	name=$1
	shift
	began=$(date +%s)
	echo "== $name"
	if "$@"; then
		result=ok
	else
		result=FAILED
		failed="$failed $name"
	fi
	echo "== $name: $result, $(($(date +%s) - began)) s"
}

step lint scripts/lint.sh
step web scripts/web.sh check
step test env CGO_ENABLED=1 go test -race -timeout 20m ./...
step fuzz scripts/fuzz.sh
step build scripts/crossbuild.sh

took="$(($(date +%s) - start)) s"
if [ -n "$failed" ]; then
	echo "make test: failed after $took:$failed"
	exit 1
fi
echo "make test: passed in $took: lint, the web app, tests with the race detector, fuzzing, builds for four systems"
