package espefuse

import (
	"fmt"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
	"github.com/bootsim/bootsim/emu/efuse"
)

// burnAll burns what was asked for, from BLOCK3 down to BLOCK0, which may
// protect the others. It returns false while a batch still gathers commands.
func (s *session) burnAll() (done bool, err error) {
	if s.batch {
		s.env.Print("\nBatch mode is enabled, the burn will be done at the end of the command.")
		return false, nil
	}
	s.env.Print("\nCheck all blocks for burn...\nidx, BLOCK_NAME,          Conclusion")
	something := false
	for i := range s.chip.blocks {
		if err := s.checkBlock(i); err != nil {
			return false, err
		}
		something = something || !s.chip.blocks[i].pending.zero()
	}
	if !something {
		s.env.Print("Nothing to burn, see messages above.")
		return true, nil
	}
	if err := s.confirm(""); err != nil {
		return false, err
	}
	for i := efuse.BlockCount - 1; i >= 0; i-- {
		if err := s.burnInTurn(i); err != nil {
			return false, err
		}
	}
	s.env.Print("Reading updated eFuses...")
	return true, s.reread()
}

// reread takes in what the burn has changed, the coding scheme included.
func (s *session) reread() error {
	c := s.chip
	c.scheme = c.ctl.scheme()
	for i := range c.blocks {
		if err := c.checkScheme(i); err != nil {
			return err
		}
		c.blocks[i].pending = bits{n: 8 * dataBytes(i, c.scheme)}
		c.readBlock(i)
		c.printBlock(i, c.blocks[i].data, "read_regs", false)
	}
	return c.updateFields()
}

// burnInTurn burns a block; BLOCK0 in two turns, with what locks the user out
// in the second.
func (s *session) burnInTurn(i int) error {
	if i > 0 || !s.postpone {
		return s.burnChecked(i, nil)
	}
	late := s.holdBack()
	if err := s.burnChecked(0, late); err != nil {
		return err
	}
	s.env.Print("Burn postponed eFuses from BLOCK0.")
	for _, p := range late {
		if err := s.save(p.field, p.value); err != nil {
			return err
		}
	}
	return s.burnChecked(0, late)
}

// checkBlock compares what is to be burnt with what a block holds.
func (s *session) checkBlock(i int) error {
	b := &s.chip.blocks[i]
	label := fmt.Sprintf("[%02d] %-20s", i, blockName(i))
	if b.pending.zero() {
		if s.chip.debug {
			s.env.Print(label, "nothing to burn")
		}
		return nil
	}
	if err := s.checkProtection(blockName(i), s.blockReadable(i), s.blockWriteable(i)); err != nil {
		return err
	}
	switch {
	case b.data.zero():
		s.env.Print(label, "is empty, will burn the new value")
		return nil
	case b.data == b.pending:
		s.env.Print(label, "is already written the same value, continue with EMPTY_BLOCK")
		b.pending = bits{n: b.pending.n}
		return nil
	}
	s.env.Print(label, "is not empty")
	s.env.Printf("\t(written ): %s\n\t(to write): %s\n", b.data, b.pending)
	if b.pending.within(b.data) {
		s.env.Print("\tAll wr_data bits are set in the written block, continue with EMPTY_BLOCK.")
		b.pending = bits{n: b.pending.n}
		return nil
	}
	return s.checkCoding(i, b)
}

// checkCoding tells which coding the block has and whether it allows the burn.
func (s *session) checkCoding(i int, b *block) error {
	if i == 0 || s.chip.scheme != efuse.Coding34 {
		s.env.Print("\t(coding scheme = NONE)")
		return nil
	}
	s.env.Print("\t(coding scheme = 3/4)")
	if s.groupsFree(b) {
		return nil
	}
	return s.complain(fmt.Sprintf("\tBurn into %s is forbidden (3/4 coding scheme does not allow this).", blockName(i)))
}

// groupBits is the data of a group that the 3/4 scheme codes on its own.
const groupBits = 48

// groupsFree tells whether no coded group that holds data would change. Groups
// are counted from the end of the block.
func (s *session) groupsFree(b *block) bool {
	free := true
	for g := range b.data.n / groupBits {
		at := b.data.n - groupBits*(g+1)
		held, wanted := b.data.slice(at, groupBits), b.pending.slice(at, groupBits)
		if held.zero() || wanted.zero() {
			continue
		}
		s.env.Printf("\twritten chunk [%d] and wr_chunk are not empty. ", g)
		if held == wanted {
			s.env.Print("wr_chunk == rd_chunk. Continue with empty chunk.")
			continue
		}
		s.env.Print("wr_chunk != rd_chunk. Can not burn.")
		s.env.Printf("\twritten  %s\n\tto write %s\n", held, wanted)
		free = false
	}
	return free
}

func (s *session) blockReadable(i int) bool { return !s.chip.shown.KeyReadProtected(i) }

func (s *session) blockWriteable(i int) bool { return !s.chip.shown.KeyWriteProtected(i) }

// confirm asks the user unless told not to.
func (s *session) confirm(action string) error {
	s.env.Print(action + ". \nThis is an irreversible operation!")
	if s.sure {
		return nil
	}
	s.env.Print("Type 'BURN' (all capitals) to continue.")
	switch answer, ok := s.readLine(); {
	case !ok:
		return &cli.AbortError{}
	case answer != "BURN":
		s.env.Print("Aborting.")
		return &cli.ExitError{Code: cli.ExitOK}
	}
	return nil
}
