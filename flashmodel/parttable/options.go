package parttable

// Secure tells for which secure boot a table is checked.
type Secure uint8

// The kinds of secure boot.
const (
	SecureNone Secure = iota
	SecureV1
	SecureV2
)

// Options are the command line options of gen_esp32part, and where its texts
// go. Start from Defaults: the zero value has no profile.
type Options struct {
	Profile Profile
	Offset  int64  // flash offset of the table
	MD5     bool   // write and expect an MD5 row
	Verify  bool   // check the table
	Quiet   bool   // no status lines
	Secure  Secure // check application sizes for secure boot
	// FlashSize is the size the table has to fit into, in bytes; 0 for any.
	FlashSize int64
	// Offsets of bootloaders, for rows of type bootloader (v5.5+); nil for not
	// given.
	PrimaryBootloaderOffset, RecoveryBootloaderOffset *int64
	// ExtraSubtypes are further subtypes, each "type,name,hex value" (v5.0+).
	ExtraSubtypes []string
	// InputName is the name of the input file, which one error text holds.
	InputName string
	// Getenv looks up variables for $NAME in CSV; nil knows none.
	Getenv func(name string) (value string, ok bool)
	// Stderr and Stdout take each line the tool prints there on its way, status
	// and warnings, without the line end. The final error is not among them, nor
	// is the output. nil drops the lines.
	Stderr, Stdout func(line string)
}

// Defaults returns the options of gen_esp32part without any argument: table at
// 0x8000, with MD5, verified. The error is a *VersionError.
func Defaults(v Version) (Options, error) {
	p, err := ProfileFor(v)
	return Options{Profile: p, Offset: DefaultStart, MD5: true, Verify: true}, err
}

// Latest returns the default options of the newest version that is modelled.
func Latest() Options {
	o, err := Defaults(Version{6, 0, LastPatch})
	if err != nil {
		panic(err) // the newest version is modelled
	}
	return o
}

// status prints a line that Quiet suppresses.
func (o Options) status(line string) {
	if !o.Quiet {
		emit(o.Stderr, line)
	}
}

// warn prints a line that Quiet suppresses in some versions only.
func (o Options) warn(line string) {
	if !o.Quiet || !o.Profile.QuietWarnings {
		emit(o.Stderr, line)
	}
}

// list prints a line of an enumeration of offending partitions.
func (o Options) list(line string) {
	if o.Profile.ListToStdout {
		emit(o.Stdout, line)
		return
	}
	o.warn(line)
}

func emit(to func(string), line string) {
	if to != nil {
		to(line)
	}
}

// tableEnd returns the first offset behind the table.
func (o Options) tableEnd() int64 { return o.Offset + SectorSize }
