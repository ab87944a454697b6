package parttable_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/fixtures/refdata"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// Any file gives a table or an error of a known kind, with the oldest and the
// newest rules. A table that was written reads back.
func FuzzConvert(f *testing.F) {
	for _, name := range []string{"forum-4mb.csv", "forum-4mb.bin", "sizes.csv", "negative-size.csv", "bom.csv",
		"cases/bin-two-md5.bin", "cases/bin-label-not-utf8.bin", "own/vars.csv", "own/numbers.csv", "own/utf16le.csv", "own/spaces.csv"} {
		f.Add(refdata.Read(f, "parttable", name))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, version := range []parttable.Version{{Major: 3, Minor: 1}, {Major: 4, Minor: 4, Patch: 8}, {Major: 6, Minor: 0}} {
			o, err := parttable.Defaults(version)
			require.NoError(t, err)
			o.Getenv = environment
			out, err := parttable.Convert(b, o)
			if err != nil {
				requireKnown(t, err)
				continue
			}
			if !out.CSV {
				require.Len(t, out.Data, parttable.MaxLength)
				_, err := parttable.Decode(out.Data)
				requireKnown(t, err)
			}
		}
	})
}

// requireKnown fails the test unless err is nil or of the kinds the package
// promises, with its exit code.
func requireKnown(t *testing.T, err error) {
	t.Helper()
	var exception *parttable.ExceptionError
	var input *parttable.InputError
	var limit *parttable.LimitError
	switch {
	case err == nil:
		require.Zero(t, parttable.ExitCode(err))
	case errors.As(err, &exception):
		require.Equal(t, parttable.ExitCrash, parttable.ExitCode(err))
	case errors.As(err, &input), errors.As(err, &limit):
		require.Equal(t, parttable.ExitInput, parttable.ExitCode(err))
	default:
		require.Fail(t, "unexpected error", "%T: %v", err, err)
	}
}

// Any row decodes; an entry is written again as it was.
func FuzzDecodeRow(f *testing.F) {
	f.Add(refdata.Read(f, "parttable", "forum-4mb.bin")[:32])
	f.Add(make([]byte, 32))
	f.Fuzz(func(t *testing.T, b []byte) {
		r := parttable.DecodeRow(b)
		if r.Kind == parttable.RowEntry && len(b) >= parttable.RowSize {
			again := r.Entry.Encode()
			require.Equal(t, b[:parttable.RowSize], again[:])
		}
	})
}
