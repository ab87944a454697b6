package otadata

import (
	"fmt"

	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// Tool does what otatool of ESP-IDF does to the content of an otadata
// partition. It has rules of its own: states do not matter to it, and it counts
// the slots up to the first gap whatever type their partitions have.
type Tool struct {
	// Alternate is the number format of v6.0, in which the width of a sequence
	// number includes its "0x".
	Alternate bool
	// Span is the distance of the entries times two, in bytes: the option
	// --spi-flash-sec-size. 0 stands for its default, Size.
	Span int
}

// ToolError is a case in which otatool ends with a Python traceback.
type ToolError struct {
	Exception string // its name, such as "IndexError"
	Text      string // its message
}

// Error returns the last line of the traceback.
func (e *ToolError) Error() string { return e.Exception + ": " + e.Text }

// distance returns the distance of the entries.
func (t Tool) distance() int {
	if t.Span == 0 {
		return SectorSize
	}
	return t.Span / 2
}

// entries reads both entries.
func (t Tool) entries(content []byte) (p Pair, err error) {
	if len(content) == 0 {
		return p, &ToolError{"Exception", "No otadata partition found"}
	}
	for i := range p {
		at := i * t.distance()
		if at < 0 || at+EntrySize > len(content) {
			return p, &ToolError{"struct.error", "unpack requires a buffer of 4 bytes"}
		}
		p[i] = Decode(content[at:])
	}
	return p, nil
}

// Locate returns the otadata partition that otatool works on: the first. The
// error is a *ToolError if there is none.
func (t Tool) Locate(table *parttable.Table) (parttable.Entry, error) {
	for _, e := range table.Entries {
		if e.Is(parttable.TypeData, parttable.SubtypeOTAData) {
			return e, nil
		}
	}
	return parttable.Entry{}, &ToolError{"IndexError", "list index out of range"}
}

// Read returns what "otatool read_otadata" prints of a partition's content. The
// error is a *ToolError.
func (t Tool) Read(content []byte) (string, error) {
	p, err := t.entries(content)
	if err != nil {
		return "", err
	}
	width := 10
	if t.Alternate {
		width = 8
	}
	number := func(n uint32) string { return fmt.Sprintf("0x%0*x", width-2, n) }
	return "             OTA_SEQ  \t  CRC      | \t  OTA_SEQ  \t   CRC     \n" +
		"Firmware:  " + number(p[0].Seq) + " \t" + number(p[0].CRC) + " | \t" +
		number(p[1].Seq) + " \t " + number(p[1].CRC) + "\n", nil
}

// Erase returns the content after "otatool erase_otadata".
func (t Tool) Erase(content []byte) ([]byte, error) {
	if len(content) == 0 {
		return nil, &ToolError{"Exception", "No otadata partition found"}
	}
	out := make([]byte, len(content))
	for i := range out {
		out[i] = 0xFF
	}
	return out, nil
}
