#!/bin/sh
# Builds the program for every system it is released for, without cgo.
set -eu
cd "$(dirname "$0")/.."

out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

for system in linux/amd64 linux/arm64 darwin/arm64 windows/amd64; do
	echo "build $system"
	CGO_ENABLED=0 GOOS=${system%/*} GOARCH=${system#*/} go build -buildvcs=false -o "$out/" ./cmd/...
done
