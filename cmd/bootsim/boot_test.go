package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestBootPrintsTheConsole(t *testing.T) {
	h := newHarness("", nil)
	require.Equal(t, exitOK, h.call("boot", "--lot", "lot-one", "--log-level", "info"), h.err)
	out := h.out.String()
	for _, want := range []string{"ets Jun  8 2016 00:22:57", "rst:0x1 (POWERON_RESET)", "ESP-IDF v3.1 2nd stage bootloader",
		"Defaulting to factory image", "Loaded app from partition at offset 0x10000"} {
		require.Contains(t, out, want)
	}
	require.NotContains(t, out, "D (*)")
}

func TestBootLogLevels(t *testing.T) {
	lines := map[string]int{}
	for _, level := range []string{"error", "warn", "info", "debug"} {
		h := newHarness("", nil)
		require.Equal(t, exitOK, h.call("boot", "--lot", "lot-one", "--log-level", level), h.err)
		lines[level] = strings.Count(h.out.String(), "\n")
	}
	require.LessOrEqual(t, lines["error"], lines["warn"])
	require.Less(t, lines["warn"], lines["info"])
	require.Less(t, lines["info"], lines["debug"])
}

// A device that resets for ever is cut after the stated number of rounds.
func TestBootCutsResetLoops(t *testing.T) {
	for _, rounds := range []string{"1", "4"} {
		h := newHarness("", nil)
		code := h.call("boot", "--lot", "lot-two", "--partition-table-offset", "0x9000", "--idf", "v4.4.8", "--rounds", rounds)
		require.Equal(t, exitFindings, code, "%s%s", h.out, h.err)
		n := strings.Count(h.out.String(), "load partition table error!")
		require.Equal(t, rounds, string(rune('0'+n)), h.out)
		require.Contains(t, h.err.String(), "cut after "+rounds+" rounds")
	}
}
