package crypt_test

import (
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
