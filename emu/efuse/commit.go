package efuse

import "fmt"

// CodedGroupError tells that a burn would change groups of a coded block that
// already hold data, whose check bytes could not follow.
type CodedGroupError struct {
	Block  int
	Groups []int // groups of six data bytes, from 0
}

// Error says what the coding scheme allows.
func (e *CodedGroupError) Error() string {
	return fmt.Sprintf("eFuse BLOCK%d already holds data in groups %v of six bytes, which the 3/4 coding scheme does not let change: "+
		"only empty groups can be burnt", e.Block, e.Groups)
}

// Commit checks the gathered changes block by block, then burns what is left of
// them from BLOCK3 down to BLOCK0. Blocks that already have all wanted bits are
// not burnt. *ProtectedError, *CodedGroupError, or the journal's error, which
// stops at the block that was being burnt. The batch is empty afterwards.
func (b *Batch) Commit() error {
	pending := b.pending
	b.pending = [BlockCount][BlockSize]byte{}
	scheme := b.set.softScheme()
	for block, want := range pending {
		if want == [BlockSize]byte{} {
			continue
		}
		if err := b.checkBlock(block, want, scheme); err != nil {
			return err
		}
		if intersect(b.set.softData(block), want) == want {
			pending[block] = [BlockSize]byte{}
		}
	}
	return b.set.burnAll(pending, scheme)
}

// checkBlock decides whether new data may go into a block.
func (b *Batch) checkBlock(block int, want [BlockSize]byte, scheme CodingScheme) error {
	if block == 0 || b.Force {
		return nil
	}
	if err := b.checkProtection(mustField(fmt.Sprintf("BLOCK%d", block))); err != nil {
		return err
	}
	burnt := b.set.softData(block)
	if scheme != Coding34 || intersect(burnt, want) == want {
		return nil
	}
	if bad := changedGroups(burnt, want); bad != nil {
		return &CodedGroupError{Block: block, Groups: bad}
	}
	return nil
}

// changedGroups lists the groups of six data bytes that hold data and are
// wanted otherwise.
func changedGroups(burnt, want [BlockSize]byte) (bad []int) {
	for g := range codedGroups {
		held := [groupData]byte(burnt[g*groupData:])
		asked := [groupData]byte(want[g*groupData:])
		empty := [groupData]byte{}
		if held != empty && asked != empty && held != asked {
			bad = append(bad, g)
		}
	}
	return bad
}

// burnAll burns data from BLOCK3 down to BLOCK0, because BLOCK0 may protect the
// others.
func (s *Set) burnAll(data [BlockCount][BlockSize]byte, scheme CodingScheme) error {
	for block := BlockCount - 1; block >= 0; block-- {
		if data[block] == [BlockSize]byte{} {
			continue
		}
		raw := data[block]
		if block > 0 {
			raw = scheme.encode(raw)
		}
		if err := s.burnBytes(block, raw); err != nil {
			return err
		}
	}
	return nil
}
