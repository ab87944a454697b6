package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"github.com/bootsim/bootsim/bootsim/sweep"
)

// Measures of the drawing, in pixels.
const (
	labelWidth = 190
	plotWidth  = 900
	bandHeight = 44
	headHeight = 56
	legend     = 40
)

// Colours of the drawing.
const (
	colourErase   = "#c9ced6"
	colourProgram = "#3b6fb5"
	colourBurn    = "#e08a1e"
	colourPlain   = "#9b30a8"
	colourDanger  = "#d62728"
)

// SVG draws the flash over the update of every case, one below the other:
// operations from left to right, a band for each part of the flash that is
// touched, and in red where a single fault breaks an invariant.
func (r *Report) SVG(w io.Writer) error {
	var body strings.Builder
	y := 0
	for i := range r.Cases {
		y += r.Cases[i].draw(&body, y)
	}
	_, err := fmt.Fprintf(w, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="12">
<rect width="100%%" height="100%%" fill="white"/>
%s</svg>
`, labelWidth+plotWidth+20, y+10, body.String())
	return err
}

// draw draws one case from y on and returns its height.
func (c *Case) draw(b *strings.Builder, y int) int {
	p := c.Result.Picture()
	fmt.Fprintf(b, "<text x=\"10\" y=\"%d\" font-size=\"14\" font-weight=\"bold\">%s</text>\n", y+20, escape(c.title()))
	fmt.Fprintf(b, "<text x=\"10\" y=\"%d\" fill=\"#555\">%d operations, left to right; where red, one fault breaks: %s</text>\n",
		y+38, len(p.Ops), escape(broken(c.Result)))
	top := y + headHeight
	for i, band := range p.Bands {
		label(b, band, top+i*bandHeight)
	}
	columns(b, p, top)
	height := len(p.Bands) * bandHeight
	boots(b, p, top, height)
	key(b, top+height)
	return headHeight + height + legend
}

// broken lists the invariants that windows name.
func broken(r *sweep.Result) string {
	var names []string
	for i := range r.Verdicts {
		for _, w := range r.Windows {
			if contains(w.Invariants, r.Verdicts[i].Invariant) {
				names = append(names, r.Verdicts[i].Invariant)
				break
			}
		}
	}
	if names == nil {
		return "nothing"
	}
	return strings.Join(names, ", ")
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func label(b *strings.Builder, band sweep.Band, y int) {
	fmt.Fprintf(b, "<text x=\"10\" y=\"%d\">%s</text>\n", y+18, escape(band.Name))
	if band.Size > 0 {
		fmt.Fprintf(b, "<text x=\"10\" y=\"%d\" fill=\"#777\" font-size=\"10\">0x%x, 0x%x bytes</text>\n", y+32, band.Offset, band.Size)
	}
	fmt.Fprintf(b, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"none\" stroke=\"#ddd\"/>\n", labelWidth, y, plotWidth, bandHeight-6)
}

// boots marks where the device restarts.
func boots(b *strings.Builder, p *sweep.Picture, top, height int) {
	n := max(len(p.Ops), 1)
	for i, op := range p.Boots {
		x := labelWidth + op*plotWidth/n
		fmt.Fprintf(b, "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"#333\" stroke-dasharray=\"3,3\"/>\n", x, top-6, x, top+height)
		fmt.Fprintf(b, "<text x=\"%d\" y=\"%d\" font-size=\"10\">boot %d</text>\n", min(x+2, labelWidth+plotWidth-34), top-8, i+1)
	}
}

func key(b *strings.Builder, y int) {
	x := labelWidth
	for _, k := range []struct{ colour, text string }{
		{colourErase, "erase"}, {colourProgram, "program"}, {colourBurn, "eFuse burn"}, {colourPlain, "plaintext"}, {colourDanger, "one fault here breaks an invariant"},
	} {
		fmt.Fprintf(b, "<rect x=\"%d\" y=\"%d\" width=\"12\" height=\"10\" fill=\"%s\"/><text x=\"%d\" y=\"%d\">%s</text>\n", x, y+8, k.colour, x+18, y+17, k.text)
		x += 110
	}
}

func escape(s string) string {
	var b strings.Builder
	// A builder takes everything.
	_ = xml.EscapeText(&b, []byte(s))
	return b.String()
}
