package check_test

import (
	"flag"
	"os"
	"testing"
)

// TestMain runs fewer property checks than rapid's 100 unless -rapid.checks asks
// for a number: one of them checks a whole lot, which takes tens of
// milliseconds, and many times that under the race detector.
func TestMain(m *testing.M) {
	flag.Parse()
	asked := false
	flag.Visit(func(f *flag.Flag) { asked = asked || f.Name == "rapid.checks" })
	if !asked {
		_ = flag.Set("rapid.checks", propertyChecks) // the flag exists: rapid is linked in
	}
	os.Exit(m.Run())
}
