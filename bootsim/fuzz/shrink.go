package fuzz

import "slices"

// maxTries bounds the runs that shrinking one mutation takes.
const maxTries = 300

// shrinker makes a mutation smaller as long as it keeps what it shows.
type shrinker struct {
	shows func(Mutation) bool
	tries int
}

// shrink returns the smallest mutation found that still shows something: fewer
// changes first, then fewer repairs, fewer bytes, fewer bits. It always comes to
// the same one.
func shrink(m Mutation, shows func(Mutation) bool) Mutation {
	s := &shrinker{shows: shows}
	for {
		before := m
		m = s.withoutChanges(m)
		for i := range m.Changes {
			m = s.withoutRepairs(m, i)
			m = s.lessData(m, i)
			m = s.smallerNumbers(m, i)
		}
		if same(before, m) || s.tries >= maxTries {
			return m
		}
	}
}

// accept tells whether a candidate still shows it.
func (s *shrinker) accept(m Mutation) bool {
	if s.tries >= maxTries {
		return false
	}
	s.tries++
	return s.shows(m)
}

func (s *shrinker) withoutChanges(m Mutation) Mutation {
	for i := 0; i < len(m.Changes); {
		c := m.clone()
		c.Changes = slices.Delete(c.Changes, i, i+1)
		if s.accept(c) {
			m = c
		} else {
			i++
		}
	}
	return m
}

func (s *shrinker) withoutRepairs(m Mutation, i int) Mutation {
	for j := 0; j < len(m.Changes[i].Repair); {
		c := m.clone()
		c.Changes[i].Repair = slices.Delete(c.Changes[i].Repair, j, j+1)
		if s.accept(c) {
			m = c
		} else {
			j++
		}
	}
	if c := m.clone(); len(c.Changes[i].Repair) == 0 && c.Changes[i].Of != 0 {
		c.Changes[i].Of = 0 // says nothing any more
		return c
	}
	return m
}

// lessData halves the bytes from either end, then clears bits.
func (s *shrinker) lessData(m Mutation, i int) Mutation {
	for len(m.Changes[i].Data) > 1 {
		half := len(m.Changes[i].Data) / 2
		first, last := m.clone(), m.clone()
		first.Changes[i].Data = first.Changes[i].Data[:half]
		last.Changes[i].Data = last.Changes[i].Data[half:]
		last.Changes[i].At += uint32(half)
		switch {
		case s.accept(first):
			m = first
		case s.accept(last):
			m = last
		default:
			return s.fewerBits(m, i)
		}
	}
	return s.fewerBits(m, i)
}

// fewerBits clears bits of what is combined by exclusive or.
func (s *shrinker) fewerBits(m Mutation, i int) Mutation {
	if m.Changes[i].Kind != KindFlip && m.Changes[i].Kind != KindCipher {
		return m
	}
	for j := range m.Changes[i].Data {
		for b := byte(1); b != 0; b <<= 1 {
			if v := m.Changes[i].Data[j]; v&b == 0 || v == b {
				continue
			}
			c := m.clone()
			c.Changes[i].Data[j] &^= b
			if s.accept(c) {
				m = c
			}
		}
	}
	return m
}

// smallerNumbers tries smaller values and sizes.
func (s *shrinker) smallerNumbers(m Mutation, i int) Mutation {
	for _, v := range []uint64{0, 1} {
		if v < m.Changes[i].Value {
			c := m.clone()
			c.Changes[i].Value = v
			if s.accept(c) {
				m = c
				break
			}
		}
	}
	for m.Changes[i].Size > 0x1000 {
		c := m.clone()
		c.Changes[i].Size = max(0x1000, c.Changes[i].Size/2&^0xF)
		if !s.accept(c) {
			break
		}
		m = c
	}
	return m
}

func same(a, b Mutation) bool {
	return slices.EqualFunc(a.Changes, b.Changes, func(x, y Change) bool {
		return x.Kind == y.Kind && x.At == y.At && x.Size == y.Size && x.Value == y.Value &&
			slices.Equal(x.Data, y.Data) && slices.Equal(x.Repair, y.Repair)
	})
}
