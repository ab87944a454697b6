package espefuse

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bootsim/bootsim/emu/efuse"
)

// textWidth is the width of the columns of names and of descriptions.
const textWidth = 50

func (s *session) textSummary(names []string) string {
	lines := []string{
		"EFUSE_NAME (Block) Description  = [Meaningful Value] [Readable/Writeable] (Hex Value)",
		strings.Repeat("-", 88),
	}
	heading := ""
	for _, f := range s.byCategory() {
		if len(names) > 0 && !slices.Contains(names, f.Name) {
			continue
		}
		if title := titled(f.Category) + " fuses:"; title != heading {
			if heading != "" {
				lines = append(lines, "")
			}
			heading = title
			lines = append(lines, title)
		}
		lines = append(lines, s.textRows(f)...)
	}
	if heading != "" {
		lines = append(lines, "")
	}
	lines = append(lines, supplyText(s.chip.shown))
	if s.chip.codingErrors(false) {
		lines = append(lines, "WARNING: Coding scheme has encoding bit error warnings")
	}
	return strings.Join(lines, "\n") + "\n"
}

// textRows is a field in a summary: a row, and more when the description is
// long.
func (s *session) textRows(f efuse.Field) []string {
	value, feed, raw := s.shownValue(f), "", ""
	if len(value) > 20 {
		feed = "\n  "
	}
	if f.Kind != efuse.Bytes {
		raw = "(" + s.chip.bits(f).String() + ")"
	}
	info := fmt.Sprintf("%s (BLOCK%d)", f.Name, f.Block)
	if s.chip.failed(f.Block) {
		info += "[error]"
	}
	pieces := inPieces(s.chip.describe(f), textWidth)
	rows := []string{fmt.Sprintf("%-*s %s%s = %s %s %s", textWidth, info, padded(pieces[0]), feed, value, s.permissions(f), raw)}
	for _, more := range pieces[1:] {
		rows = append(rows, strings.Repeat(" ", textWidth+1)+padded(more))
	}
	return rows
}

func padded(text string) string { return fmt.Sprintf("%-*s", textWidth, text) }

// inPieces cuts text after every n characters. There is always one piece.
func inPieces(text string, n int) (pieces []string) {
	runes := []rune(text)
	for len(runes) > n {
		pieces = append(pieces, string(runes[:n]))
		runes = runes[n:]
	}
	return append(pieces, string(runes))
}

func (s *session) permissions(f efuse.Field) string {
	read, write := "-", "-"
	if s.chip.shown.Readable(f) {
		read = "R"
	}
	if s.chip.shown.Writeable(f) {
		write = "W"
	}
	return read + "/" + write
}

// supplyText tells what decides the voltage of the flash.
func supplyText(set *efuse.Set) string {
	switch set.FlashSupply() {
	case efuse.SupplyStrap:
		return "Flash voltage (VDD_SDIO) determined by GPIO12 on reset (High for 1.8V, Low/NC for 3.3V)"
	case efuse.SupplyOff:
		return "Flash voltage (VDD_SDIO) internal regulator disabled by efuse."
	case efuse.Supply18V:
		return "Flash voltage (VDD_SDIO) set to 1.8V by efuse."
	}
	return "Flash voltage (VDD_SDIO) set to 3.3V by efuse."
}
