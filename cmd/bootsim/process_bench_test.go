//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/fixtures/lot"
	"github.com/bootsim/bootsim/flashmodel/crypt"
)

// BenchmarkProcess times the command as its users start it: the process with
// everything, from its start to its end. ns/op is the mean of the runs, "least" that
// of the fastest one, "cpu" what the processor spent on one, "rss" the most
// memory that one held. On Linux a process inherits that of its parent for the
// moment before it starts, so that rss is at least that of the benchmark itself.
//
// BOOTSIM_BENCH names another binary to be timed, for comparisons.
func BenchmarkProcess(b *testing.B) {
	dir := b.TempDir()
	binary := os.Getenv("BOOTSIM_BENCH")
	if binary == "" {
		binary = filepath.Join(dir, "bootsim")
		out, err := exec.Command("go", "build", "-trimpath", "-o", binary, ".").CombinedOutput()
		require.NoError(b, err, string(out))
	}
	writeProcessFiles(b, dir)
	for _, c := range []struct {
		name string
		args []string
	}{
		{"start", []string{"version"}},
		{"check lot of 4MB", []string{"check", "dump.bin", "--key", "key.bin"}},
		{"check demo", []string{"check"}},
		{"espsecure encrypt 4MB", []string{"espsecure", "encrypt-flash-data", "--keyfile", "key.bin", "--address", "0x10000", "-o", "out.bin", "plain.bin"}},
		{"espsecure decrypt 4MB", []string{"espsecure", "decrypt-flash-data", "--keyfile", "key.bin", "--address", "0x10000", "-o", "out.bin", "plain.bin"}},
	} {
		b.Run(c.name, func(b *testing.B) { timeProcess(b, dir, binary, c.args) })
	}
}

func timeProcess(b *testing.B, dir, binary string, args []string) {
	least, cpu, rss := time.Duration(1<<62), time.Duration(0), int64(0)
	n := 0
	for b.Loop() {
		cmd := exec.Command(binary, args...)
		cmd.Dir = dir
		start := time.Now()
		out, err := cmd.CombinedOutput()
		least = min(least, time.Since(start))
		if err != nil {
			b.Fatalf("%v: %v\n%s", args, err, out)
		}
		cpu += cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
		rss = max(rss, maxRSS(cmd.ProcessState))
		n++
	}
	b.ReportMetric(float64(least.Microseconds())/1000, "least-ms")
	b.ReportMetric(float64(cpu.Microseconds())/1000/float64(n), "cpu-ms")
	b.ReportMetric(float64(rss)/(1<<20), "rss-MB")
}

// maxRSS is the most memory that a process held, in bytes.
func maxRSS(p *os.ProcessState) int64 {
	u, ok := p.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	rss := int64(u.Maxrss) //nolint:unconvert // 32 bits wide on some systems
	if runtime.GOOS == "darwin" {
		return rss
	}
	return rss << 10
}

// writeProcessFiles writes what the processes work on: 4 MiB to encrypt, a key,
// and the flash of an encrypted device of 4 MB with two apps of 1 MiB.
func writeProcessFiles(b *testing.B, dir string) {
	raw := lot.Filler(7, 32)
	key, err := crypt.ParseKey(raw)
	require.NoError(b, err)
	app := lot.App(lot.AppSpec{Version: "1", Size: 1 << 20})
	dump := make([]byte, 4<<20)
	for i := range dump {
		dump[i] = 0xFF
	}
	table := "nvs,data,nvs,0x9000,16K,\notadata,data,ota,0xd000,8K,\nfactory,app,factory,0x10000,1280K,\nota_0,app,ota_0,0x150000,1280K,\n"
	for addr, data := range map[uint32][]byte{
		0x1000: lot.Bootloader(lot.BootloaderSpec{IDF: "v5.1.7", FlashEncryption: true}), 0x8000: lot.Table(table),
		0xd000: lot.OTAData(lot.Blank(), lot.Blank()), 0x10000: app, 0x150000: app,
	} {
		copy(dump[addr:], lot.Encrypt(key, crypt.FullConfig, addr, data))
	}
	for name, data := range map[string][]byte{"key.bin": raw, "plain.bin": lot.Filler(8, 4<<20), "dump.bin": dump} {
		require.NoError(b, os.WriteFile(filepath.Join(dir, name), data, 0o600))
	}
}
