#!/bin/sh
# Sees to it that the tests find what they need. Debian, as root: installs what
# is missing. Anywhere else: says what to install, and fails only under CI=true,
# for without it the tests that need a missing server say so and are skipped.
set -eu

has() {
	command -v "$1" >/dev/null 2>&1 || [ -x "/usr/sbin/$1" ]
}

# has_postgres tells whether server binaries of version 15 or later are there.
# Debian keeps them out of PATH.
has_postgres() {
	for initdb in "$(command -v initdb || true)" /usr/lib/postgresql/*/bin/initdb /usr/pgsql-*/bin/initdb; do
		[ -x "$initdb" ] || continue
		version=$("$initdb" --version | sed 's/[^0-9]*\([0-9]*\).*/\1/')
		[ "${version:-0}" -lt 15 ] || return 0
	done
	return 1
}

# has_django tells whether a Python has what the Django reference uses.
has_django() {
	for python in python3 /usr/bin/python3; do
		"$python" -c 'import django, rest_framework, allauth, psycopg2, PIL, argon2' 2>/dev/null && return
	done
	return 1
}

if ! has go; then
	echo "setup: Go is missing: https://go.dev/doc/install" >&2
	exit 1
fi

packages=
has cc || has gcc || packages="$packages gcc libc6-dev" # the race detector
has_postgres || packages="$packages postgresql"
has nginx || packages="$packages nginx-light"
has node || packages="$packages nodejs"
has npm || packages="$packages npm"
has chromium || packages="$packages chromium"
has_django || packages="$packages python3-django python3-djangorestframework python3-django-allauth python3-psycopg2 python3-pil python3-argon2"

if [ -n "$packages" ] && [ -f /etc/debian_version ] && [ "$(id -u)" = 0 ]; then
	echo "setup: installing$packages"
	export DEBIAN_FRONTEND=noninteractive
	apt-get -qq update
	# shellcheck disable=SC2086 # a list of words
	apt-get -qq install -y --no-install-recommends $packages >/dev/null
	if ! has_postgres; then
		echo "setup: this Debian has no PostgreSQL 15 or later: https://www.postgresql.org/download/" >&2
		exit 1
	fi
elif [ -n "$packages" ]; then
	echo "setup: please install (by their names in Debian):$packages" >&2
	[ "${CI:-}" != true ] || exit 1
fi

# has_program tells whether a program is in PATH or where go install puts it, in
# that version.
has_program() {
	bin=$(go env GOBIN)
	path=$(command -v "$1" || echo "${bin:-$(go env GOPATH)/bin}/$1")
	[ -x "$path" ] && go version -m "$path" | grep -q "mod.*$2"
}

# The bus of the tests.
nats=v2.15.2
if ! has_program nats-server "$nats"; then
	echo "setup: building nats-server $nats"
	go install "github.com/nats-io/nats-server/v2@$nats" || [ "${CI:-}" != true ]
fi

# The S3 server of the tests takes some minutes to build.
versitygw=v1.8.0
if ! has_program versitygw "$versitygw"; then
	echo "setup: building versitygw $versitygw"
	go install "github.com/versity/versitygw/cmd/versitygw@$versitygw" || [ "${CI:-}" != true ]
fi

has npm || exit 0

# What the tests need of npm. The benchmarks install their peers themselves.
cd "$(dirname "$0")/.."
find . -name node_modules -prune -o -path ./bench -prune -o -name package-lock.json -print | while read -r lock; do
	dir=$(dirname "$lock")
	installed=$dir/node_modules/.package-lock.json
	[ -f "$installed" ] && [ -z "$(find "$lock" -newer "$installed")" ] && continue
	echo "setup: npm ci in ${dir#./}"
	(cd "$dir" && npm ci --no-audit --no-fund --loglevel=error >/dev/null) || [ "${CI:-}" != true ]
done
