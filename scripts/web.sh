#!/bin/sh
# Builds the web app, web/dist, and the types that it has of the API. With the
# word "check" it also tests the app, and fails if what is committed differs.
set -eu
cd "$(dirname "$0")/.."

made="web/dist web/src/api/schema.d.ts"

if ! command -v npm >/dev/null 2>&1; then
	echo "web: npm is missing: see scripts/setup.sh" >&2
	[ "${CI:-}" != true ] || exit 1
	[ "${1:-}" = check ] || exit 1
	exit 0
fi

installed=web/node_modules/.package-lock.json
if [ ! -f "$installed" ] || [ -n "$(find web/package-lock.json -newer "$installed")" ]; then
	echo "web: npm ci"
	(cd web && npm ci --no-audit --no-fund --loglevel=error)
fi

cd web
npm run --silent types
[ "${1:-}" != check ] || npm run --silent check
npm run --silent build
cd ..

[ "${1:-}" = check ] || exit 0
# shellcheck disable=SC2086 # a list of words
changed=$(git diff --name-only -- $made && git ls-files --others -- $made)
if [ -n "$changed" ]; then
	printf 'web: what is committed is not what is built; run make web, and commit:\n%s\n' "$changed"
	exit 1
fi
