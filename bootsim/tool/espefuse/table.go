package espefuse

import (
	"fmt"
	"math/big"
	"regexp"
	"strings"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
	"github.com/bootsim/bootsim/emu/efuse"
)

// customField is a row of the user's table of fields.
type customField struct {
	efuse.Field
	comment string
}

// maxTable is the largest table of fields that is read, in bytes, and maxFields
// how many fields it may have: there are not more bits than that.
const (
	maxTable  = 1 << 20
	maxFields = 1024
)

// customTable reads the user's table of fields: CSV with name, block, first bit,
// number of bits and comment.
func (s *session) customTable(name string) ([]customField, error) {
	if name == "" {
		return nil, nil
	}
	text, err := s.env.ReadInput(name, maxTable)
	if err != nil {
		return nil, s.tool.Misused(s.env, nil, "Invalid value for '--%s': '%s': %s", optTable, name, cli.Reason(err))
	}
	if len(text) > maxTable {
		return nil, s.tool.Misused(s.env, nil, "Invalid value for '--%s': '%s' is larger than 1 MB", optTable, name)
	}
	fields, err := parseTable(string(text))
	if err != nil {
		return nil, cli.Brokenf("%s: %v", name, err)
	}
	return fields, s.checkUnique(fields)
}

// parseTable reads the rows of a table and completes their names.
func parseTable(text string) ([]customField, error) {
	var fields []customField
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		f, err := parseRow(line)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
		if f.Name == "" && len(fields) == 0 {
			return nil, fmt.Errorf("line %d: the first field has no name", i+1)
		}
		if fields = append(fields, f); len(fields) > maxFields {
			return nil, fmt.Errorf("line %d: more than %d fields", i+1, maxFields)
		}
	}
	if err := checkGiven(fields); err != nil {
		return nil, err
	}
	return named(fields), nil
}

// parseRow reads one row. Fields may lie in BLOCK0 to BLOCK3 and are as long as
// a block at most.
func parseRow(line string) (f customField, err error) {
	cells := strings.Split(line+",,,,", ",")
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	f.Name, f.comment = cells[0], strings.TrimRight(strings.TrimRight(cells[4], `\`), " \t")
	block, okBlock := cli.ParseInt(strings.TrimLeft(cells[1], "EFUS_BLK"))
	bit, okBit := cli.ParseInt(cells[2])
	count, okCount := cli.ParseInt(cells[3])
	if cells[3] == "MAX_BLK_LEN" {
		count, okCount = big.NewInt(8*efuse.BlockSize), true
	}
	switch {
	case !okBlock || !block.IsInt64() || block.Int64() < 0 || block.Int64() >= efuse.BlockCount:
		return f, fmt.Errorf("%q is no block: use EFUSE_BLK0 to EFUSE_BLK3", clip(cells[1]))
	case !okBit || !okCount || bit.Sign() < 0 || count.Sign() <= 0 || !bit.IsInt64() || !count.IsInt64():
		return f, fmt.Errorf("the field needs a first bit and a number of bits")
	}
	f.Block = int(block.Int64())
	size := int64(8 * registerBytes(f.Block))
	if bit.Int64() >= size || count.Int64() > size-bit.Int64() {
		return f, fmt.Errorf("the field ends after the %d bits of BLOCK%d", size, f.Block)
	}
	f.Bit, f.Len = int(bit.Int64()), int(count.Int64())
	f.finish()
	return f, nil
}

// finish fills in what follows from a row.
func (f *customField) finish() {
	f.comment += fmt.Sprintf(" (%d-%d)", f.Bit, f.Bit+f.Len-1)
	f.Category, f.Kind, f.WriteBit, f.ReadBit = userCategory, efuse.Uint, -1, -1
	switch {
	case f.Len == 1:
		f.Kind = efuse.Bool
	case f.Len > 32 && f.Len%8 == 0:
		f.Kind = efuse.Bytes
	}
	if f.Block > 0 { // one bit each protects the block
		f.WriteBit, f.ReadBit = efuse.WrDisBlock1+f.Block-1, f.Block-1
	}
	if m := regexp.MustCompile(`^\[(.*?)\]`).FindStringSubmatch(f.comment); m != nil {
		f.Aliases = strings.Fields(m[1])
	}
}
