// Package web is the web app as it is built: the source beside this file is
// TypeScript, and what `make web` makes of it is committed, so that the program
// builds on a machine that has only Go.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var files embed.FS

// Dist returns the built app: index.html, what it loads under assets/, and
// beside the greater files the same compressed, with the suffixes .br and .gz.
func Dist() fs.FS {
	dist, err := fs.Sub(files, "dist")
	if err != nil {
		panic(err) // "dist" is a valid path
	}
	return dist
}
