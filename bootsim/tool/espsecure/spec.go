package espsecure

import "github.com/bootsim/bootsim/bootsim/tool/cli"

// Options of the commands.
const (
	optKeyFile     = "keyfile"
	optOutput      = "output"
	optIV          = "iv"
	optVersion     = "version"
	optScheme      = "scheme"
	optAppend      = "append-signatures"
	optHSM         = "hsm"
	optHSMConfig   = "hsm-config"
	optPubKey      = "pub-key"
	optSignature   = "signature"
	optSkipPadding = "skip-padding"
	optKeyLen      = "keylen"
	optAddress     = "address"
	optConf        = "flash-crypt-conf"
	optXTS         = "aes-xts"
	optForce       = "force-write-always"
)

// command is what a command looks like and does.
type command struct {
	spec cli.Command
	do   func(*job) error
}

// commands lists the commands in the order of the tool's help page.
func commands() []command {
	return []command{
		crypt("decrypt-flash-data", "Decrypt what was read from encrypted flash.", "ENCRYPTED_FILE", (*job).decrypt),
		digestPrivateKey(),
		keyDigest("digest-rsa-public-key", "The old name of digest-sbv2-public-key.", (*job).digestRSA),
		keyDigest("digest-sbv2-public-key", "Digest of a public key, as eFuse BLOCK2 holds it for Secure Boot V2.", (*job).digestSBV2),
		digestBootloader(),
		crypt("encrypt-flash-data", "Encrypt a file for its place in flash.", "PLAINTEXT_FILE", (*job).encrypt),
		extractPublicKey(),
		generateFlashKey(),
		generateSigningKey(),
		signData(),
		{cli.Command{Name: "signature-info-v2", Args: args("DATAFILE"), Brief: "Show the signature blocks of a signed image.",
			Help: "Show the signature blocks at the end of an image that is signed for Secure Boot V2, and the digests of their keys."}, (*job).signatureInfo},
		verifySignature(),
	}
}

func handler(name string) func(*job) error {
	for _, c := range commands() {
		if c.spec.Name == name {
			return c.do
		}
	}
	panic("espsecure: no command " + name)
}

func toolSpec() *cli.Tool {
	t := &cli.Tool{Brief: "espsecure " + version + " as bootsim has it: flash encryption and secure boot of the classic ESP32."}
	for _, c := range commands() {
		t.Commands = append(t.Commands, c.spec)
	}
	return t
}

func args(metavars ...string) (out []cli.Arg) {
	for _, m := range metavars {
		out = append(out, cli.Arg{Metavar: m})
	}
	return out
}

func keyFile(help string) cli.Option {
	return cli.Option{Name: optKeyFile, Short: "k", Required: true, Metavar: "FILE", Help: help}
}

func versionOption(text string) cli.Option {
	return cli.Option{Name: optVersion, Short: "v", Choices: []string{"1", "2"}, Default: text, Required: text == "",
		Help: "Secure boot scheme: 1, or 2 for chips of revision 3 and later."}
}

func forceOption() cli.Option {
	return cli.Option{Name: optForce, Flag: true, Help: "Overwrite a key file that exists. What only that key decrypts or signs is lost."}
}

func crypt(name, brief, file string, do func(*job) error) command {
	return command{cli.Command{Name: name, Args: args(file), Brief: brief,
		Help: brief + "\n\nThe address is part of the cipher: a file encrypted for one place is noise at any other.",
		Options: []cli.Option{
			keyFile("Flash encryption key: 32 bytes, or 24 for the 3/4 coding scheme."),
			{Name: optOutput, Short: "o", Required: true, Metavar: "FILE", Help: "File to write."},
			{Name: optAddress, Short: "a", Required: true, Metavar: "ADDRESS", Help: "Address in flash, a multiple of 16."},
			{Name: optConf, Metavar: "NUMBER", Default: "0xf", Help: "FLASH_CRYPT_CONFIG of the device, 0xF unless somebody burnt another."},
			{Name: optXTS, Short: "x", Flag: true, Help: "AES-XTS of newer chips. Not for the classic ESP32."},
		}}, do}
}

func digestPrivateKey() command {
	return command{cli.Command{Name: "digest-private-key", Args: args("DIGEST_FILE"), Brief: "SHA-256 of a private signing key.",
		Help: "Write the SHA-256 of a private ECDSA key, which serves as key of a reflashable bootloader.",
		Options: []cli.Option{keyFile("Private ECDSA key in PEM form."),
			{Name: optKeyLen, Short: "l", Metavar: "BITS", Default: "256", Help: "Length: 256, or 192 for the 3/4 coding scheme."},
		}}, (*job).digestPrivateKey}
}

func keyDigest(name, brief string, do func(*job) error) command {
	return command{cli.Command{Name: name, Brief: brief, Help: brief,
		Options: []cli.Option{keyFile("Private or public key in PEM form."),
			{Name: optOutput, Short: "o", Required: true, Metavar: "FILE", Help: "File to write, 32 bytes."}}}, do}
}

func digestBootloader() command {
	return command{cli.Command{Name: "digest-secure-bootloader", Args: args("IMAGE"), Brief: "Digest of a bootloader for Secure Boot V1.",
		Help: "Write IV, digest and bootloader for flash address 0 of a device that has the key burnt.",
		Options: []cli.Option{keyFile("Secure boot key: 32 bytes, or 24 for the 3/4 coding scheme."),
			{Name: optOutput, Short: "o", Metavar: "FILE", Help: "File to write; IMAGE-digest-0x0000.bin if not given."},
			{Name: optIV, Metavar: "FILE", Help: "128 bytes of IV for tests; random if not given."}}}, (*job).digestBootloader}
}

func extractPublicKey() command {
	return command{cli.Command{Name: "extract-public-key", Args: args("PUBLIC_KEYFILE"), Brief: "Public key of a private signing key.",
		Help:    "Write the public key that belongs to a private one: 64 raw bytes for Secure Boot V1, PEM for V2.",
		Options: []cli.Option{versionOption("1"), keyFile("Private key in PEM form.")}}, (*job).extractPublicKey}
}

func generateFlashKey() command {
	return command{cli.Command{Name: "generate-flash-encryption-key", Args: args("KEY_FILE"), Brief: "New random flash encryption key.",
		Help: "Write a new random key. A file that exists is not overwritten.",
		Options: []cli.Option{{Name: optKeyLen, Short: "l", Metavar: "BITS", Default: "256", Help: "Length: 256, or 192 for the 3/4 coding scheme; 128 and 512 for newer chips."},
			forceOption()}}, (*job).generateFlashKey}
}

func generateSigningKey() command {
	return command{cli.Command{Name: "generate-signing-key", Args: args("KEYFILE"), Brief: "New private signing key.",
		Help: "Write a new private key in PEM form. A file that exists is not overwritten.",
		Options: []cli.Option{versionOption("1"),
			{Name: optScheme, Short: "s", Choices: []string{"rsa3072", "ecdsa192", "ecdsa256", "ecdsa384"},
				Help: "Kind of key: ecdsa256 in V1, rsa3072 in V2, the others for newer chips."},
			forceOption()}}, (*job).generateSigningKey}
}

func signData() command {
	return command{cli.Command{Name: "sign-data", Args: args("DATAFILE"), Brief: "Sign an image.",
		Help: "Sign an image with a private key, or put signatures behind it that were made elsewhere.",
		Options: []cli.Option{versionOption(""),
			{Name: optKeyFile, Short: "k", Many: true, Metavar: "FILE...", Help: "Private keys in PEM form; up to three in V2."},
			{Name: optOutput, Short: "o", Metavar: "FILE", Help: "File to write; the image itself if not given."},
			{Name: optAppend, Short: "a", Flag: true, Help: "Add signature blocks to those that the image has."},
			{Name: optHSM, Flag: true, Help: "Keys in a hardware module. Not modelled."},
			{Name: optHSMConfig, Metavar: "FILE", Help: "Configuration of that module."},
			{Name: optPubKey, Many: true, Metavar: "FILE...", Help: "Public keys of signatures made elsewhere."},
			{Name: optSignature, Many: true, Metavar: "FILE...", Help: "Signatures made elsewhere."},
			{Name: optSkipPadding, Flag: true, Help: "V2: do not fill up to 4 KiB. The classic ESP32 does not find such a signature."},
		}}, (*job).signData}
}

func verifySignature() command {
	return command{cli.Command{Name: "verify-signature", Args: args("DATAFILE"), Brief: "Verify a signed image.",
		Help: "Verify the signature at the end of an image with a public key, or with the public half of a private one.",
		Options: []cli.Option{versionOption(""),
			{Name: optHSM, Flag: true, Help: "Keys in a hardware module. Not modelled."},
			{Name: optHSMConfig, Metavar: "FILE", Help: "Configuration of that module."},
			{Name: optKeyFile, Short: "k", Metavar: "FILE", Help: "Key in PEM form, or 64 raw bytes in V1."},
			{Name: optSkipPadding, Flag: true, Help: "V2: the image was signed without filling it up to 4 KiB."},
		}}, (*job).verifySignature}
}
