package report

import (
	"fmt"
	"strings"

	"github.com/bootsim/bootsim/bootsim/sweep"
)

// cell is what happens in one column of one band.
type cell struct {
	erased, written     stretch
	burn, plain, danger bool
}

// stretch is a part of a band, in bytes; empty when to is 0.
type stretch struct{ from, to uint32 }

func (s *stretch) add(t sweep.Touch) {
	if s.to == 0 {
		s.from = t.From
	}
	s.from, s.to = min(s.from, t.From), max(s.to, t.From+t.Size)
}

// columns draws the operations, several to a column where there are many.
func columns(b *strings.Builder, p *sweep.Picture, top int) {
	n := len(p.Ops)
	if n == 0 {
		return
	}
	scale := extents(p)
	count := min(n, plotWidth/2)
	for col := range count {
		cells := map[int]*cell{}
		for _, t := range p.Ops[col*n/count : (col+1)*n/count] {
			if cells[t.Band] == nil {
				cells[t.Band] = &cell{}
			}
			cells[t.Band].add(t)
		}
		x0, x1 := labelWidth+col*plotWidth/count, labelWidth+(col+1)*plotWidth/count
		for i := range p.Bands {
			if c := cells[i]; c != nil {
				c.draw(b, scale[i], x0, x1-x0, top+i*bandHeight)
			}
		}
	}
}

// extents is how much of each band is worth drawing: what is written to, or
// else erased.
func extents(p *sweep.Picture) []uint32 {
	written, erased := make([]uint32, len(p.Bands)), make([]uint32, len(p.Bands))
	for _, t := range p.Ops {
		into := written
		if t.Erase {
			into = erased
		}
		into[t.Band] = max(into[t.Band], t.From+t.Size)
	}
	for i := range written {
		if written[i] == 0 {
			written[i] = max(erased[i], 1)
		}
		if s := p.Bands[i].Size; s != 0 {
			written[i] = min(max(written[i], 1<<12), s)
		}
	}
	return written
}

func (c *cell) add(t sweep.Touch) {
	switch {
	case t.Burn:
		c.burn = true
	case t.Erase:
		c.erased.add(t)
	default:
		c.written.add(t)
	}
	c.plain, c.danger = c.plain || t.Plain, c.danger || t.Danger
}

// inner is the height within which a band is drawn.
const inner = bandHeight - 10

func (c *cell) draw(b *strings.Builder, scale uint32, x, width, y int) {
	colour := colourProgram
	if c.plain {
		colour = colourPlain
	}
	c.erased.draw(b, scale, x, width, y, colourErase)
	c.written.draw(b, scale, x, width, y, colour)
	if c.burn {
		fmt.Fprintf(b, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/>\n", x, y+2, max(width, 3), inner, colourBurn)
	}
	if c.danger {
		fmt.Fprintf(b, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"5\" fill=\"%s\"/>\n", x, y+bandHeight-11, max(width, 4), colourDanger)
	}
}

func (s stretch) draw(b *strings.Builder, scale uint32, x, width, y int, colour string) {
	if s.to == 0 || s.from >= scale {
		return
	}
	from := int(uint64(inner) * uint64(s.from) / uint64(scale))
	height := max(2, int(uint64(inner)*uint64(min(s.to, scale)-s.from)/uint64(scale)))
	fmt.Fprintf(b, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/>\n", x, y+2+min(from, inner-2), width, height, colour)
}
