package provision_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/fixtures/example"
)

// Two halves make a whole otadata, and a burn that nobody answers burns nothing.
func TestRedirectedSteps(t *testing.T) {
	const whole = "head -c 8192 /dev/zero | tr '\\0' '\\377' > otadata.bin"
	const half = "head -c 4096 /dev/zero | tr '\\0' '\\377' > half.bin"
	l := newLine(t)
	p := l.load(t, example.PlanCorrected, text(t, example.PlanCorrected, whole, half+"\ncat half.bin >> otadata.bin\ncat half.bin >> otadata.bin"))
	r, _ := l.check(t, p)
	require.Equal(t, bootsim.Pass, r.Verdict, "%v", found(r))
	p = l.load(t, example.PlanCorrected, text(t, example.PlanCorrected,
		"--do-not-confirm burn_key flash_encryption $KEY", "burn_key flash_encryption $KEY < /dev/null"))
	r, _ = l.check(t, p)
	require.Equal(t, []string{"error plan-step-fails"}, found(r)[:1])
}
