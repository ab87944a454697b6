package fuzz

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"math/big"
	"sync"
)

// A stranger's keys sign what no device should start. Everybody can have them:
// the primes follow SHA-256 of "bootsim fuzz stranger p 0", … and are the same
// everywhere, so that a mutation means the same everywhere.
const (
	strangerP = "ced29c421feee4fa8df801e90e31101279399f09f2da7508b7caff1c213d181c96794c6bda3d85dbc72e1f4800bd8ea2" +
		"9a6871a317a530363b7844efe6d4256767f53377492a2d9b587b3df597cf007648ebcf67149e6ef70c90da383d0e6387" +
		"a3930dacff70672ecd135c7f6fe164d0f597d176b8ee8b6c40b167df8d0ff014fa7cfd4ed27c4203cc72b4eb71548e8b" +
		"b62bea2a8f7f768d3db712eb30bbd84b36a4c62338b5ccf42b682a6af7adf10960578204deea3e7e8fbbd6c9336ea3d3"
	strangerQ = "d9a49e1ecdc8795aaa55012b5487c01b26b78b6af9075bd3892e8a4574ae728d548613581628d749c07966cf2c8cdf62" +
		"00e43e32c737d7ae1eaf444ccd46a7bef678c47216cb2e593874b300f2283bc0e8f9a4841669a5074c901f9e99dac9fe" +
		"91d330346acb0969a17ba5b5da7c9da23e7b04fe1696b69be60afe6d2cce0fec6aa7f67b3214b7092259aed816146505" +
		"3662d3e7d31629b20f566e55fbc301db7924bac9951edb70059155250c42122c50da6fcc239397ab0e6da11c8abf9435"
)

// strangerEC is a key for scheme V1.
var strangerEC = sync.OnceValue(func() *ecdsa.PrivateKey {
	sum := sha256.Sum256([]byte("bootsim fuzz stranger"))
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), sum[:])
	if err != nil {
		panic(err) // a number below the curve's order
	}
	return key
})

// strangerRSA is a key for scheme V2.
var strangerRSA = sync.OnceValue(func() *rsa.PrivateKey {
	p, _ := new(big.Int).SetString(strangerP, 16)
	q, _ := new(big.Int).SetString(strangerQ, 16)
	one := big.NewInt(1)
	phi := new(big.Int).Mul(new(big.Int).Sub(p, one), new(big.Int).Sub(q, one))
	key := &rsa.PrivateKey{
		PublicKey: rsa.PublicKey{N: new(big.Int).Mul(p, q), E: 65537},
		D:         new(big.Int).ModInverse(big.NewInt(65537), phi), Primes: []*big.Int{p, q},
	}
	key.Precompute()
	return key
})

// strangers are both.
func strangers() []crypto.Signer { return []crypto.Signer{strangerEC(), strangerRSA()} }
