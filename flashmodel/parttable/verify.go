package parttable

import "fmt"

// Alignments and sizes the rules ask for, in bytes.
const (
	appAlign    = 0x10000 // offsets of applications, and their sizes with secure boot V1
	eraseAlign  = 0x1000  // sector: offsets of data, and sizes of applications
	otadataSize = 0x2000
	nvsMinimum  = 0x3000
)

// verify checks a single partition (spec 6.2).
func (o Options) verify(p Part) error {
	if align := o.alignment(p.Type); modulo(p.Offset, align) != 0 {
		return invalid(p, "Offset 0x%x is not aligned to 0x%x", p.Offset, align)
	}
	if o.Profile.WarnDataAlign && p.Type != TypeApp && modulo(p.Offset, eraseAlign) != 0 {
		o.warn(fmt.Sprintf("WARNING: Partition %s not aligned to 0x%x."+
			"This is deprecated and will be considered an error in the future release.", p.Name, eraseAlign))
	}
	if align := o.sizeAlignment(p.Type); modulo(p.Size, align) != 0 {
		return invalid(p, "Size 0x%x is not aligned to 0x%x", p.Size, align)
	}
	if o.Profile.Names {
		o.warnName(p)
	}
	return o.verifyFlags(p)
}

// sizeAlignment returns what sizes of a type are multiples of.
func (o Options) sizeAlignment(typ int64) int64 {
	rule, secure := o.Profile.Sizes, o.Secure
	switch {
	case secure == SecureNone && rule != SizeAlways:
		return 1
	case rule == SizeSecureAll:
		return o.alignment(typ)
	case typ != TypeApp:
		return 1
	case rule == SizeSecureApp || secure == SecureV1:
		return appAlign
	}
	return eraseAlign
}

// warnName warns of a name that is a keyword for something else.
func (o Options) warnName(p Part) {
	words := o.Profile.words
	if typ, ok := words.types.value(p.Name); ok && typ != p.Type {
		o.warn(fmt.Sprintf("WARNING: Partition has name '%s' which is a partition type, but does not match "+
			"this partition's type (0x%x). Mistake in partition table?", p.Name, p.Type))
	}
	if subtype, ok := words.subtypes[p.Type].value(p.Name); words.isSubtype(p.Name) && (!ok || subtype != p.Subtype) {
		o.warn(fmt.Sprintf("WARNING: Partition has name '%s' which is a partition subtype, but this partition has "+
			"non-matching type 0x%x and subtype 0x%x. Mistake in partition table?", p.Name, p.Type, p.Subtype))
	}
}

// verifyFlags checks what must and what must not be read-only.
func (o Options) verifyFlags(p Part) error {
	if p.ReadOnly && (p.is(TypeData, SubtypeOTAData) || p.is(TypeData, SubtypeCoredump)) {
		return invalid(p, "'%s' partition of type %d and subtype %d is always read-write and cannot be read-only",
			p.Name, p.Type, p.Subtype)
	}
	if o.Profile.NVSMinimum && p.is(TypeData, SubtypeNVS) && p.Size < nvsMinimum && !p.ReadOnly {
		return invalid(p, "'%s' partition of type %d and subtype %d of this size (0x%x) must be flagged as 'readonly' "+
			"(the size of read/write NVS has to be at least 0x%x)", p.Name, p.Type, p.Subtype, p.Size, nvsMinimum)
	}
	return nil
}
