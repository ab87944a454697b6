package bundle_test

import (
	"os"
	"regexp"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim/release/bundle"
)

// The documented tables have no gaps and add up to header and entry.
func TestDocumentedFields(t *testing.T) {
	text, err := os.ReadFile("../../../docs/bundle.md")
	require.NoError(t, err)
	var ends []int
	at := 0
	for _, row := range regexp.MustCompile(`(?m)^\| (\d+) \| (\d+) \| `).FindAllSubmatch(text, -1) {
		offset, _ := strconv.Atoi(string(row[1]))
		size, _ := strconv.Atoi(string(row[2]))
		if offset == 0 && at > 0 {
			ends = append(ends, at)
			at = 0
		}
		require.Equal(t, at, offset)
		at += size
	}
	require.Equal(t, []int{bundle.HeaderSize, bundle.EntrySize}, append(ends, at))
}
