package input

import (
	"path/filepath"
	"strings"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/flashmodel/crypt"
)

// maxKeyFiles bounds how many keys are offered for a set: each is tried on its
// bytes.
const maxKeyFiles = 16

// keysIn lists the files of a tree that have the size of a flash encryption
// key and are called one. Whether one is the key, only ciphertext can tell.
func (f *finder) keysIn(d *folder) []bootsim.KeyFile {
	var keys []bootsim.KeyFile
	for _, name := range d.files {
		if !strings.Contains(strings.ToLower(name), "key") {
			continue
		}
		if k, ok := f.keyFile(filepath.Join(d.path, name)); ok {
			keys = append(keys, k)
		}
	}
	for _, sub := range d.subs {
		keys = append(keys, f.keysIn(sub)...)
	}
	return keys[:min(len(keys), maxKeyFiles)]
}

func (f *finder) keyFile(path string) (bootsim.KeyFile, bool) {
	info, err := f.store.stat(path)
	if err != nil || info.Size() != 32 && info.Size() != 24 {
		return bootsim.KeyFile{}, false
	}
	b, err := f.store.read(path)
	if err != nil {
		return bootsim.KeyFile{}, false
	}
	k, err := crypt.ParseKey(b)
	return bootsim.KeyFile{File: filepath.ToSlash(path), Key: k}, err == nil
}

// offerKeys gives the lots from a number on the keys that lie in their tree.
func (f *finder) offerKeys(from int, d *folder) {
	if from == len(f.lots) {
		return
	}
	keys := f.keysIn(d)
	for i := from; i < len(f.lots); i++ {
		f.lots[i].lot.KeyFiles = keys
	}
}
