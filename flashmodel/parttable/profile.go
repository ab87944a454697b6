package parttable

// SizeRule is the rule for the alignment of partition sizes.
type SizeRule uint8

// The rules, in order of appearance.
const (
	SizeSecureAll  SizeRule = iota // with secure boot, every size to its type's offset alignment
	SizeSecureApp                  // with secure boot, applications to 0x10000
	SizeSecureV1V2                 // with secure boot, applications to 0x10000 (V1) or 0x1000 (V2)
	SizeAlways                     // applications to 0x10000 with V1, 0x1000 otherwise
)

// Profile is what distinguishes the gen_esp32part of one version from others
// (spec 6.2). Get one from ProfileFor.
type Profile struct {
	Version        Version
	Title          string   // first line of generated CSV
	DataAlign      int64    // of offsets other than of applications, in bytes
	WarnDataAlign  bool     // warns of offsets that are not aligned to 0x1000
	Sizes          SizeRule // alignment of sizes
	SecureV2       bool     // knows --secure v2; without, --secure takes no value
	Reassign       bool     // an offset below the running end is dropped with a warning
	SectorErrors   bool     // error texts of v5.1 for overlaps in CSV
	SubtypesHint   bool     // points to extra_partition_subtypes.inc after an error in a line
	Names          bool     // names are unique, and warned of if they are keywords
	EmptySubtype   bool     // an empty subtype is "undefined", and refused for applications
	OTADataRules   bool     // at most one otadata, of 0x2000 bytes
	OTADataTuples  bool     // lists offending otadata partitions as plain fields
	ListToStdout   bool     // lists offending partitions on stdout instead of stderr
	TEERules       bool     // the otadata rules hold for tee_ota, too
	ReadOnlyFlag   bool     // knows the flag "readonly" and which partitions refuse it
	NVSMinimum     bool     // a writable NVS partition takes at least 0x3000 bytes
	FixedRows      bool     // places primary and recovery bootloader and primary table by itself
	ByteOrderMark  bool     // reads CSV in the encoding its byte order mark names
	QuietWarnings  bool     // --quiet silences warnings, too
	ExtraSubtypes  bool     // knows --extra-partition-subtypes
	NamesInput     bool     // the flash size error names the input file
	LargeFlash     bool     // --flash-size goes up to 128MB instead of 16MB
	InvertedVerify bool     // --verify switches verifying off
	words          vocabulary
}

// ProfileFor returns the rules of a version, v3.1 to v6.0. The boundaries come
// from gen_esp32part.py at every release tag in between. The error is a
// *VersionError.
func ProfileFor(v Version) (Profile, error) {
	if v.less(Version{3, 1, 0}) || !v.less(Version{6, 1, 0}) {
		return Profile{}, &VersionError{v.String()}
	}
	p := Profile{
		Version: v, Title: "# Espressif ESP32 Partition Table", DataAlign: 4,
		Sizes: sizeRule(v), words: vocabularyOf(v),
	}
	p.setParsing(v)
	p.setVerifying(v)
	p.setCommandLine(v)
	return p, nil
}

// setParsing fills in how CSV is read and written.
func (p *Profile) setParsing(v Version) {
	if v.since(Version{4, 2, 0}) {
		p.Title = "# ESP-IDF Partition Table"
	}
	if v.since(Version{5, 0, 0}) {
		p.DataAlign = 0x1000
	}
	p.Reassign = !v.since(Version{3, 2, 0})
	p.SectorErrors = v.since(Version{5, 1, 0})
	p.SubtypesHint = v.since(Version{5, 0, 0})
	p.EmptySubtype = v.since(emptySubtypeReleases()...)
	p.ReadOnlyFlag = v.since(Version{5, 2, 0})
	p.FixedRows = v.since(Version{5, 5, 0})
	p.ByteOrderMark = v.since(Version{5, 4, 2})
}

// setVerifying fills in which rules a table has to pass.
func (p *Profile) setVerifying(v Version) {
	p.WarnDataAlign = v.since(Version{4, 4, 0}) && !v.since(Version{5, 0, 0})
	p.Names = v.since(Version{3, 2, 0})
	p.OTADataRules = v.since(emptySubtypeReleases()...)
	p.OTADataTuples = !v.since(Version{4, 4, 0})
	p.ListToStdout = !v.since(Version{4, 4, 0})
	p.TEERules = v.since(Version{5, 5, 0})
	p.NVSMinimum = v.since(Version{5, 5, 0})
	p.NamesInput = !v.since(Version{4, 4, 2})
}

// setCommandLine fills in which options there are.
func (p *Profile) setCommandLine(v Version) {
	p.SecureV2 = v.since(secureV2Releases()...)
	p.QuietWarnings = !v.since(Version{3, 2, 0})
	p.ExtraSubtypes = v.since(Version{5, 0, 0})
	p.LargeFlash = v.since(Version{4, 4, 2})
	p.InvertedVerify = !v.since(Version{3, 2, 0})
}

// secureV2Releases are those that brought "--secure v2".
func secureV2Releases() []Version {
	return []Version{{4, 3, 5}, {4, 4, 5}, {5, 0, 2}}
}

func sizeRule(v Version) SizeRule {
	switch {
	case v.since(Version{5, 3, 0}):
		return SizeAlways
	case v.since(secureV2Releases()...):
		return SizeSecureV1V2
	case v.since(Version{4, 4, 0}):
		return SizeSecureApp
	}
	return SizeSecureAll
}
