package diagnose

import (
	"github.com/bootsim/bootsim/flashmodel/secureboot"
)

func (k *digestCheck) otherKey() *builder {
	for _, other := range bootKeys(k.c, k.d) {
		if k.fits(other.Key, k.sector, k.covered) {
			b := k.c.find("secure-boot-digest-other-key", "the digest at 0x00000080 was made with %s, which is not the key in BLOCK2", other.name).at(secureboot.V1DigestOffset)
			if k.d.Efuses.CheckCoding(2) != nil {
				b.evidence("BLOCK2 does not satisfy coding scheme %s: the chip takes another key from it", k.d.Efuses.CodingScheme())
			}
			return b
		}
	}
	return nil
}

func (k *digestCheck) otherIV() *builder {
	for _, f := range digestFiles(k.c, k.d) {
		s := k.sector
		s.IV = f.sector.IV
		if k.fits(k.key, s, k.covered) {
			return k.c.find("secure-boot-digest-other-iv", "the digest at 0x00000080 fits this bootloader with the IV of %s, and another IV lies at 0x00000000", f.name).at(0)
		}
	}
	return nil
}

func (k *digestCheck) otherBootloader() *builder {
	for _, f := range bootloaderFiles(k.c, k.d) {
		if k.fits(k.key, k.sector, f.covered) {
			return k.c.find("secure-boot-digest-other-bootloader", "IV and digest at 0x00000000 belong to the bootloader in %s, and another one lies at 0x%08x", f.name, bootloaderAddress).
				at(secureboot.V1DigestOffset)
		}
	}
	return nil
}

// unexplained tells by the bootloader's own hash on which side the fault lies.
func (k *digestCheck) unexplained() *builder {
	switch {
	case k.parsed == nil || k.parsed.HashAppended == 0:
		return k.c.find("secure-boot-digest-mismatch", "the digest at 0x00000080 does not fit IV, bootloader and key; the bootloader has no SHA-256 that would tell which of them is wrong").at(0)
	case k.parsed.HashOK():
		return k.c.find("secure-boot-digest-mismatch", "the bootloader is as it was built (its SHA-256 fits): IV or digest at 0x00000000 were changed, or belong to another build or key").at(0)
	}
	return k.c.find("bootloader-changed", "the bootloader at 0x%08x was changed after it was built: neither the digest at 0x00000080 nor its own SHA-256 fits", bootloaderAddress).
		at(bootloaderAddress).bytes(bootloaderAddress)
}
