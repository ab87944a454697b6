package esptool

import (
	_ "embed" // for chips.txt
	"fmt"
	"strconv"
	"strings"
)

//go:embed chips.txt
var chipFacts string

// bits is a named value of a header field.
type bits struct {
	name  string
	value uint8
}

// memory is a range of a chip's address space.
type memory struct {
	first, end uint32
	name       string
}

// noID is the image id of the ESP8266, whose images have no such field.
const noID = -1

// chip is what commands need to know about a chip type. Only the classic ESP32
// can be simulated; images of the others can be merged and looked at.
type chip struct {
	name       string // "esp32c3"
	title      string // "ESP32-C3"
	id         int    // in image headers, or noID
	bootloader uint32 // flash offset
	family     uint32 // UF2 family
	sizes      []bits // bits 4 to 7
	freqs      []bits // bits 0 to 3
	memory     []memory
}

// chips returns all chips in the order of esptool's lists.
func chips() []*chip {
	var all []*chip
	for line := range strings.Lines(chipFacts) {
		w := strings.Fields(line)
		if len(w) == 0 || w[0] == "#" {
			continue
		}
		if w[0] == "chip" {
			all = append(all, newChip(w))
			continue
		}
		all[len(all)-1].add(w)
	}
	return all
}

func newChip(w []string) *chip {
	c := &chip{name: w[1], title: w[2], id: noID, bootloader: fact(w[4]), family: fact(w[5])}
	if w[3] != "-" {
		c.id = int(fact(w[3]))
	}
	return c
}

func (c *chip) add(w []string) {
	switch w[0] {
	case "sizes":
		c.sizes = namedBits(w[1:])
	case "freqs":
		c.freqs = namedBits(w[1:])
	default:
		c.memory = append(c.memory, memory{fact(w[0]), fact(w[1]), w[2]})
	}
}

func namedBits(words []string) []bits {
	list := make([]bits, len(words))
	for i, w := range words {
		name, value, _ := strings.Cut(w, "=")
		list[i] = bits{name, uint8(fact(value))}
	}
	return list
}

// fact reads a number of chips.txt.
func fact(text string) uint32 {
	n, err := strconv.ParseUint(text, 0, 32)
	if err != nil {
		panic(fmt.Sprintf("chips.txt: %v", err)) // an internal bug: the file is part of the program
	}
	return uint32(n)
}

// chipNames returns the values that --chip takes besides "auto".
func chipNames() []string {
	var names []string
	for _, c := range chips() {
		names = append(names, c.name)
	}
	return names
}

// chipNamed finds a chip by its name; there is one for each of chipNames.
func chipNamed(name string) *chip {
	for _, c := range chips() {
		if c.name == name {
			return c
		}
	}
	return nil
}

// chipWithID finds a chip by its id in image headers.
func chipWithID(id int) *chip {
	for _, c := range chips() {
		if c.id == id {
			return c
		}
	}
	return nil
}

// memories returns the names of all ranges that hold an address.
func (c *chip) memories(addr uint32) (names []string) {
	for _, m := range c.memory {
		if addr >= m.first && addr < m.end {
			names = append(names, m.name)
		}
	}
	return names
}

// nameOf returns the name of a field's value.
func nameOf(list []bits, value uint8) (string, bool) {
	for _, b := range list {
		if b.value == value {
			return b.name, true
		}
	}
	return "", false
}

// valueOf returns the value with a name.
func valueOf(list []bits, name string) (uint8, bool) {
	for _, b := range list {
		if b.name == name {
			return b.value, true
		}
	}
	return 0, false
}

// choices lists the names of values for a message.
func choices(list []bits) string {
	names := make([]string, len(list))
	for i, b := range list {
		names[i] = b.name
	}
	return strings.Join(names, ", ")
}

// modes are the SPI modes of byte 2.
func modes() []bits {
	return []bits{{"qio", 0}, {"qout", 1}, {"dio", 2}, {"dout", 3}}
}
