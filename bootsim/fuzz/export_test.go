package fuzz

// Shows tells whether a kept mutation still shows what it was kept for.
func Shows(all []*Subject, k Kept) bool {
	return subjectOf(all, k.Mutation.Lot).shows(k.Mutation, k.Shows)
}

// Drawn draws a mutation from a fuzz engine's bytes.
func Drawn(b []byte, all []*Subject) Mutation { return draw(&byteDice{b}, all) }

// Judged tells what the judges say of a mutation.
func Judged(s *Subject, m Mutation, second Second) *Failure { return s.try(m, second).failure }
