package fuzz

// Draw makes a mutation of one of the subjects out of a fuzz engine's bytes: each
// choice takes as many as it has alternatives.
func Draw(b []byte, subjects []*Subject) Mutation { return draw(&byteDice{b}, subjects) }

// draw makes a mutation of one of the subjects.
func draw(d dice, subjects []*Subject) Mutation {
	s := pick(d, subjects)
	m := Mutation{Lot: s.Name}
	switch k := d.below(16); {
	case k < 2 && s.passes:
		m.Benign = true
		for range 1 + d.below(3) {
			m.Changes = append(m.Changes, s.benign(d)...)
		}
	case k < 5:
		m.Changes = s.flipped(d)
	default:
		for range 1 + d.below(3)*d.below(2) {
			m.Changes = append(m.Changes, s.change(d)...)
		}
	}
	return m
}

// vary makes another mutation out of one that was worth keeping: a change more,
// a change less, or a change drawn anew.
func vary(d dice, s *Subject, old Mutation) Mutation {
	m := old.clone()
	m.Benign = false
	i := 0
	if len(m.Changes) > 0 {
		i = int(d.below(uint64(len(m.Changes))))
	}
	switch d.below(4) {
	case 0:
		if len(m.Changes) > 1 {
			m.Changes = append(m.Changes[:i], m.Changes[i+1:]...)
		}
	case 1:
		if len(m.Changes) > 0 && len(m.Changes[i].Data) > 0 {
			m.Changes[i].Data[d.below(uint64(len(m.Changes[i].Data)))] ^= 1 << d.below(8)
		}
	default:
		m.Changes = append(m.Changes, s.change(d)...)
	}
	return m
}

// maxDrawn bounds the changes of a mutation.
const maxDrawn = 12

// flipped flips one bit somewhere in the image that boots, or in another that
// Secure Boot protects: in its plaintext, or in its ciphertext, where a whole
// block is lost. Nothing is repaired.
func (s *Subject) flipped(d dice) []Change {
	if whole := s.inviolable(); len(whole) > 0 {
		p := pick(d, whole)
		at := p.at + uint32(d.below(uint64(p.fatal)))
		if ends := min(p.fatal/2, 80); chance(d, 1, 2) { // header, checksum, hash and signature are few among many bytes
			at = pick(d, []uint32{p.at, p.at + p.middle(ends), p.at + p.fatal - ends}) + uint32(d.below(uint64(ends)))
		}
		return []Change{{Kind: pick(d, []Kind{KindFlip, KindCipher}), At: at, Data: bit(d)}}
	}
	return s.change(d)
}

// inviolable are the parts of which no byte may change: the application that
// boots, and what is before it if Secure Boot is on.
func (s *Subject) inviolable() (out []part) {
	app, ok := s.booting()
	if !ok {
		return nil
	}
	for _, p := range s.parts {
		if p.fatal != 0 && (p.kind != partApp || p.at == app.at) {
			out = append(out, p)
		}
	}
	return out
}

// middle is an offset so that n bytes from there end with the image's hash.
func (p part) middle(n uint32) uint32 {
	if p.image == nil || p.image.Length > p.fatal {
		return 0
	}
	return p.image.Length - min(n, p.image.Length)
}

// booting is the application that the unchanged device starts.
func (s *Subject) booting() (part, bool) {
	for _, p := range s.parts {
		if s.base.App != nil && p.kind == partApp && p.at == s.base.App.Offset {
			return p, true
		}
	}
	return part{}, false
}

// change draws changes that belong together, mostly one.
func (s *Subject) change(d dice) []Change {
	p := pick(d, s.parts)
	if s.hasSignatures() && chance(d, 1, 4) {
		return s.inSignature(d)
	}
	switch d.below(12) {
	case 0, 1, 2:
		return s.inTable(d)
	case 3, 4:
		return s.inOTAData(d)
	case 5, 6, 7:
		return s.inImage(d)
	case 8:
		return []Change{s.anywhere(d, p)}
	case 9:
		return []Change{s.misplaced(d, p)}
	case 10:
		return []Change{s.crossed(d, p)}
	}
	return []Change{s.chipChange(d)}
}

// repairs draws what is made right again: usually all that a structure has.
func repairs(d dice, all ...Repair) []Repair {
	switch d.below(4) {
	case 0:
		return nil
	case 1:
		return all[:1+d.below(uint64(len(all)))]
	}
	return all
}
