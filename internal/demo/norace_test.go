//go:build !race

package demo

// thorough is whether everything is rendered.
const thorough = true
