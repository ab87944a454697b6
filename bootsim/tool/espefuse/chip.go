package espefuse

import (
	"fmt"
	"strings"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
	"github.com/bootsim/bootsim/emu/efuse"
)

// chip is the eFuses as the tool sees them: what it last read and what it is to
// burn.
type chip struct {
	env    cli.Env
	debug  bool
	ctl    *controller
	scheme efuse.CodingScheme
	blocks [efuse.BlockCount]block
	// shown is what the fields hold. It changes at the end of a burn only, when
	// all blocks are done; blocks change with every burn.
	shown  *efuse.Set
	fields []efuse.Field
	// comments describes the fields of the user's own table.
	comments map[string]string
	named    int // how many of the fields burn-efuse and the protections know
}

// block is one block's content as it was last read, and the bits to burn.
type block struct {
	data, pending bits
}

// openChip reads the eFuses behind a controller. custom are the fields of the
// user's own table.
func openChip(env cli.Env, ctl *controller, custom []customField, debug bool) (*chip, error) {
	c := &chip{env: env, ctl: ctl, debug: debug}
	c.scheme = ctl.scheme()
	for i := range c.blocks {
		if err := c.checkScheme(i); err != nil {
			return nil, err
		}
		c.blocks[i].pending.n = 8 * dataBytes(i, c.scheme)
		c.readBlock(i)
		c.printBlock(i, c.blocks[i].data, "read_regs", false)
	}
	c.codingErrors(false)
	if err := c.updateFields(); err != nil {
		return nil, err
	}
	if err := c.checkFits(custom); err != nil {
		return nil, err
	}
	c.listFields(custom)
	return c, nil
}

// checkFits refuses fields of the user's table that lie beyond the data of a
// coded block.
func (c *chip) checkFits(custom []customField) error {
	for _, f := range custom {
		if n := 8 * dataBytes(f.Block, c.scheme); f.Bit+f.Len > n {
			return cli.Brokenf("the field %s of the eFuse table ends after the %d bits that BLOCK%d has under the %s coding scheme",
				clip(f.Name), n, f.Block, c.scheme)
		}
	}
	return nil
}

// blankChip knows the fields, for help pages.
func blankChip(env cli.Env, custom []customField) *chip {
	c := &chip{env: env, ctl: &controller{}, shown: efuse.New()}
	c.listFields(custom)
	return c
}

func (c *chip) checkScheme(block int) error {
	if block > 0 && c.scheme == efuse.CodingRepeat {
		return cli.Fatalf("Coding scheme (%d) not supported", c.scheme)
	}
	return nil
}

func (c *chip) readBlock(i int) { c.blocks[i].data = c.ctl.block(i, c.scheme) }

// updateFields makes the fields hold what the registers do.
func (c *chip) updateFields() (err error) {
	c.shown, err = c.ctl.softSet()
	return err
}

func blockName(block int) string { return fmt.Sprintf("BLOCK%d", block) }

// blockAliases are the names that burn-key has for a block.
func blockAliases(block int) []string {
	switch block {
	case 1:
		return []string{"flash_encryption"}
	case 2:
		return []string{"secure_boot_v1", "secure_boot_v2"}
	}
	return nil
}

// blockLabel names a block as some messages do: BLOCK1 (['flash_encryption']).
func blockLabel(block int) string {
	return fmt.Sprintf("%s (%s)", blockName(block), list(blockAliases(block)))
}

// list writes words as Python writes a list.
func list(words []string) string {
	if len(words) == 0 {
		return "[]"
	}
	return "[" + cli.Quoted(words) + "]"
}

// printBlock shows a block's registers, if always or in debug mode.
func (c *chip) printBlock(block int, v bits, comment string, always bool) {
	if !always && !c.debug {
		return
	}
	alias := strings.Join(blockAliases(block), " ")
	c.env.Printf("%-15s (%-16s) [%-2d] %s: %s\n", blockName(block), alias[:min(len(alias), 16)], block, comment, v.words())
}

// codingErrors tells whether the controller found errors in coded blocks, and
// shows them unless it is to be silent. It cannot tell in which block.
func (c *chip) codingErrors(silent bool) bool {
	found := c.ctl.word(regDecode)&decodeErrors != 0
	if silent {
		return found
	}
	for block := 1; found && block < efuse.BlockCount; block++ {
		c.env.Printf("Error(s) in BLOCK%d [ERRORS:0 FAIL:True]\n", block)
	}
	if c.debug || found {
		c.env.Printf("\n%-27s 0x%08x\n", "EFUSE_REG_DEC_STATUS", c.ctl.word(regDecode))
	}
	return found
}

// failed tells whether a block counts as having errors.
func (c *chip) failed(block int) bool { return block > 0 && c.codingErrors(true) }
