package main

import (
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What our packages may allocate before main, each and together. A table that is
// made of a map, or an expression that is compiled, is several thousand bytes.
const (
	maxInitBytes    = 8 << 10
	maxInitBytesAll = 12 << 10
	maxInitAllocs   = 200 // together
)

// TestInitIsCheap lets this binary start once more and tell what the packages of
// the command allocate as they are initialised, which every run pays for.
func TestInitIsCheap(t *testing.T) {
	self, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.Command(self, "-test.run=^$")
	cmd.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	trace, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", trace)

	line := regexp.MustCompile(`(?m)^init github\.com/bootsim/bootsim/(\S+) .* (\d+) bytes, (\d+) allocs$`)
	bytesAll, allocsAll, seen := 0, 0, 0
	for _, m := range line.FindAllStringSubmatch(string(trace), -1) {
		if strings.HasPrefix(m[1], "fixtures/") || strings.HasSuffix(m[1], "_test") {
			continue // mostly of the tests
		}
		bytes, err := strconv.Atoi(m[2])
		require.NoError(t, err)
		allocs, err := strconv.Atoi(m[3])
		require.NoError(t, err)
		require.LessOrEqual(t, bytes, maxInitBytes,
			"package %s allocates too much before main: make tables at their first use (sync.OnceValue, emu/pattern)", m[1])
		bytesAll, allocsAll, seen = bytesAll+bytes, allocsAll+allocs, seen+1
	}
	require.Greater(t, seen, 5, "no trace of our packages:\n%s", trace)
	require.LessOrEqual(t, bytesAll, maxInitBytesAll, "%s", trace)
	require.LessOrEqual(t, allocsAll, maxInitAllocs, "%s", trace)
	t.Logf("%d packages allocate %d bytes in %d pieces before main", seen, bytesAll, allocsAll)
}
