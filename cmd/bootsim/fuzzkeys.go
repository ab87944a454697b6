package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"

	"github.com/spf13/pflag"

	"github.com/bootsim/bootsim/bootsim/input"
	"github.com/bootsim/bootsim/bootsim/pemkey"
)

// signingKeys are files with private keys of the images' signatures.
type signingKeys struct{ files []string }

func (k *signingKeys) register(fs *pflag.FlagSet) {
	fs.StringArrayVar(&k.files, "signing-key", nil, "sign mutated images with the private key in a PEM `FILE`; may be given twice")
}

// read reads the files. A key of a kind that no scheme of Secure Boot knows is refused.
func (k *signingKeys) read(a *app) (keys []crypto.Signer, err error) {
	for _, name := range k.files {
		b, err := input.ReadFile(a.fs, name)
		if err != nil {
			return nil, err
		}
		switch key := pemkey.Private(b).(type) {
		case *ecdsa.PrivateKey:
			keys = append(keys, key)
		case *rsa.PrivateKey:
			keys = append(keys, key)
		default:
			return nil, &input.FileError{File: name, Offset: -1, Reason: "not a PEM file with a private key for ECDSA or RSA"}
		}
	}
	return keys, nil
}
