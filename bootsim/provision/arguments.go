package provision

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bootsim/bootsim/bootsim/input/cmdline"
	"github.com/bootsim/bootsim/bootsim/provision/script"
	"github.com/bootsim/bootsim/flashmodel/crypt"
)

// keyUse is a flash encryption key that a step used.
type keyUse struct {
	file   string // as the step names it
	key    crypt.Key
	step   int
	burnt  bool // into BLOCK1; otherwise files were encrypted with it
	stands string
}

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

// burnsKey returns the file that a step burns as the flash encryption key.
func burnsKey(st *Step) string {
	at := verb(st.Args, "burn-key", "burn-block-data")
	if st.Tool != "espefuse" || at < 0 {
		return ""
	}
	for i := at + 1; i+1 < len(st.Args); i++ {
		if st.Args[i] == "flash_encryption" || st.Args[i] == "BLOCK1" {
			return st.Args[i+1]
		}
	}
	return ""
}

// encryptsWith returns the key file of a step that encrypts.
func encryptsWith(st *Step) string {
	if st.Tool != "espsecure" || verb(st.Args, "encrypt-flash-data") < 0 {
		return ""
	}
	return option(st.Args, "--keyfile", "-k")
}

// arguments are the step's arguments as its author meant them: a count without
// a value is the next one, and a key file that is nowhere is the one that the
// steps before encrypted with.
func (r *runner) arguments(s *state, st *Step, l *layer, res *result) []string {
	args := slices.Clone(st.Args)
	if n := len(args); st.Tool == "espefuse" && n > 1 && args[n-1] == "FLASH_CRYPT_CNT" && verb(args, "burn-efuse") == n-2 {
		next := nextCount(s.device.Efuses.FlashCryptCnt())
		args = append(args, fmt.Sprintf("%#x", next))
		res.notes = append(res.notes, fmt.Sprintf("FLASH_CRYPT_CNT without a value: taken as %#x, the next count, as espefuse did before v3; newer ones ask for it", next))
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

// keyFile is the file of a key as the steps before had it: 24 bytes are not 32.
func (s *state) keyFile(k keyUse, l *layer, expanded []byte) []byte {
	if c := s.files[k.stands]; c != nil {
		return c.data
	}
	if c := l.shelf.find(k.stands); c != nil {
		return c.data
	}
	return expanded
}

// nextCount sets the lowest bit that is clear.
func nextCount(count uint8) uint8 { return count | (count + 1) }

// onlyKey returns the key that the steps so far encrypted with, if it is one.
func (s *state) onlyKey() (keyUse, bool) {
	var found []keyUse
	for _, k := range s.keys {
		if !k.burnt && !slices.ContainsFunc(found, func(f keyUse) bool { return f.key.Equal(k.key) }) {
			found = append(found, k)
		}
	}
	if len(found) != 1 {
		return keyUse{}, false
	}
	return found[0], true
}

// remember notes what a step that succeeded did with keys and flash.
func (s *state) remember(st *Step, l *layer) {
	for i, file := range []string{encryptsWith(st), burnsKey(st)} {
		if file == "" {
			continue
		}
		full, ok := l.fetch(file)
		if !ok {
			continue
		}
		if k, ok := keyIn(l, full); ok {
			s.keys = append(slices.Clip(s.keys), keyUse{file: file, key: k, step: st.Number, burnt: i == 1, stands: full})
		}
	}
	if st.Tool == "esptool" {
		s.rememberWrites(st, l)
	}
}

func keyIn(l *layer, full string) (crypt.Key, bool) {
	c := l.below[full]
	if c == nil {
		c = l.shelf.find(full)
	}
	if c == nil {
		return crypt.Key{}, false
	}
	k, err := crypt.ParseKey(c.data)
	return k, err == nil
}

// rememberWrites notes which files a write_flash put where.
func (s *state) rememberWrites(st *Step, l *layer) {
	commands, err := cmdline.Parse(quoted(st.Args), cmdline.Options{ReadFile: l.text})
	if err != nil {
		return
	}
	for _, c := range commands {
		if c.Verb == cmdline.Erase {
			s.writes = nil
			continue
		}
		if c.Verb != cmdline.Write {
			continue
		}
		for _, p := range c.Pairs {
			if size := l.size(p.File); size > 0 {
				s.writes = append(slices.Clip(s.writes), write{p.Address, size, p.File, st.Number, p.Encrypt})
			}
		}
	}
}

func (l *layer) text(name string) (string, error) {
	f, err := l.Open(name)
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }()
	b := make([]byte, cmdline.MaxText)
	n, _ := f.Read(b)
	return string(b[:n]), nil
}

// size is that of a file in bytes, 0 if there is none.
func (l *layer) size(name string) uint32 {
	info, err := l.Stat(name)
	if err != nil {
		return 0
	}
	return uint32(info.Size())
}

// quoted writes arguments as one line of the shell.
func quoted(args []string) string {
	words := make([]string, len(args))
	for i, a := range args {
		words[i] = a
		if strings.ContainsAny(a, " \t'\";&|<>#$") {
			words[i] = `"` + strings.ReplaceAll(a, `"`, `\"`) + `"`
		}
	}
	return strings.Join(words, " ")
}

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
