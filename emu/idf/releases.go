package idf

// Releases returns the final releases of ESP-IDF whose bootloaders start an
// ESP32, in ascending order of branch and patch level (git tag in esp-idf).
func Releases() []Version {
	last := []struct{ major, minor, patch int }{
		{3, 0, 9}, {3, 1, 7}, {3, 2, 5}, {3, 3, 6}, {4, 0, 4}, {4, 1, 4}, {4, 2, 5}, {4, 3, 7}, {4, 4, 8},
		{5, 0, 9}, {5, 1, 7}, {5, 2, 7}, {5, 3, 5}, {5, 4, 4}, {5, 5, 5}, {6, 0, 2},
	}
	var all []Version
	for _, l := range last {
		for p := 0; p <= l.patch; p++ {
			all = append(all, Version{Major: l.major, Minor: l.minor, Patch: p, Stage: StageRelease})
		}
	}
	return append(all, Version{Major: 6, Minor: 1, Stage: StageBeta, Number: 1})
}
