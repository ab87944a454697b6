package check

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim"
)

func at(rule string, s bootsim.Severity, addr uint32, dependsOn string) bootsim.Finding {
	return bootsim.Finding{Rule: rule, Severity: s, Offset: &addr, DependsOn: dependsOn}
}

// TestSameFindingIsToldOnce keeps the first scenario of a root cause.
func TestSameFindingIsToldOnce(t *testing.T) {
	var s findingSet
	first := at("wrong-address", bootsim.Error, 0x10000, "")
	first.Scenario = "first"
	s.add(first, at("wrong-address", bootsim.Error, 0x20000, ""))
	s.add(at("wrong-address", bootsim.Error, 0x10000, ""))
	require.Len(t, s.sorted(), 2)
	require.Equal(t, "first", s.sorted()[0].Scenario)
}

// TestFindingOfBothVariantsDependsOnNone drops the condition of a finding that
// shows either way, and keeps that of one that is worse with one value.
func TestFindingOfBothVariantsDependsOnNone(t *testing.T) {
	var s findingSet
	s.add(at("a", bootsim.Warning, 1, "set"), at("a", bootsim.Warning, 1, "not set"))
	s.add(at("b", bootsim.Warning, 2, "not set"), at("b", bootsim.Error, 2, "set"), at("b", bootsim.Warning, 2, "not set"))
	s.add(at("c", bootsim.Note, 3, "set"))
	got := s.sorted()
	require.Len(t, got, 3)
	require.Equal(t, at("b", bootsim.Error, 2, "set"), got[0])
	require.Equal(t, at("a", bootsim.Warning, 1, ""), got[1])
	require.Equal(t, at("c", bootsim.Note, 3, "set"), got[2])
}

// TestReleaseOutranksLayoutWarning tells once what a release made an error.
func TestReleaseOutranksLayoutWarning(t *testing.T) {
	var s findingSet
	s.add(at("otadata-row-missing", bootsim.Warning, 0x8000, ""))
	worse := at("otadata-row-missing", bootsim.Error, 0x8000, "")
	worse.Release = "2.0"
	s.add(worse)
	require.Equal(t, []bootsim.Finding{worse}, s.sorted())
}

// TestMilderFindingElsewhereStays: only at its own place does the graver one tell
// all.
func TestMilderFindingElsewhereStays(t *testing.T) {
	var s findingSet
	s.add(at("rows-overlap", bootsim.Warning, 0x20000, ""), at("rows-overlap", bootsim.Error, 0x10000, ""))
	require.Len(t, s.sorted(), 2)
}

// TestThresholds orders severities.
func TestThresholds(t *testing.T) {
	require.True(t, AtLeast(bootsim.Error, bootsim.Warning))
	require.True(t, AtLeast(bootsim.Warning, bootsim.Warning))
	require.False(t, AtLeast(bootsim.Note, bootsim.Warning))
	require.False(t, AtLeast("", bootsim.Warning))
}
