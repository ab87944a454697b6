package fuzz

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim/model"
	"github.com/bootsim/bootsim/emu"
)

// TestSoundImagesWithABadSignatureAreToldSo on the first boot of a process as on
// any later one: of an app without a good signature the bootloader finds out whether
// its hash is right.
func TestSoundImagesWithABadSignatureAreToldSo(t *testing.T) {
	for _, s := range signedSubjects(t) {
		p, ok := s.booting()
		require.True(t, ok)
		var m Mutation
		for at := p.signature + 40; at < p.signature+p.signed; at += blockSize { // of every block
			m.Changes = append(m.Changes, Change{Kind: KindFlip, At: p.at + at, Data: Hex{1}})
		}
		d, err := s.Apply(m)
		require.NoError(t, err)
		first := text(model.Booter(&s.Lot, s.Profile).Boot(d.Fork()))
		require.Contains(t, first, "image valid, signature bad", s.Name)
		require.Equal(t, first, text(s.boot(d.Fork())), s.Name)
	}
}

func text(out emu.Outcome) (s string) {
	for _, l := range out.Log {
		s += l.String() + "\n"
	}
	return s
}
