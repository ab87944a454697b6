package parttable

import "bytes"

// Output is what gen_esp32part writes.
type Output struct {
	Data []byte
	CSV  bool // Data is CSV, made from a binary table; else the other way round
}

// Convert does what gen_esp32part does with its input once the arguments are
// understood: reads CSV or, by its first two bytes, a binary table, checks it
// and converts it into the other form. A command line tool prints the error's
// text and exits with ExitCode.
func Convert(input []byte, o Options) (Output, error) {
	if err := o.checkBootloaderOffset(); err != nil {
		return Output{}, err
	}
	if err := o.addExtraSubtypes(); err != nil {
		return Output{}, err
	}
	o.ExtraSubtypes = nil
	s, isBinary, err := Read(input, o)
	if err != nil {
		return Output{}, err
	}
	if o.Verify {
		o.status("Verifying table...")
		if err := s.Verify(o); err != nil {
			return Output{}, err
		}
	}
	if o.FlashSize > 0 {
		if err := s.VerifySize(o.FlashSize, o); err != nil {
			return Output{}, err
		}
	}
	if isBinary {
		return Output{Data: []byte(s.CSV(o)), CSV: true}, nil
	}
	b, err := s.Binary(o)
	return Output{Data: b}, err
}

// Read reads a table in either form and tells which it was.
func Read(input []byte, o Options) (s Sheet, isBinary bool, err error) {
	if bytes.HasPrefix(input, []byte{MagicEntry & 0xFF, MagicEntry >> 8}) {
		o.status("Parsing binary partition input...")
		s, err = ReadBinary(input, o)
		return s, true, err
	}
	text, err := decodeText(input, o.Profile.ByteOrderMark)
	if err != nil {
		return nil, false, err
	}
	o.status("Parsing CSV input...")
	s, err = ReadCSV(text, o)
	return s, false, err
}

func (o Options) checkBootloaderOffset() error {
	if p := o.PrimaryBootloaderOffset; p != nil && *p >= o.Offset {
		return inputErrorf("Unsupported configuration. Primary bootloader must be below partition table. "+
			"Check --primary-bootloader-offset=%#x and --offset=%#x", *p, o.Offset)
	}
	return nil
}
