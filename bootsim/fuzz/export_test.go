package fuzz

// Shows tells whether a kept mutation still shows what it was kept for.
func Shows(all []*Subject, k Kept) bool {
	return subjectOf(all, k.Mutation.Lot).shows(k.Mutation, k.Shows)
}
