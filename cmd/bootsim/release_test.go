package main

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/spf13/afero"
	"github.com/stretchr/testify/require"
)

const (
	artifactOne = "app-2.0-lot-one-ota_0-0x60000.bin"
	bundleFile  = "release-2.0.bundle"
)

// built is a harness with the example in demo and its release in out.
func built(t *testing.T) *harness {
	t.Helper()
	h := newHarness("", nil)
	h.writeExample(t, "demo/good")
	require.Equal(t, exitOK, h.call("release", "build", "demo/good", "-o", "out"), h.err)
	return h
}

// The way through: build, check, verify, each of which takes what the one
// before it wrote.
func TestReleaseFromBuildToVerify(t *testing.T) {
	h := built(t)
	doc, err := os.ReadFile("../../docs/release.md")
	require.NoError(t, err)
	require.Contains(t, string(doc), "$ bootsim release build demo/good -o out\n"+h.out.String(), "print the example in docs/release.md anew")
	for name, data := range contents(t, h.fs) {
		if same, err := afero.ReadFile(h.fs, path.Join("demo/good/release-2.0", path.Base(name))); strings.HasPrefix(name, "out/") && err == nil {
			require.True(t, data == string(same), "the example's own artifacts: %s", name)
		}
	}
	require.Equal(t, exitOK, h.call("check", "out"), h.out)
	require.Contains(t, h.out.String(), "PASS  lot-two (demo/good/bootsim.yaml): 7 scenarios, 7 pass")
	require.Equal(t, exitOK, h.call("release", "verify", "out"), h.out)
	require.Contains(t, h.out.String(), "PASS: 2 of 2 lots passed")
	for _, p := range []string{"out/" + artifactOne, "out/" + bundleFile} {
		require.Equal(t, exitOK, h.call("release", "verify", p), h.out)
	}
	require.Equal(t, exitOK, h.call("release", "verify", "out", "out/"+bundleFile, "--lots", "demo/good/bootsim.yaml", "-q"))
	require.Empty(t, h.out.String())
}

func TestReleaseExitCodes(t *testing.T) {
	h := built(t)
	h.write(t, "text.txt", []byte("hello"))
	h.write(t, "bad/index.json", []byte("{}"))
	h.write(t, "damaged/"+bundleFile, append([]byte("BSBUNDLE"), make([]byte, 100)...))
	h.write(t, "stray/"+artifactOne, []byte("x"))
	h.write(t, "plain.yaml", []byte("version: 1\nlots_from: demo/good/bootsim.yaml\nreleases: [{name: a, artifacts: [{file: text.txt}]}]\n"))
	h.write(t, "cipher.yaml", []byte("version: 1\nlots_from: demo/good/bootsim.yaml\nreleases: [{name: a, build: [{app: out/"+artifactOne+"}]}]\n"))
	h.write(t, "two.yaml", []byte("version: 1\nlots_from: demo/good/bootsim.yaml\nreleases: [{name: a, build: [{app: demo/good/release-2.0/app-2.0.bin}]}, {name: b, build: [{app: demo/good/release-2.0/app-2.0.bin}]}]\n"))
	h.write(t, "twice.yaml", []byte("version: 1\nlots_from: demo/good/bootsim.yaml\nreleases: [{name: a, build: [{app: demo/good/release-2.0/app-2.0.bin}, {app: demo/good/release-2.0/app-2.0.bin}]}]\n"))
	h.write(t, "claims.yaml", []byte("version: 1\nlots_from: demo/good/bootsim.yaml\nreleases: [{name: a, build: [{app: demo/good/release-2.0/app-2.0.bin, version: 3}]}]\n"))
	for _, c := range []struct {
		args []string
		want int
		says string
	}{
		{[]string{"release"}, exitUsage, "build, serve or verify"},
		{[]string{"release", "make"}, exitUsage, `no verb "make"`},
		{[]string{"release", "--help"}, exitOK, ""},
		{[]string{"release", "build", "--help"}, exitOK, ""},
		{[]string{"release", "serve", "--help"}, exitOK, ""},
		{[]string{"release", "verify", "--help"}, exitOK, ""},
		{[]string{"release", "build", "demo/good"}, exitUsage, "-o DIR"},
		{[]string{"release", "build", "a", "b", "-o", "x"}, exitUsage, "one configuration"},
		{[]string{"release", "build", "nowhere", "-o", "x"}, exitInput, "nowhere"},
		{[]string{"release", "build", "stray", "-o", "x"}, exitInput, "no release.yaml"},
		{[]string{"release", "build", "text.txt", "-o", "x"}, exitUsage, "text.txt"},
		{[]string{"release", "build", "demo/good", "-o", "out"}, exitUsage, "not empty"},
		{[]string{"release", "build", "demo/good", "-o", "text.txt", "--force"}, exitUsage, "no folder"},
		{[]string{"release", "build", "demo/good", "-o", "demo/good", "--force"}, exitUsage, "is an input"},
		{[]string{"release", "build", "demo/good", "-o", "x", "--format", "pdf"}, exitUsage, "pdf"},
		{[]string{"release", "build", "demo/good", "-o", "x", "--release", "9"}, exitUsage, "--release 9"},
		{[]string{"release", "build", "plain.yaml", "-o", "x"}, exitUsage, `key "build"`},
		{[]string{"release", "build", "two.yaml", "-o", "x"}, exitUsage, "several releases"},
		{[]string{"release", "build", "twice.yaml", "-o", "x"}, exitUsage, "name lots or slots"},
		{[]string{"release", "build", "cipher.yaml", "-o", "x"}, exitInput, "no app image"},
		{[]string{"release", "build", "claims.yaml", "-o", "x"}, exitFindings, "nothing was written"},
		{[]string{"release", "build", "two.yaml", "-o", "two", "--release", "b"}, exitOK, ""},
		{[]string{"release", "build", "claims.yaml", "-o", "unchecked", "--no-check"}, exitOK, ""},
		{[]string{"release", "verify", "unchecked"}, exitFindings, ""},
		{[]string{"release", "verify"}, exitUsage, "name a release folder"},
		{[]string{"release", "verify", "nowhere"}, exitInput, "nowhere"},
		{[]string{"release", "verify", "demo/good"}, exitInput, "release build"},
		{[]string{"release", "verify", "bad"}, exitInput, "not the index of a release"},
		{[]string{"release", "verify", "damaged/" + bundleFile}, exitInput, "not a whole release bundle"},
		{[]string{"release", "verify", "stray/" + artifactOne}, exitInput, "index.json"},
		{[]string{"release", "verify", "out/bootsim.yaml"}, exitInput, "claims to serve no lot"},
		{[]string{"release", "verify", "out", "--format", "pdf"}, exitUsage, "pdf"},
		{[]string{"release", "verify", "out", "--output", "json=out/" + artifactOne}, exitUsage, "an input"},
		{[]string{"release", "verify", "out", "--output", "json=demo/good/keys/EXAMPLE-flash-key.bin"}, exitUsage, "an input"},
		{[]string{"release", "serve"}, exitUsage, "one release folder"},
		{[]string{"release", "serve", "nowhere"}, exitInput, "nowhere"},
		{[]string{"release", "serve", "out", "--tls-cert", "c.pem"}, exitUsage, "go together"},
		{[]string{"release", "serve", "out", "--tls-cert", "text.txt", "--tls-key", "text.txt"}, exitInput, "no certificate"},
		{[]string{"release", "serve", "out", "--listen", "foo"}, exitUsage, "HOST:PORT"},
		{[]string{"release", "serve", "out", "--listen", "127.0.0.1:70000"}, exitUsage, "HOST:PORT"},
		{[]string{"release", "serve", "out", "--listen", "127.0.0.1:no-such-service"}, exitUsage, "HOST:PORT"},
		{[]string{"release", "serve", "out", "--listen", "256.0.0.1:1"}, exitInput, "--listen"},
	} {
		require.Equal(t, c.want, h.call(c.args...), "%v\n%s\n%s", c.args, h.out, h.err)
		require.Contains(t, h.err.String(), c.says, "%v", c.args)
	}
	there, err := afero.Exists(h.fs, "x")
	require.NoError(t, err)
	require.False(t, there, "nothing is written by what fails")
}

// Inputs stay as they are, and a second build writes the same.
func TestReleaseLeavesInputsAlone(t *testing.T) {
	h := built(t)
	before := contents(t, h.fs)
	require.Equal(t, exitOK, h.call("release", "build", "demo/good", "-o", "out", "--force"))
	require.Equal(t, exitOK, h.call("release", "verify", "out"))
	require.Equal(t, before, contents(t, h.fs))
}

// One changed byte is found in the file, and in the bundle.
func TestReleaseVerifyFindsDamage(t *testing.T) {
	for _, name := range []string{artifactOne, bundleFile} {
		h := built(t)
		b, err := afero.ReadFile(h.fs, "out/"+name)
		require.NoError(t, err)
		b[len(b)/2] ^= 4
		h.write(t, "out/"+name, b)
		require.Equal(t, exitFindings, h.call("release", "verify", "out"))
		require.Contains(t, h.out.String(), "release-damaged")
		require.Equal(t, exitInput, h.call("release", "serve", "out"))
		require.Contains(t, h.err.String(), name)
	}
}

// A bundle that no longer looks like one is damaged, and no lot passes by it.
func TestReleaseVerifyOfNothing(t *testing.T) {
	h := built(t)
	b, err := afero.ReadFile(h.fs, "out/"+bundleFile)
	require.NoError(t, err)
	b[0] ^= 1
	h.write(t, "out/"+bundleFile, b)
	require.Equal(t, exitFindings, h.call("release", "verify", "out/"+bundleFile))
	require.Contains(t, h.out.String(), "release-damaged")
	require.Contains(t, h.out.String(), "FAIL: 0 of 2 lots passed")
	h.write(t, "out/index.json", []byte(`{"schema": "https://bootsim.dev/schemas/release-index.schema.json", "version": 1, "release": "2.0", "bundle": null, "lots": []}`))
	for _, verb := range []string{"verify", "serve"} {
		require.Equal(t, exitInput, h.call("release", verb, "out"))
		require.Contains(t, h.err.String(), "names no lot")
	}
}

// Devices that read nothing for want of the right key are told of as check does.
func TestReleaseVerifyNamesTheCauseInTheLot(t *testing.T) {
	h := built(t)
	require.Equal(t, exitOK, h.call("demo", "demo2"))
	h.write(t, "lone.bundle", []byte(contents(t, h.fs)["out/"+bundleFile]))
	require.Equal(t, exitFindings, h.call("release", "verify", "--lots", "demo2/broken-other-key-burnt", "lone.bundle"))
	require.Contains(t, h.out.String(), "FAIL  lot-one")
	require.Contains(t, h.out.String(), "error[wrong-key]")
	require.Contains(t, h.out.String(), "encrypted with the key of lot lot-two")
	require.Contains(t, h.out.String(), "PASS  lot-two")
	require.NotContains(t, h.out.String(), "Unicode")
	h.write(t, "again.yaml", []byte("version: 1\nlots_from: demo2/broken-other-key-burnt/bootsim.yaml\nreleases: [{name: a, build: [{app: demo/good/release-2.0/app-2.0.bin}]}]\n"))
	require.Equal(t, exitUsage, h.call("release", "build", "again.yaml", "-o", "x"))
	require.Contains(t, h.err.String(), "no table")
	require.NotContains(t, h.err.String(), "Unicode")
}

// A lot whose key nobody has is not verified, and that is no pass.
func TestReleaseVerifyWithoutKey(t *testing.T) {
	h := built(t)
	b, err := afero.ReadFile(h.fs, "demo/good/bootsim.yaml")
	require.NoError(t, err)
	h.write(t, "demo/good/bootsim.yaml", bytes.Replace(b, []byte("    key: keys/EXAMPLE-flash-key.bin\n"), nil, 1))
	require.Equal(t, exitFindings, h.call("release", "verify", "out"))
	require.Contains(t, h.out.String(), "NO VERDICT  lot-one")
	require.Contains(t, h.out.String(), "not verified: key unknown")
	require.Contains(t, h.out.String(), "PASS  lot-two")
}

// A release that waits to be built is no pass by silence.
func TestCheckTellsOfUnbuiltReleases(t *testing.T) {
	h := built(t)
	require.Equal(t, exitOK, h.call("check", "demo/good/release.yaml"))
	require.Contains(t, h.err.String(), "release 2.0 is not built yet")
}

// lines passes on what is written to it, line by line.
type lines chan string

func (l lines) Write(p []byte) (int, error) {
	l <- string(p)
	return len(p), nil
}

// serving starts the server and returns its address, its log and what ends it.
func serving(t *testing.T, h *harness, args ...string) (url string, logged lines, end func() error) {
	t.Helper()
	started, ended := make(lines, 1), make(chan error, 1)
	logged = make(lines, 10)
	h.stdout, h.stderr = started, logged
	ctx, cancel := context.WithCancel(context.Background())
	go func() { ended <- h.serveUntil(ctx, append([]string{"out", "--listen", "127.0.0.1:0"}, args...)) }()
	select {
	case line := <-started:
		_, url, _ = strings.Cut(strings.TrimSpace(line), " on ")
	case err := <-ended:
		require.NoError(t, err)
	}
	return url, logged, func() error { cancel(); return <-ended }
}

func TestReleaseServe(t *testing.T) {
	h := built(t)
	url, logged, end := serving(t, h)
	res, err := http.Get(url + "/update?lot=lot-one&running=factory&x=%1b[2J")
	require.NoError(t, err)
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	want, err := afero.ReadFile(h.fs, "out/"+artifactOne)
	require.NoError(t, err)
	require.True(t, bytes.Equal(want, body))
	require.Equal(t, "\"GET /update?lot=lot-one&running=factory&x=%1b[2J\": 200\n", <-logged)
	require.NoError(t, end(), "it ends without an error")
	_, err = net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	require.Error(t, err, "nothing listens any more")
}

func TestReleaseServeHTTPS(t *testing.T) {
	h := built(t)
	cert, key, pool := certificates(t)
	h.write(t, "cert.pem", cert)
	h.write(t, "key.pem", key)
	url, _, end := serving(t, h, "--tls-cert", "cert.pem", "--tls-key", "key.pem")
	require.True(t, strings.HasPrefix(url, "https://"))
	client := http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}
	res, err := client.Get(url + "/healthz")
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.Equal(t, http.StatusOK, res.StatusCode)
	client.CloseIdleConnections()
	require.NoError(t, end())
}

// certificates makes a certificate for 127.0.0.1 that signs itself.
func certificates(t *testing.T) (cert, key []byte, pool *x509.CertPool) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	c := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &k.PublicKey, k)
	require.NoError(t, err)
	private, err := x509.MarshalPKCS8PrivateKey(k)
	require.NoError(t, err)
	cert = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	pool = x509.NewCertPool()
	require.True(t, pool.AppendCertsFromPEM(cert))
	return cert, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}), pool
}
