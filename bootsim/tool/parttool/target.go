package parttool

import (
	"fmt"

	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// maxTable bounds a partition table file, in bytes.
const maxTable = 4 << 20

// Target is a chip with its partition table.
type Target struct {
	Flasher *Flasher
	Sheet   parttable.Sheet
	options parttable.Options
}

// Source tells where the partition table comes from.
type Source struct {
	File   string // CSV or binary; "" to read it from flash
	Offset int64  // of the table in flash
	// Offsets of bootloaders, for rows of that type; nil for not given.
	Primary, Recovery *int64
	ExtraSubtypes     []string
}

// Open reads the partition table of a chip. Errors: those of package parttable,
// *FlasherError.
func Open(f *Flasher, src Source) (*Target, error) {
	o := parttable.Latest()
	o.Offset, o.Quiet = src.Offset, true
	o.PrimaryBootloaderOffset, o.RecoveryBootloaderOffset = src.Primary, src.Recovery
	o.ExtraSubtypes = src.ExtraSubtypes
	o.Getenv = func(name string) (string, bool) {
		if f.Env.Getenv == nil {
			return "", false
		}
		value := f.Env.Getenv(name)
		return value, value != ""
	}
	o.Stderr = func(line string) { _, _ = fmt.Fprintln(f.Env.Stderr, line) }
	t := &Target{Flasher: f, options: o}
	if _, err := parttable.ReadCSV("", o); err != nil { // wrong ExtraSubtypes
		return nil, err
	}
	var err error
	if src.File != "" {
		t.Sheet, err = t.readFile(src.File)
		return t, err
	}
	b, err := f.Read(src.Offset, parttable.MaxLength)
	if err != nil {
		return nil, err
	}
	t.Sheet, err = parttable.ReadBinary(b, o)
	return t, err
}

func (t *Target) readFile(name string) (parttable.Sheet, error) {
	b, err := t.Flasher.Env.ReadInput(name, maxTable)
	if err != nil {
		return nil, fileError(err, name)
	}
	if len(b) > maxTable {
		return nil, &parttable.LimitError{Text: fmt.Sprintf("%s is larger than 4 MB: a partition table takes up 3 KB", name)}
	}
	s, _, err := parttable.Read(b, t.options)
	return s, err
}

// Exceptionf makes the error of a case in which the reference ends with a
// Python traceback.
func Exceptionf(exception, format string, args ...any) error {
	return &parttable.ExceptionError{Exception: exception, Text: fmt.Sprintf(format, args...)}
}

// Read returns the content of a partition.
func (t *Target) Read(p parttable.Part) ([]byte, error) { return t.Flasher.Read(p.Offset, p.Size) }

// Erase erases a partition.
func (t *Target) Erase(p parttable.Part) error { return t.Flasher.Erase(p.Offset, p.Size) }

// Write erases a partition and writes data to its beginning. Unlike the
// reference it looks at everything that can be wrong before it erases.
func (t *Target) Write(p parttable.Part, data []byte, ignoreReadOnly bool) error {
	if p.ReadOnly && !ignoreReadOnly {
		return &ReadOnlyError{p.Name}
	}
	if int64(len(data)) > p.Size {
		return Exceptionf("Exception", "Input file size exceeds partition size")
	}
	if err := t.Erase(p); err != nil || len(data) == 0 {
		return err
	}
	return t.Flasher.Write(p.Offset, data)
}

// ReadOnlyError tells that a partition is flagged as read-only.
type ReadOnlyError struct{ Name string }

// Error says what to do about it, in the reference's words.
func (e *ReadOnlyError) Error() string {
	return fmt.Sprintf("\"%s\" partition is read-only, (use the --ignore-readonly flag to skip it)", e.Name)
}
