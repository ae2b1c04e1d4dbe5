package webui

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"strings"
)

// cover is a picture that is seen before one scrolls, and how wide it is shown:
// the attribute sizes that the app gives it (https://html.spec.whatwg.org/#sizes-attributes).
type cover struct{ image, sizes string }

// The sizes of the app's eager covers: in Cards.tsx and in Hero.tsx.
const (
	compactSizes = "(min-width: 40rem) 72px, 56px"
	shelfSizes   = "(min-width: 80rem) 280px, (min-width: 40rem) 22vw, 136px"
	heroSizes    = "(min-width: 80rem) 240px, (min-width: 40rem) 224px, 192px"
)

// shelfCovers is how many covers of a shelf are seen on a phone, the last in part.
const shelfCovers = 3

// pictured is what has a picture: a song, an album, an artist.
type pictured struct {
	Image string `json:"image"`
}

// homeCovers returns those of the featured songs and of the first shelf.
func homeCovers(answer []byte) []cover {
	var home struct {
		Featured   []pictured `json:"featured"`
		Recent     []pictured `json:"recent"`
		MadeForYou []pictured `json:"madeForYou"`
	}
	if json.Unmarshal(answer, &home) != nil {
		return nil
	}
	shelf := home.Recent
	if len(shelf) == 0 {
		shelf = home.MadeForYou
	}
	var covers []cover
	for _, p := range shelf[:min(len(shelf), shelfCovers)] {
		covers = append(covers, cover{p.Image, shelfSizes})
	}
	for _, p := range home.Featured {
		covers = append(covers, cover{p.Image, compactSizes})
	}
	return covers
}

// heroCover returns that of the album or the artist.
func heroCover(answer []byte) []cover {
	var one pictured
	if json.Unmarshal(answer, &one) != nil {
		return nil
	}
	return []cover{{one.Image, heroSizes}}
}

// writeCovers has the browser load covers beside the app rather than after it,
// each in the width that the app will have it choose. Those of other servers
// come in one size, and are left to the app.
func (a *App) writeCovers(b *bytes.Buffer, covers []cover) {
	for _, c := range covers {
		widths := []int{160, 300, 640} // as api/media.ts lists them for covers shown at up to 300
		if c.sizes == compactSizes {
			widths = []int{64, 160, 300}
		}
		var sources []string
		for _, width := range widths {
			if address, ours := a.media.Sized(c.image, width); ours {
				sources = append(sources, fmt.Sprintf("%s %dw", html.EscapeString(address), width))
			}
		}
		if len(sources) == 0 {
			continue
		}
		fmt.Fprintf(b, "<link rel=\"preload\" as=\"image\" imagesrcset=\"%s\" imagesizes=\"%s\">\n", strings.Join(sources, ", "), c.sizes)
	}
}
