package espsecure

import (
	"fmt"
	"math/big"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
	flashcrypt "github.com/bootsim/bootsim/flashmodel/crypt"
)

func (j *job) encrypt() error { return j.crypt((*flashcrypt.Cipher).Encrypt) }

func (j *job) decrypt() error { return j.crypt((*flashcrypt.Cipher).Decrypt) }

// decrypts tells whether this is decrypt-flash-data.
func (j *job) decrypts() bool { return j.command.Name == "decrypt-flash-data" }

// number reads the number of an option, which may have any size.
func (j *job) number(option string) (*big.Int, error) {
	text := j.values.Text(option)
	n, ok := cli.ParseInt(text)
	if !ok {
		return nil, j.tool.Invalid(j.env, j.command, option, "'%s' is not a valid integer.", text)
	}
	return n, nil
}

// crypting is Encrypt or Decrypt.
type crypting func(c *flashcrypt.Cipher, addr uint32, dst, src []byte) error

// crypt encrypts or decrypts a file.
func (j *job) crypt(apply crypting) error {
	in, err := j.cryptInput()
	if err != nil {
		return err
	}
	defer in.data.Close()
	if j.values.Flag(optXTS) {
		return j.xts(in)
	}
	cipher, err := j.cipher(in)
	if err != nil {
		return err
	}
	odd := in.data.Size()%flashcrypt.BlockSize != 0
	var pad []byte
	if odd && !j.decrypts() {
		pad = j.padding(in.data.Size())
	}
	if in.data.Size()+int64(len(pad)) >= flashcrypt.BlockSize { // of nothing the reference makes no file
		err = j.pipe(in.data, func(at int64, chunk []byte) ([]byte, error) {
			if at+int64(len(chunk)) == in.data.Size() {
				chunk = append(chunk, pad...)
			}
			chunk = chunk[:len(chunk)&^(flashcrypt.BlockSize-1)]
			return chunk, apply(cipher, in.low()+uint32(at), chunk, chunk)
		})
	}
	if err == nil && odd && j.decrypts() {
		err = cli.Fatalf("Data length is not a multiple of 16 bytes.")
	}
	return err
}

// cipher returns the chip's cipher, and says what is odd about the input.
func (j *job) cipher(in cryptInput) (*flashcrypt.Cipher, error) {
	key, err := j.hardwareKey(in.key, true)
	if err != nil {
		return nil, err
	}
	if err := in.aligned(); err != nil {
		return nil, err
	}
	if in.conf == 0 {
		j.env.Warn("Setting FLASH_CRYPT_CONF to zero is not recommended.")
	}
	j.warnBeyond(in)
	return flashcrypt.New(key, in.conf), nil
}

// padding is random bytes that complete data to whole blocks, as the reference does.
func (j *job) padding(size int64) []byte {
	pad := make([]byte, -size&(flashcrypt.BlockSize-1))
	j.env.Printf("Note: Padding with %d bytes of random data (encrypted data must be multiple of 16 bytes long).\n", len(pad))
	_ = j.env.Fill(pad) // the sources never fail
	return pad
}

// cryptInput is what encryption and decryption work on.
type cryptInput struct {
	key     []byte
	data    *cli.Content
	address *big.Int
	conf    flashcrypt.Config
}

func (j *job) cryptInput() (in cryptInput, err error) {
	if in.key, err = j.key(); err != nil {
		return in, err
	}
	if in.address, err = j.number(optAddress); err != nil {
		return in, err
	}
	conf, err := j.number(optConf)
	if err != nil {
		return in, err
	}
	in.conf = flashcrypt.Config(new(big.Int).And(conf, big.NewInt(int64(flashcrypt.FullConfig))).Uint64())
	if in.data, err = j.content(); err != nil {
		return in, err
	}
	if err = j.distinct(j.values.Text(optOutput), j.values.Text(optKeyFile), j.arg()); err != nil {
		in.data.Close()
	}
	return in, err
}

// aligned refuses an address inside a block.
func (in *cryptInput) aligned() error {
	if new(big.Int).And(in.address, big.NewInt(flashcrypt.BlockSize-1)).Sign() != 0 {
		return cli.Fatalf("Starting flash address %#x must be a multiple of 16.", in.address)
	}
	return nil
}

// low returns the low 32 bits of the address, of which the cipher uses 24.
func (in *cryptInput) low() uint32 {
	return uint32(new(big.Int).And(in.address, big.NewInt(0xFFFFFFFF)).Uint64())
}

// flashEnd is where the addresses of the tweak end, and with them the flash.
const flashEnd = 16 << 20

// warnBeyond tells the user of an address that no flash has. The chip takes its
// low 24 bits, and so do we. The reference lets the others spill into the key,
// so that its output can be read nowhere.
func (j *job) warnBeyond(in cryptInput) {
	end := new(big.Int).Add(in.address, big.NewInt(in.data.Size()))
	if in.address.Sign() >= 0 && end.Cmp(big.NewInt(flashEnd)) <= 0 {
		return
	}
	j.note("Warning: flash address %#x with %d bytes goes beyond 16 MB. The chip knows the low 24 bits of an address only, so this is "+
		"treated as 0x%08x. (espsecure mixes the higher bits into the key, which no chip does.)", in.address, in.data.Size(), in.low()&(flashEnd-1))
}

// note writes to standard error what the reference does not say.
func (j *job) note(format string, args ...any) {
	_, _ = fmt.Fprintf(j.env.Stderr, format+"\n", args...)
}
