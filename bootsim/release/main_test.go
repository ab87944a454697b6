package release_test

import (
	"flag"
	"os"
	"testing"
)

// propertyChecks is how often a property is drawn here unless -rapid.checks
// asks for a number: one draw boots a whole fleet from every slot.
const propertyChecks = "15"

func TestMain(m *testing.M) {
	flag.Parse()
	asked := false
	flag.Visit(func(f *flag.Flag) { asked = asked || f.Name == "rapid.checks" })
	if !asked {
		_ = flag.Set("rapid.checks", propertyChecks) // the flag exists: rapid is linked in
	}
	os.Exit(m.Run())
}
