package espefuse

import (
	"strings"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
	"github.com/bootsim/bootsim/emu/efuse"
)

// heldBack is a field whose burn waits for the end.
type heldBack struct {
	field efuse.Field
	value bits
}

// holdBack takes the fields out of BLOCK0's burn that protect others or lock
// the tool out.
func (s *session) holdBack() (late []heldBack) {
	c := s.chip
	for _, name := range []string{"WR_DIS", "RD_DIS", "UART_DOWNLOAD_DIS", "ABS_DONE_1", "FLASH_CRYPT_CNT"} {
		f := c.must(name)
		late = append(late, heldBack{f, c.pendingBits(f)})
	}
	if c.debug {
		s.env.Print("These BLOCK0 eFuses will be burned later at the very end:")
		s.env.Print(heldBackText(late))
	}
	pending := &c.blocks[0].pending
	for _, p := range late {
		*pending = pending.without(ones(p.field.Len).shifted(p.field.Bit, pending.n))
	}
	return late
}

// heldBackText lists the fields as the reference does in debug mode.
func heldBackText(late []heldBack) string {
	var items []string
	for _, p := range late {
		items = append(items, "'"+p.field.Name+"': BitStream('"+p.value.String()+"')")
	}
	return "{" + strings.Join(items, ", ") + "}"
}

// burnChecked burns a block and stops when the controller finds errors that
// were not there before.
func (s *session) burnChecked(i int, late []heldBack) error {
	before := s.chip.failed(i)
	if err := s.burnBlock(i); err != nil {
		return err
	}
	if before || !s.chip.failed(i) {
		return nil
	}
	s.adviseRecovery(late)
	return cli.Fatalf("Error(s) were detected in eFuses")
}

func (s *session) adviseRecovery(late []heldBack) {
	if late == nil {
		return
	}
	var pairs []string
	for _, p := range late {
		if !p.value.zero() {
			pairs = append(pairs, p.field.Name+" "+p.value.String())
		}
	}
	s.env.Print("The postponed eFuses were not burned due to an error.")
	s.env.Print("\t1. Try to fix a coding error by this cmd:\n\t   'espefuse check-error --recovery'")
	s.env.Print("\t2. Then run the cmd to burn all postponed eFuses:\n\t   'espefuse burn-efuse " + strings.Join(pairs, " ") + "'")
}

// burnBlock burns what is to go into a block and tells how that went.
func (s *session) burnBlock(i int) error {
	c := s.chip
	b := &c.blocks[i]
	if b.pending.zero() {
		return nil
	}
	before := b.data
	c.printBlock(i, b.pending, "to_write", false)
	if err := s.writeBlock(i); err != nil {
		return err
	}
	c.readBlock(i)
	c.printBlock(i, b.data, "read_regs", false)
	err := s.compareBlock(i, before)
	b.pending = bits{n: b.pending.n}
	return err
}

func (s *session) compareBlock(i int, before bits) error {
	b := &s.chip.blocks[i]
	switch {
	case !s.blockReadable(i):
		s.env.Printf("%s is read-protected. Read back the burn value is not possible.\n", blockLabel(i))
		if !b.data.zero() {
			return cli.Fatalf("The %s is read-protected but not all '0'", blockName(i))
		}
		s.env.Print("Read all '0'")
	case b.pending == b.data:
		s.env.Printf("BURN BLOCK%-2d - OK (write block == read block)\n", i)
	case b.pending.within(b.data) && before.within(b.data):
		s.env.Printf("BURN BLOCK%-2d - OK (all write block bits are set)\n", i)
	default: // burnt and read-protected at once
		s.chip.printBlock(i, b.pending, "Expected", false)
		s.chip.printBlock(i, b.data, "Real    ", false)
		if i != 0 {
			return cli.Fatalf("Burn %s was not successful.", blockLabel(i))
		}
	}
	return nil
}

// burnAttempts is how often a block is burnt until all bits are set.
const burnAttempts = 3

// writeBlock hands a block's data to the controller until all bits read back.
func (s *session) writeBlock(i int) error {
	c := s.chip
	for attempt := range burnAttempts {
		c.load(i)
		if err := c.ctl.burn(); err != nil {
			return err
		}
		failed, err := s.settle(i, attempt)
		if err != nil {
			return err
		}
		if failed {
			continue
		}
		c.readBlock(i)
		if c.blocks[i].pending.within(c.blocks[i].data) {
			return nil
		}
		if attempt == burnAttempts-1 {
			s.env.Printf("\nAfter %d attempts, the required data was not set to BLOCK%d\n", burnAttempts, i)
			return nil
		}
		s.env.Printf("\nRepeat burning BLOCK%d (#%d) because not all bits were set\n", i, attempt+2)
	}
	return nil
}

// settle reads the eFuses back several times and looks for errors.
func (s *session) settle(i, attempt int) (failed bool, err error) {
	for range 5 {
		if err := s.chip.ctl.read(); err != nil {
			return false, err
		}
		if s.chip.failed(i) {
			s.env.Printf("Error in BLOCK%d, re-burn it again (#%d) to fix. fail_bit=True, num_errors=0\n", i, attempt)
			return true, nil
		}
	}
	return false, nil
}

// load puts a block's data, coded, into the write registers.
func (c *chip) load(i int) {
	coded := c.blocks[i].pending.b
	if i > 0 && c.scheme == efuse.Coding34 {
		coded = efuse.Encode34([24]byte(coded[:24]))
	}
	if c.debug {
		c.env.Printf("Write data to BLOCK%d\n", i)
	}
	copy(c.ctl.registers[writeAt(i):], coded[:registerBytes(i)])
	for at := writeAt(i); c.debug && at < writeAt(i)+registerBytes(i); at += 4 {
		c.env.Printf("Addr %10x, data=%10x\n", regBase+at, c.ctl.word(at))
	}
}
