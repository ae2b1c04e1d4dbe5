//go:build !race

package synth

// thorough is whether everything is rendered.
const thorough = true
