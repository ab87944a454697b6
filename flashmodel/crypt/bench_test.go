package crypt_test

import (
	"crypto/aes"
	"fmt"
	"testing"

	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/crypt"
)

func BenchmarkDecrypt(b *testing.B) { benchmark(b, (*crypt.Cipher).Decrypt) }

func BenchmarkEncrypt(b *testing.B) { benchmark(b, (*crypt.Cipher).Encrypt) }

func benchmark(b *testing.B, crypts func(*crypt.Cipher, uint32, []byte, []byte) error) {
	c := crypt.New(crypt.Key{}, crypt.FullConfig)
	for name, size := range map[string]int{"block": 16, "unit": 32, "sector": 4096, "1MB": 1 << 20} {
		b.Run(name, func(b *testing.B) {
			p := make([]byte, size)
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for b.Loop() {
				if err := crypts(c, 0x10000, p, p); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkView(b *testing.B) {
	f, err := flashmodel.New(4 << 20)
	if err != nil {
		b.Fatal(err)
	}
	v := crypt.NewView(f, crypt.New(crypt.Key{}, crypt.FullConfig))
	if err := f.Place(0, make([]byte, 4<<20)); err != nil {
		b.Fatal(err)
	}
	for name, size := range map[string]int{"header": 24, "unaligned sector": 4096, "unaligned 3MB": 3 << 20} {
		b.Run(name, func(b *testing.B) {
			p := make([]byte, size)
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for b.Loop() {
				v.Read(0x10018, p)
			}
		})
	}
}

func BenchmarkNew(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_ = crypt.New(crypt.Key{}, crypt.FullConfig)
	}
}

// Every path of the machine, in the first cache and out of the second.
func BenchmarkPaths(b *testing.B) {
	for _, path := range crypt.Paths() {
		c := crypt.NewOn(path, crypt.Key{}, crypt.FullConfig, false)
		for _, d := range directions {
			for _, size := range []int{16, 4 << 10, 4 << 20} {
				b.Run(fmt.Sprintf("%s/%s/%d", path, d.name, size), func(b *testing.B) {
					p := make([]byte, size)
					b.SetBytes(int64(size))
					for b.Loop() {
						_ = d.do(c, 0x10000, p, p)
					}
				})
			}
		}
	}
}

// What a cipher of the standard library for every unit does, for comparison:
// the tweak and the order of the bytes left out.
func BenchmarkStandardLibrary(b *testing.B) {
	p, key := make([]byte, 4<<10), make([]byte, 32)
	b.SetBytes(int64(len(p)))
	b.ReportAllocs()
	for b.Loop() {
		for i := 0; i < len(p); i += crypt.UnitSize {
			c, err := aes.NewCipher(key)
			if err != nil {
				b.Fatal(err)
			}
			c.Encrypt(p[i:], p[i:])
			c.Encrypt(p[i+16:], p[i+16:])
		}
	}
}
