package input

// random tells whether bytes are as evenly spread as ciphertext: the
// chi-squared statistic over byte values, 255 degrees of freedom, is near 255,
// or twice that where the plaintext repeats, as the two halves of a 32-byte
// unit are then the same (spec 4.6). Code, text and tables are far above.
func random(b []byte) bool {
	if len(b) < 1024 {
		return false
	}
	var count [256]int
	for _, v := range b {
		count[v]++
	}
	expected := float64(len(b)) / 256
	var chi float64
	for _, n := range count {
		d := float64(n) - expected
		chi += d * d / expected
	}
	return chi < 700 // 4 standard deviations above twice the mean
}

// isKey tells key files from other short ones: a raw key of a length that the
// tools take, in which hardly a byte value repeats.
func isKey(b []byte, size int64) bool {
	switch size {
	case 16, 24, 32, 64:
	default:
		return false
	}
	seen := map[byte]bool{}
	for _, v := range b {
		seen[v] = true
	}
	return len(seen)*3 > len(b)*2
}

// sniffCipher recognises ciphertext. A whole encrypted flash shows the erased
// or encrypted sector 0, the bootloader's noise from 0x1000 on, noise again for
// the partition table, and sectors in between that no one encrypts.
func sniffCipher(head []byte, size int64) kind {
	noise, plain, table := 0, 0, false
	for at := 0; at+sectorSize <= len(head); at += sectorSize {
		switch {
		case random(head[at : at+sectorSize]):
			noise++
			table = table || at >= defaultTable
		case at > 0x3000 || at == 0 && !isErased(head[:sectorSize]):
			plain++
		}
	}
	boot := len(head) > 0x4000 && (random(head[:sectorSize]) || isErased(head[:sectorSize])) &&
		random(head[0x1000:0x2000]) && random(head[0x2000:0x3000]) && random(head[0x3000:0x4000])
	switch {
	case boot && table && plain > 0 && size%sectorSize == 0:
		return kindCipherDump
	case noise == len(head)/sectorSize && random(head):
		return kindCipher
	}
	return kindOther
}

// isChipSize tells whether a file is as large as a flash chip.
func isChipSize(size int64) bool {
	return size >= 1<<20 && size <= maxFlash && size&(size-1) == 0
}
