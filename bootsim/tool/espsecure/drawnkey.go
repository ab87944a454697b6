package espsecure

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"math/big"
)

// The generators of the standard library take random bytes of the system alone.
// Where the environment has a source of its own, as a simulated production line
// does so that its reports repeat, keys are made here. Such keys are as good as
// that source: they belong to a simulation.

// newRSAKey makes a key of rsaBits bits.
func (j *job) newRSAKey() (*rsa.PrivateKey, error) {
	if j.env.Random == nil {
		return rsa.GenerateKey(rand.Reader, rsaBits)
	}
	for {
		p, err := j.drawPrime(rsaBits / 2)
		if err != nil {
			return nil, err
		}
		q, err := j.drawPrime(rsaBits / 2)
		if err != nil {
			return nil, err
		}
		if key := rsaKeyOf(p, q); key != nil {
			return key, nil
		}
	}
}

// rsaExponent is the public exponent of every key.
const rsaExponent = 65537

// rsaKeyOf makes a key of two primes; nil if they do not go together.
func rsaKeyOf(p, q *big.Int) *rsa.PrivateKey {
	one := big.NewInt(1)
	phi := new(big.Int).Mul(new(big.Int).Sub(p, one), new(big.Int).Sub(q, one))
	d := new(big.Int).ModInverse(big.NewInt(rsaExponent), phi)
	if d == nil || p.Cmp(q) == 0 {
		return nil
	}
	key := &rsa.PrivateKey{PublicKey: rsa.PublicKey{N: new(big.Int).Mul(p, q), E: rsaExponent}, D: d, Primes: []*big.Int{p, q}}
	if key.Validate() != nil {
		return nil
	}
	key.Precompute()
	return key
}

// millerRabin is how many rounds a prime passes.
const millerRabin = 20

// drawPrime draws a prime with its two highest bits set, so that the product of
// two has twice as many bits.
func (j *job) drawPrime(bits int) (*big.Int, error) {
	b := make([]byte, bits/8)
	for {
		if err := j.env.Fill(b); err != nil {
			return nil, err
		}
		b[0] |= 0xC0
		b[len(b)-1] |= 1
		if p := new(big.Int).SetBytes(b); p.ProbablyPrime(millerRabin) {
			return p, nil
		}
	}
}

// curveScalar makes a key on a curve.
func (j *job) curveScalar(curve elliptic.Curve) (*ecdsa.PrivateKey, error) {
	if j.env.Random == nil {
		return ecdsa.GenerateKey(curve, rand.Reader)
	}
	b := make([]byte, (curve.Params().BitSize+7)/8)
	for {
		if err := j.env.Fill(b); err != nil {
			return nil, err
		}
		if key, err := ecdsa.ParseRawPrivateKey(curve, b); err == nil {
			return key, nil // nearly every number is one
		}
	}
}
