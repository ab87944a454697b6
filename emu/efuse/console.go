package efuse

import (
	"encoding/binary"
	"encoding/hex"
	"regexp"
	"strconv"
	"strings"
)

// What `espefuse dump` prints: since v3 a line a block that ends in its words,
// before that a heading a block and its words below.
const (
	consolePattern = `^BLOCK([0-3])\s+\(.*\) \[[0-3] *\] (?:dump|read_regs): ([0-9a-f ]+)$`
	headingPattern = `^EFUSE block ([0-3]):$`
)

// parseConsole reads the hexadecimal output of `espefuse dump`. It returns
// neither dump nor error when the text has no line of that kind.
func parseConsole(text []byte) (*Dump, error) {
	line, heading := regexp.MustCompile(consolePattern), regexp.MustCompile(headingPattern)
	var blocks [BlockCount][]byte
	block, found := "", false
	for number, row := range strings.Split(string(text), "\n") {
		row = strings.TrimRight(row, " \t")
		words := row
		if m := line.FindStringSubmatch(row); m != nil {
			block, words = m[1], m[2]
		} else if m := heading.FindStringSubmatch(row); m != nil {
			block = m[1]
			continue
		}
		if block == "" {
			continue
		}
		data, ok := parseWords(words)
		if !ok {
			return nil, &FormatError{What: FormatConsole.String(), Offset: number + 1,
				Reason: "BLOCK" + block + " is not followed by words of eight hexadecimal digits"}
		}
		index, _ := strconv.Atoi(block)
		blocks[index], block, found = data, "", true
	}
	if !found {
		return nil, nil
	}
	return fromBlocks(FormatConsole, blocks)
}

// parseWords reads up to eight 32-bit words in hexadecimal.
func parseWords(text string) (data []byte, ok bool) {
	words := strings.Fields(text)
	if len(words) == 0 || len(words) > BlockWords {
		return nil, false
	}
	for _, w := range words {
		b, err := hex.DecodeString(w)
		if err != nil || len(b) != 4 {
			return nil, false
		}
		data = binary.LittleEndian.AppendUint32(data, binary.BigEndian.Uint32(b))
	}
	return data, true
}
