package crypt

import "math/bits"

// direction tells which way the data goes.
type direction bool

// The two ways. The cipher is AES used backwards: writing deciphers.
const (
	fromFlash direction = false // decrypt: AES encryption
	toFlash   direction = true  // encrypt: AES decryption
)

// kernel is the work of AES in plain Go: it takes the units of src to dst, each
// under a key of its own. The lengths of dst and src are UnitSize times that of
// keys; dst may be src.
//
// A large part of its time goes into the keys, of which there is a new one for
// every two blocks. Against a crypto/aes cipher a key on a machine with AES
// instructions, the tables decrypt about as fast and encrypt somewhat slower,
// but leave no garbage, where the other allocates 512 bytes a unit.
func kernel(d direction, dst, src []byte, keys []words) {
	t := aesTables()
	var w, v roundKeys
	for i := range keys {
		out := (*pair)(dst[i*UnitSize:])
		in := (*pair)(src[i*UnitSize:])
		w.expand(t, &keys[i])
		if d == fromFlash {
			w.encrypt(t, out, in)
		} else {
			v.invert(t, &w)
			v.decrypt(t, out, in)
		}
	}
}

// pair is a unit: two AES blocks in the byte order of the flash.
type pair [UnitSize]byte

// rounds of AES-256.
const rounds = 14

// roundKeys are the round keys of one unit, four big-endian words each. The
// last four words only fill up the last group of eight.
type roundKeys [4*(rounds+1) + 4]uint32

// expand derives the round keys (FIPS 197, 5.2).
func (w *roundKeys) expand(t *tables, k *words) {
	for i, x := range k {
		w[2*i] = bits.ReverseBytes32(uint32(x))
		w[2*i+1] = bits.ReverseBytes32(uint32(x >> 32))
	}
	for i := 0; i < len(w)-8; i += 8 {
		g := (*[16]uint32)(w[i:])
		g[8] = g[0] ^ t.sub(bits.RotateLeft32(g[7], 8)) ^ 1<<(24+i/8)
		g[9] = g[1] ^ g[8]
		g[10] = g[2] ^ g[9]
		g[11] = g[3] ^ g[10]
		g[12] = g[4] ^ t.sub(g[11])
		g[13] = g[5] ^ g[12]
		g[14] = g[6] ^ g[13]
		g[15] = g[7] ^ g[14]
	}
}

// invert derives from round keys those of the equivalent inverse cipher (FIPS
// 197, 5.3.5), still in the order of encryption. InvMixColumns is linear: it
// need be applied to the first eight words, and then to the substituted ones
// only, of which every fourth word is the sum with an earlier word.
func (w *roundKeys) invert(t *tables, raw *roundKeys) {
	for i := range 8 {
		w[i] = t.invMix(raw[i])
	}
	for i := 8; i < 4*rounds; i += 4 {
		g := (*[12]uint32)(w[i-8:])
		g[8] = g[0] ^ t.invMix(raw[i]^raw[i-8])
		g[9] = g[1] ^ g[8]
		g[10] = g[2] ^ g[9]
		g[11] = g[3] ^ g[10]
	}
	copy(w[:4], raw[:4])
	copy(w[4*rounds:], raw[4*rounds:])
}

// encrypt is the AES cipher on the reversed blocks of a unit. The two take turns
// so that the machine has something to do while it waits for a table.
func (w *roundKeys) encrypt(t *tables, dst, src *pair) {
	a, b, c, d := src.load(0, w[0:])
	p, q, r, s := src.load(BlockSize, w[0:])
	for i := 4; i < 4*rounds; i += 4 {
		k, t := (*[4]uint32)(w[i:]), &t.enc
		e := t[0][byte(a>>24)] ^ t[1][byte(b>>16)] ^ t[2][byte(c>>8)] ^ t[3][byte(d)] ^ k[0]
		f := t[0][byte(b>>24)] ^ t[1][byte(c>>16)] ^ t[2][byte(d>>8)] ^ t[3][byte(a)] ^ k[1]
		g := t[0][byte(c>>24)] ^ t[1][byte(d>>16)] ^ t[2][byte(a>>8)] ^ t[3][byte(b)] ^ k[2]
		h := t[0][byte(d>>24)] ^ t[1][byte(a>>16)] ^ t[2][byte(b>>8)] ^ t[3][byte(c)] ^ k[3]
		a, b, c, d = e, f, g, h
		e = t[0][byte(p>>24)] ^ t[1][byte(q>>16)] ^ t[2][byte(r>>8)] ^ t[3][byte(s)] ^ k[0]
		f = t[0][byte(q>>24)] ^ t[1][byte(r>>16)] ^ t[2][byte(s>>8)] ^ t[3][byte(p)] ^ k[1]
		g = t[0][byte(r>>24)] ^ t[1][byte(s>>16)] ^ t[2][byte(p>>8)] ^ t[3][byte(q)] ^ k[2]
		h = t[0][byte(s>>24)] ^ t[1][byte(p>>16)] ^ t[2][byte(q>>8)] ^ t[3][byte(r)] ^ k[3]
		p, q, r, s = e, f, g, h
	}
	k, x := w[4*rounds:], &t.sbox
	dst.store(0, k, join(x, a, b, c, d), join(x, b, c, d, a), join(x, c, d, a, b), join(x, d, a, b, c))
	dst.store(BlockSize, k, join(x, p, q, r, s), join(x, q, r, s, p), join(x, r, s, p, q), join(x, s, p, q, r))
}

// decrypt is the AES inverse cipher on the reversed blocks of a unit, with keys
// inverted.
func (w *roundKeys) decrypt(t *tables, dst, src *pair) {
	a, b, c, d := src.load(0, w[4*rounds:])
	p, q, r, s := src.load(BlockSize, w[4*rounds:])
	for i := 4 * (rounds - 1); i > 0; i -= 4 {
		k, t := (*[4]uint32)(w[i:]), &t.dec
		e := t[0][byte(a>>24)] ^ t[1][byte(d>>16)] ^ t[2][byte(c>>8)] ^ t[3][byte(b)] ^ k[0]
		f := t[0][byte(b>>24)] ^ t[1][byte(a>>16)] ^ t[2][byte(d>>8)] ^ t[3][byte(c)] ^ k[1]
		g := t[0][byte(c>>24)] ^ t[1][byte(b>>16)] ^ t[2][byte(a>>8)] ^ t[3][byte(d)] ^ k[2]
		h := t[0][byte(d>>24)] ^ t[1][byte(c>>16)] ^ t[2][byte(b>>8)] ^ t[3][byte(a)] ^ k[3]
		a, b, c, d = e, f, g, h
		e = t[0][byte(p>>24)] ^ t[1][byte(s>>16)] ^ t[2][byte(r>>8)] ^ t[3][byte(q)] ^ k[0]
		f = t[0][byte(q>>24)] ^ t[1][byte(p>>16)] ^ t[2][byte(s>>8)] ^ t[3][byte(r)] ^ k[1]
		g = t[0][byte(r>>24)] ^ t[1][byte(q>>16)] ^ t[2][byte(p>>8)] ^ t[3][byte(s)] ^ k[2]
		h = t[0][byte(s>>24)] ^ t[1][byte(r>>16)] ^ t[2][byte(q>>8)] ^ t[3][byte(p)] ^ k[3]
		p, q, r, s = e, f, g, h
	}
	k, x := w[0:], &t.inverse
	dst.store(0, k, join(x, a, d, c, b), join(x, b, a, d, c), join(x, c, b, a, d), join(x, d, c, b, a))
	dst.store(BlockSize, k, join(x, p, s, r, q), join(x, q, p, s, r), join(x, r, q, p, s), join(x, s, r, q, p))
}

// load returns the columns of the AES state of the block at an offset, with the
// first round key added. The hardware reverses the block, hence its last bytes
// come first.
func (p *pair) load(at int, k []uint32) (c0, c1, c2, c3 uint32) {
	b := p[at : at+BlockSize]
	return le32(b[12:]) ^ k[0], le32(b[8:]) ^ k[1], le32(b[4:]) ^ k[2], le32(b) ^ k[3]
}

// store sets the block at an offset to the columns, with the last round key
// added.
func (p *pair) store(at int, k []uint32, c0, c1, c2, c3 uint32) {
	b := p[at : at+BlockSize]
	putLE32(b[12:], c0^k[0])
	putLE32(b[8:], c1^k[1])
	putLE32(b[4:], c2^k[2])
	putLE32(b, c3^k[3])
}
