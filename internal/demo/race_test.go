//go:build race

package demo

// thorough is whether everything is rendered. With the race detector that takes
// minutes and finds nothing more, for a rendering shares nothing.
const thorough = false
