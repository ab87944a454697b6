package fuzz

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/bootloader"
	"github.com/bootsim/bootsim/fixtures/oracle"
	"github.com/bootsim/bootsim/fixtures/regress"
)

// booted is a booter made of a function.
type booted func(*emu.Device) emu.Outcome

func (b booted) Boot(d *emu.Device) emu.Outcome { return b(d) }

// broken is the small device without encryption, with a booter that was tampered
// with.
func broken(t *testing.T, tamper func(honest emu.Booter) booted) *Subject {
	t.Helper()
	all, err := NewSubjects(regress.Small(), nil)
	require.NoError(t, err)
	s := all[1]
	require.Nil(t, s.Judge(Mutation{Lot: s.Name}, oracle.Second{}), "an unchanged device")
	if tamper != nil {
		s.booter = tamper(s.booter)
	}
	return s
}

// flippedCode flips a bit in the code of the app that boots.
func flippedCode(s *Subject) Mutation {
	p, _ := s.booting()
	return Mutation{Lot: s.Name, Changes: []Change{{Kind: KindFlip, At: p.at + 0x400, Data: Hex{4}}}}
}

// TestJudgesCatchBrokenModels plants a mistake in the booter for every judge.
func TestJudgesCatchBrokenModels(t *testing.T) {
	boots := 0
	for name, c := range map[string]struct {
		oracle   string
		second   Second
		tamper   func(emu.Booter) booted
		mutation func(*Subject) Mutation
	}{
		"a panic": {OraclePanics, nil, func(emu.Booter) booted {
			return func(*emu.Device) emu.Outcome { panic("planted") }
		}, flippedCode},
		"a memory": {OracleForks, nil, func(honest emu.Booter) booted {
			return func(d *emu.Device) emu.Outcome {
				out := honest.Boot(d)
				boots++
				out.Refusals = append(out.Refusals, emu.Refusal{Row: boots})
				return out
			}
		}, flippedCode},
		"a hash that nobody compares": {OracleFlip, nil, careless, flippedCode},
		"the same, repaired but for the hash": {OracleIntact, nil, careless, func(s *Subject) Mutation {
			m := flippedCode(s)
			m.Changes[0].Of, m.Changes[0].Repair = s.base.App.Offset, []Repair{RepairChecksum}
			return m
		}},
		"another app than the restatement's": {OracleSecond, oracle.Second{}, func(honest emu.Booter) booted {
			return func(d *emu.Device) emu.Outcome {
				out := honest.Boot(d)
				if out.App != nil {
					out.App.Offset ^= 0x10000
				}
				return out
			}
		}, func(s *Subject) Mutation { return Mutation{Lot: s.Name} }},
		"a flash that the restatement leaves alone": {OracleSecond, oracle.Second{}, func(honest emu.Booter) booted {
			return func(d *emu.Device) emu.Outcome {
				out := honest.Boot(d)
				_ = d.Flash.Program(0xF0000, []byte{0})
				return out
			}
		}, func(s *Subject) Mutation { return Mutation{Lot: s.Name} }},
		"a harmless change that is fatal": {OracleBenign, nil, func(honest emu.Booter) booted {
			return func(d *emu.Device) emu.Outcome {
				if !d.Flash.Erased(0x9000, 16) {
					return emu.Outcome{End: emu.EndReset, Refusals: []emu.Refusal{{Reason: emu.ReasonTable, Slot: emu.SlotNone}}}
				}
				return honest.Boot(d)
			}
		}, func(s *Subject) Mutation {
			return Mutation{Lot: s.Name, Benign: true, Changes: []Change{{Kind: KindPlain, At: 0x9000, Data: Hex{1}}}}
		}},
		"an end for which there is no cause": {OracleDiagnosis, nil, func(emu.Booter) booted {
			return func(*emu.Device) emu.Outcome { return emu.Outcome{End: emu.EndReset} }
		}, func(s *Subject) Mutation { return Mutation{Lot: s.Name} }},
	} {
		t.Run(name, func(t *testing.T) {
			s := broken(t, c.tamper)
			f := s.Judge(c.mutation(s), c.second)
			require.NotNil(t, f)
			require.Equal(t, c.oracle, f.Oracle, f.Message)
		})
	}
}

// witness is an execution that says the same of every boot.
type witness string

func (w witness) Disagrees(*emu.Device, *bootloader.Profile, *emu.Device, emu.Outcome) (string, bool) {
	return string(w), w == ""
}

// TestExecutionIsAJudge asks a witness of every boot whose bootloader is the one
// that the model knows.
func TestExecutionIsAJudge(t *testing.T) {
	s := broken(t, nil)
	s.Execute(witness("another end"))
	f := s.Judge(flippedCode(s), nil)
	require.NotNil(t, f)
	require.Equal(t, OracleEngine, f.Oracle)
	for offset, asked := range map[uint32]bool{8: true, 17: true, 4: false, 0x40: false} {
		m := Mutation{Lot: s.Name, Changes: []Change{{Kind: KindFlip, At: 0x1000 + offset, Data: Hex{1}}}}
		f := s.Judge(m, nil)
		require.Equal(t, asked, f != nil && f.Oracle == OracleEngine, "byte 0x%x of the bootloader", offset)
	}
	s.Execute(witness(""))
	r, err := Campaign([]*Subject{s}, Options{Seed: 1, Runs: 8})
	require.NoError(t, err)
	require.NotZero(t, r.Executed)
	require.Contains(t, r.Summary(), "executed and compared")
}

// careless starts what the device started before anything was changed, whatever
// the image looks like now.
func careless(honest emu.Booter) booted {
	return func(d *emu.Device) emu.Outcome {
		out := honest.Boot(d)
		if out.End != emu.EndApp || out.App.Offset != 0x30000 {
			out.End, out.App = emu.EndApp, &emu.App{Slot: 1, Label: "ota_1", Offset: 0x30000, Size: 0x10000}
		}
		return out
	}
}

// TestFailuresAreShrunk finds a planted mistake by a campaign and wants it back
// as the one change that matters, from its token.
func TestFailuresAreShrunk(t *testing.T) {
	s := broken(t, careless)
	m := flippedCode(s)
	m.Changes[0].Data, m.Changes[0].Of, m.Changes[0].Repair = Hex{0xFF, 4, 0x81, 7}, 0x30000, []Repair{RepairChecksum}
	m.Changes = append([]Change{
		{Kind: KindErase, At: 0x9000, Size: 0x3000}, {Kind: KindEfuse, Field: "ADC_VREF", Value: 3}}, m.Changes...)
	o := &Options{Runs: 1}
	r := newResult(o, []*Subject{s})
	r.note(0, m, s.try(m, nil))
	finish([]*Subject{s}, o, r)
	r.JSON()
	require.Len(t, r.Failures, 1)
	got := r.Failures[0]
	require.Equal(t, OracleIntact, got.Oracle)
	require.Len(t, got.Case.Mutation.Changes, 1)
	require.Len(t, got.Case.Mutation.Changes[0].Data, 1)
	c, err := ParseToken(got.Token)
	require.NoError(t, err)
	again, err := Replay(c, []*Subject{s}, nil)
	require.NoError(t, err)
	require.NotNil(t, again.Failure)
	s.booter = broken(t, nil).booter
	again, err = Replay(c, []*Subject{s}, nil)
	require.NoError(t, err)
	require.Nil(t, again.Failure, "the mistake was mended")
	c.Fingerprint = strings.Repeat("0", 16)
	_, err = Replay(c, []*Subject{s}, nil)
	require.ErrorContains(t, err, "not as it was")
}

// TestShrinkingKeepsTheBytesInTheirPlace: half of the data lies where it lay.
func TestShrinkingKeepsTheBytesInTheirPlace(t *testing.T) {
	for at := range uint32(8) {
		m := Mutation{Changes: []Change{{Kind: KindPlain, At: 100, Data: Hex{10, 11, 12, 13, 14, 15, 16, 17}}}}
		got := shrink(m, func(m Mutation) bool {
			for _, c := range m.Changes {
				if i := 100 + at - c.At; i < uint32(len(c.Data)) && c.Data[i] == byte(10+at) {
					return true
				}
			}
			return false
		})
		require.Equal(t, []Change{{Kind: KindPlain, At: 100 + at, Data: Hex{byte(10 + at)}}}, got.Changes)
	}
}

// TestFlipsAreExemptOnlyWithoutHash flips the byte that tells of the hash.
func TestFlipsAreExemptOnlyWithoutHash(t *testing.T) {
	s := broken(t, nil)
	p, ok := s.booting()
	require.True(t, ok)
	for bit := range 8 {
		m := Mutation{Lot: s.Name, Changes: []Change{{Kind: KindFlip, At: p.at + hashFlag, Data: Hex{1 << bit}}}}
		require.Nil(t, s.Judge(m, oracle.Second{}), "bit %d", bit)
	}
	s.Profile.SignedApps = bootloader.SecureBootV1
	m := Mutation{Lot: s.Name, Changes: []Change{{Kind: KindFlip, At: p.at + hashFlag, Data: Hex{1}}}}
	f := s.Judge(m, nil)
	require.NotNil(t, f, "a build that verifies signatures lets no byte go")
	require.Equal(t, OracleFlip, f.Oracle)
}
