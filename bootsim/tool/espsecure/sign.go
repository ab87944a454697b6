package espsecure

import (
	"github.com/bootsim/bootsim/bootsim/tool/cli"
	"github.com/bootsim/bootsim/flashmodel/secureboot"
)

// signData signs a file. Without an output file it signs in place.
func (j *job) signData() error {
	if err := j.noModule(); err != nil {
		return err
	}
	in, err := j.signInput()
	if err != nil {
		return err
	}
	if err := j.distinct(j.values.Text(optOutput), append(j.values.List(optKeyFile), j.arg())...); err != nil {
		return err
	}
	sign := j.signV2
	if j.values.Text(optVersion) == "1" {
		sign = j.signV1
	}
	return sign(in)
}

// signInput is what a signature is made of.
type signInput struct {
	data                        []byte
	keys, publicKeys, signature [][]byte
}

func (j *job) signInput() (in signInput, err error) {
	for _, o := range []struct {
		name string
		into *[][]byte
	}{{optKeyFile, &in.keys}, {optPubKey, &in.publicKeys}, {optSignature, &in.signature}} {
		for _, file := range j.values.List(o.name) {
			b, err := j.read(o.name, file, maxKeyFile)
			if err != nil {
				return in, err
			}
			*o.into = append(*o.into, b)
		}
	}
	if in.data, err = j.data(); err == nil && len(in.data) == 0 {
		err = cli.Fatalf("%s is empty: there is nothing to sign.", j.arg())
	}
	return in, err
}

// output is the file that a signed image goes to.
func (j *job) output() string {
	if name := j.values.Text(optOutput); name != "" {
		return name
	}
	return j.arg()
}

func (j *job) signV1(in signInput) error {
	block, err := j.signatureV1(in)
	if err != nil {
		return err
	}
	if err := j.write(j.output(), append(in.data[:len(in.data):len(in.data)], block...), modePublic); err != nil {
		return err
	}
	j.env.Printf("Signed %d bytes of data from \"%s\".\n", len(in.data), j.arg())
	return nil
}

func (j *job) signatureV1(in signInput) ([]byte, error) {
	keys := in.keys
	if len(in.signature) > 0 {
		j.env.Print("Pre-calculated signatures found...")
		keys = in.publicKeys
	}
	switch len(keys) {
	case 0:
		return nil, cli.Brokenf("There is no key: give --%s, or --%s and --%s.", optKeyFile, optPubKey, optSignature)
	case 1:
	default:
		return nil, cli.Fatalf("Secure Boot V1 only supports one signing key.")
	}
	if len(in.signature) > 0 {
		key, err := v1PublicKey(keys[0])
		if err != nil {
			return nil, err
		}
		return v1Block(in.data, in.signature[0], key)
	}
	key, err := curveKey(keys[0])
	if err != nil {
		return nil, err
	}
	return secureboot.SignV1(key, in.data)
}
