package sweep

import (
	"bytes"
	"crypto/sha256"
	"sync"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/recall"
	"github.com/bootsim/bootsim/emu/update"
	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// Library remembers applications by their content, and what is worked out of
// them, for sweeps of many devices: a release is decrypted once for each key and
// address, and an application that lies on many devices is read once, if its hash
// is known from a boot. Files of offers must not be altered once it has seen them.
// The zero value is empty; goroutines may share it. It holds no flash.
type Library struct {
	mu     sync.Mutex
	images map[content]Image
	files  map[fileKey]Image
	size   int // bytes of images
}

// maxLibrary bounds the plaintext that is held beside the files themselves, in bytes.
const maxLibrary = 32 << 20

// tailSize is how much of an image its hash leaves out: what ESP-IDF appends as
// the image's own hash.
const tailSize = sha256.Size

// content names an image by all of its bytes: the hash of all but the last, which
// a bootloader makes anyway, and the last as they are.
type content struct {
	size int
	sum  [sha256.Size]byte
	tail [tailSize]byte
}

// fileKey is a file as it lies in memory, and what it is decrypted with. The file
// stays where it is for as long as it is named here.
type fileKey struct {
	data   *byte
	size   int
	cipher crypt.ID
	addr   uint32
}

// contentOf is known where the hash of a stretch of flash is.
func contentOf(sums *recall.Sums, d *emu.Device, addr, size uint32) (c content, ok bool) {
	if sums == nil || size <= tailSize {
		return c, false
	}
	c.size = int(size)
	if c.sum, ok = sums.Known(d, addr, size-tailSize); ok {
		d.Cached().Read(addr+size-tailSize, c.tail[:])
	}
	return c, ok
}

// contentIs is the content of bytes that are at hand.
func contentIs(b []byte) (c content, ok bool) {
	if len(b) <= tailSize {
		return c, false
	}
	c.size, c.sum = len(b), sha256.Sum256(b[:len(b)-tailSize])
	copy(c.tail[:], b[len(b)-tailSize:])
	return c, true
}

// file is an application of an offer, as the cache will show it at addr.
func (l *Library) file(f update.File, c *crypt.Cipher, addr uint32) Image {
	if len(f.Data) == 0 {
		return NewImage(New, "", f.Data)
	}
	k := fileKey{&f.Data[0], len(f.Data), c.ID(), addr}
	l.mu.Lock()
	im, known := l.files[k]
	l.mu.Unlock()
	if known {
		return im
	}
	data := f.Data
	if c != nil {
		data = make([]byte, len(f.Data)&^(crypt.BlockSize-1))
		_ = c.Decrypt(addr, data, f.Data[:len(data)]) // slots and data are aligned: no error is possible
	}
	im = NewImage(New, "", data)
	if name, ok := contentIs(im.Plain); ok {
		im = l.take(name, im, c != nil)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.files == nil {
		l.files = map[fileKey]Image{}
	}
	l.files[k] = im
	return im
}

// placed is the application of size bytes in a partition of a device. When its
// hash is known and an image has it, nothing is read but the end.
func (l *Library) placed(sums *recall.Sums, d *emu.Device, p parttable.Entry, size uint32) Image {
	name, known := contentOf(sums, d, p.Offset, size)
	if known {
		if im, ok := l.find(name); ok {
			return im
		}
	}
	data := make([]byte, size)
	d.Cached().Read(p.Offset, data)
	im := NewImage(Old, "", data)
	if !known || len(im.Plain) != len(data) {
		return im
	}
	return l.take(name, im, true)
}

func (l *Library) find(name content) (Image, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	im, ok := l.images[name]
	return im, ok
}

// take returns the image with a content: this one if none is there yet. own tells
// that it takes memory of its own.
func (l *Library) take(name content, im Image, own bool) Image {
	l.mu.Lock()
	defer l.mu.Unlock()
	if have, ok := l.images[name]; ok && bytes.Equal(have.Plain, im.Plain) {
		return have
	}
	if own {
		l.size += len(im.Plain)
	}
	if l.images == nil || l.size > maxLibrary {
		l.images, l.files, l.size = map[content]Image{}, nil, len(im.Plain)
	}
	im.facts.name = &name
	l.images[name] = im
	return im
}
