package provision

import (
	"slices"

	"github.com/bootsim/bootsim/flashmodel/crypt"
)

// keyUse is a key that a step used: of flash encryption, or of Secure Boot V1.
type keyUse struct {
	file  string // as the step names it
	key   crypt.Key
	step  int
	boot  bool   // of Secure Boot V1
	burnt bool   // into BLOCK1 or BLOCK2; otherwise files were made with it
	full  string // the same, as files are known by
}

// burnsKey returns the file that a step burns as the flash encryption key.
func burnsKey(st *Step) string { return burns(st, "flash_encryption", "BLOCK1") }

// burnsBootKey returns the file that a step burns as the key of Secure Boot V1.
func burnsBootKey(st *Step) string { return burns(st, "secure_boot_v1", "secure_boot", "BLOCK2") }

func burns(st *Step, names ...string) string {
	at := verb(st.Args, "burn-key", "burn-block-data")
	if st.Tool != "espefuse" || at < 0 {
		return ""
	}
	for i := at + 1; i+1 < len(st.Args); i++ {
		if slices.Contains(names, st.Args[i]) {
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

// digestsWith returns the key file of a step that makes a digest of Secure Boot V1.
func digestsWith(st *Step) string {
	if st.Tool != "espsecure" || verb(st.Args, "digest-secure-bootloader") < 0 {
		return ""
	}
	return option(st.Args, "--keyfile", "-k")
}

// keyFile is the file of a key as the steps before had it: 24 bytes are not 32.
func (s *state) keyFile(k keyUse, l *layer, expanded []byte) []byte {
	if c := s.files[k.full]; c != nil {
		return c.data
	}
	if c := l.shelf.find(k.full); c != nil {
		return c.data
	}
	return expanded
}

// onlyKey returns the key that the steps so far encrypted with, if it is one.
func (s *state) onlyKey() (keyUse, bool) {
	var found []keyUse
	for _, k := range s.keys {
		if !k.burnt && !k.boot && !slices.ContainsFunc(found, func(f keyUse) bool { return f.key.Equal(k.key) }) {
			found = append(found, k)
		}
	}
	if len(found) != 1 {
		return keyUse{}, false
	}
	return found[0], true
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
