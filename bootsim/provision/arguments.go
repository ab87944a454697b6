package provision

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bootsim/bootsim/bootsim/provision/script"
)

// verb returns where a tool's command stands among its arguments, -1 if nowhere.
func verb(args []string, names ...string) int {
	return slices.IndexFunc(args, func(a string) bool { return slices.Contains(names, strings.ReplaceAll(a, "_", "-")) })
}

// option returns the value of an option, in any of its spellings.
func option(args []string, names ...string) string {
	for i, a := range args {
		name, value, attached := strings.Cut(a, "=")
		if !slices.Contains(names, strings.ReplaceAll(name, "_", "-")) {
			continue
		}
		if attached {
			return value
		}
		if i+1 < len(args) {
			return args[i+1]
		}
	}
	return ""
}

// resets tells whether a step ends with a reset into normal boot: esptool does
// so unless told otherwise, espefuse only when told.
func resets(st *Step) bool {
	after := strings.ReplaceAll(option(st.Args, "--after", "-a"), "_", "-")
	switch st.Tool {
	case "esptool":
		return !strings.HasPrefix(after, "no-reset") && verb(st.Args, "image-info", "merge-bin", "version", "elf2image", "help") < 0
	case "espefuse":
		return after == "hard-reset"
	case "parttool", "otatool":
		return true
	}
	return false
}

// arguments are the step's arguments as its author meant them: a count without
// a value is the next one, and a key file that is nowhere is the one that the
// steps before encrypted with.
func (r *runner) arguments(s *state, st *Step, l *layer, res *result) []string {
	args := slices.Clone(st.Args)
	if n := len(args); st.Tool == "espefuse" && n > 1 && args[n-1] == "FLASH_CRYPT_CNT" && verb(args, "burn-efuse") == n-2 {
		next := nextCount(s.device.Efuses.FlashCryptCnt())
		args = append(args, fmt.Sprintf("%#x", next))
		res.notes = append(res.notes, fmt.Sprintf("FLASH_CRYPT_CNT without a value: taken as %#x, the next count, as espefuse did up to v4.5.1; newer ones ask for it", next))
	}
	file := burnsKey(st)
	if file == "" {
		return args
	}
	if _, ok := l.fetch(file); ok {
		return args
	}
	if k, ok := s.onlyKey(); ok {
		res.instead = k.file
		l.below = cloned(l.below)
		b := k.key.Bytes()
		l.below[l.full(file)] = newContent(s.keyFile(k, l, b[:]))
	}
	return args
}

// nextCount sets the lowest bit that is clear.
func nextCount(count uint8) uint8 { return count | (count + 1) }

// Refused tells why a command cannot be followed on the simulated device; ""
// when it can.
func Refused(c script.Command) string {
	if option(c.Args, "--path-efuse-file", "--flash-file") != "" || slices.Contains(c.Args, "--virt") {
		return "it works on a chip made of files, and a plan works on its own device: leave out --virt, --path-efuse-file and --flash-file"
	}
	if c.Tool == "esptool" || c.Tool == "espefuse" {
		if chip := option(c.Args, "--chip", "-c"); chip != "" && chip != "auto" && chip != "esp32" {
			return "a plan is for the classic ESP32, and this is for " + chip
		}
	}
	return ""
}
