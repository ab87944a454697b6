package espsecure

import (
	"errors"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
	"github.com/bootsim/bootsim/flashmodel/espimage"
	"github.com/bootsim/bootsim/flashmodel/secureboot"
)

// signV2 writes the image filled up to 4 KiB and its signature sector.
func (j *job) signV2(in signInput) error {
	contents, blocks, err := j.contentsV2(in)
	if err != nil {
		return err
	}
	more, err := j.newBlocks(in, contents, espimage.SignatureV2Blocks-len(blocks))
	if err != nil {
		return err
	}
	blocks = append(blocks, more...)
	sector, err := secureboot.SectorV2(blocks...)
	if err != nil {
		return err
	}
	if err := j.write(j.output(), append(contents[:len(contents):len(contents)], sector...), modePublic); err != nil {
		return err
	}
	j.env.Printf("Signed %d bytes of data from \"%s\". Signature sector now has %d signature blocks.\n", len(contents), j.arg(), len(blocks))
	return nil
}

// contentsV2 returns what is to be signed, and the signature blocks there are.
func (j *job) contentsV2(in signInput) (contents []byte, blocks [][]byte, err error) {
	short := -len(in.data) & (sectorSize - 1)
	switch {
	case short != 0 && len(in.signature) > 0:
		return nil, nil, cli.Fatalf("Secure Boot V2 requires the signature block to start from a 4KB aligned sector but the datafile supplied is not sector aligned.")
	case short != 0 && j.values.Flag(optSkipPadding):
		j.env.Print("Skipping sector padding. Data contents are not sector aligned.")
		j.note("Note: the classic ESP32 looks for signatures at multiples of 4 KiB only, and finds none here.")
	case short != 0:
		j.env.Printf("Padding data contents by %d bytes so signature sector aligns at sector boundary.\n", short)
		return secureboot.PadV2(in.data), nil, nil
	case j.values.Flag(optAppend):
		return j.existingBlocks(in.data)
	}
	return in.data, nil, nil
}

// existingBlocks takes an image apart that may be signed already.
func (j *job) existingBlocks(file []byte) (contents []byte, blocks [][]byte, err error) {
	im := split(file)
	for i := range espimage.SignatureV2Blocks {
		block := j.block(im, i)
		if block == nil {
			break
		}
		blocks = append(blocks, block)
	}
	if len(blocks) == 0 {
		j.env.Print("No valid signature blocks found. Discarding --append-signature and proceeding to sign the image afresh.")
		return file, nil, nil
	}
	j.env.Printf("%d valid signature block(s) already present in the signature sector.\n", len(blocks))
	if len(blocks) == espimage.SignatureV2Blocks {
		return nil, nil, cli.Fatalf("Up to %d signature blocks are supported (For ESP32-ECO3 only 1 signature block is supported).", len(blocks))
	}
	return im.contents, blocks, nil
}

// newBlocks makes a signature block for every key.
func (j *job) newBlocks(in signInput, contents []byte, room int) ([][]byte, error) {
	keys := len(in.keys)
	if len(in.signature) > 0 {
		j.env.Print("Pre-calculated signatures found...")
		keys = len(in.publicKeys)
		if len(in.signature) != keys {
			return nil, cli.Fatalf("Number of public keys (%d) not equal to the number of signatures (%d).", keys, len(in.signature))
		}
	}
	if keys > room {
		return nil, cli.Fatalf("Number of keys (%d) more than the empty signature blocks (%d).", keys, room)
	}
	j.env.Printf("%d signing key(s) found.\n", keys)
	if keys == 0 {
		return nil, cli.Fatalf("Signature Block generation failed.")
	}
	if len(in.signature) > 0 {
		return j.foreignBlocks(in, contents)
	}
	return j.ownBlocks(in.keys, contents)
}

// ownBlocks signs with private keys.
func (j *job) ownBlocks(keys [][]byte, contents []byte) ([][]byte, error) {
	var blocks [][]byte
	for _, file := range keys {
		sign, public, err := v2Private(file, j.env.Source())
		if err != nil {
			return nil, err
		}
		j.noteScheme(public)
		block, err := sign(contents)
		if err != nil {
			return nil, err
		}
		blocks = append(blocks, block)
	}
	return blocks, nil
}

// foreignBlocks makes blocks of signatures made elsewhere.
func (j *job) foreignBlocks(in signInput, contents []byte) ([][]byte, error) {
	var blocks [][]byte
	for i, signature := range in.signature {
		public, err := v2Public(in.publicKeys[i])
		if err != nil {
			return nil, err
		}
		j.noteScheme(public)
		block, err := public.assemble(contents, signature)
		if errors.Is(err, errForged) {
			return nil, cli.Fatalf("Signature verification failed: Invalid Signature\nThe pre-calculated signature has not been signed using the given public key.")
		}
		if err != nil {
			return nil, err
		}
		blocks = append(blocks, block)
	}
	return blocks, nil
}

// noteScheme tells the user of a signature that the chip does not know.
func (j *job) noteScheme(public verifier) {
	if public.scheme() != "RSA" {
		j.note("Note: Secure Boot V2 with %s is for newer chips; the classic ESP32 takes RSA-3072 only and will not boot this.", public.scheme())
	}
}
