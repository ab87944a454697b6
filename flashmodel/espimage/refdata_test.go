package espimage_test

import (
	"encoding/hex"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/fixtures/refdata"
	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// report is what esptool prints about an image.
type report struct {
	RC             int
	Stdout, Stderr string
}

// row is an image and esptool 5.3.1's report with "--chip esp32".
type row struct {
	File string
	chip report
}

func recorded(t *testing.T) []row {
	t.Helper()
	var ix struct {
		ImageInfo []struct {
			File string
			V5   report
			Chip any `json:"v5_chip"`
		} `json:"image_info"`
	}
	refdata.JSON(t, &ix, "esptool", "index.json")
	require.Equal(t, 37, len(ix.ImageInfo))
	rows := make([]row, len(ix.ImageInfo))
	for i, r := range ix.ImageInfo {
		rows[i] = row{r.File, r.V5}
		if m, ok := r.Chip.(map[string]any); ok {
			rows[i].chip = report{int(m["rc"].(float64)), m["stdout"].(string), m["stderr"].(string)}
		}
	}
	return rows
}

// value returns what stands behind a key of the report.
func (r report) value(key string) (string, bool) {
	for line := range strings.Lines(r.Stdout) {
		if v, ok := strings.CutPrefix(line, key+": "); ok {
			return strings.TrimSpace(v), true
		}
	}
	return "", false
}

func (r report) want(t *testing.T, key, got string) {
	t.Helper()
	want, ok := r.value(key)
	require.True(t, ok, "no %q in the report", key)
	require.Equal(t, want, got, key)
}

// Everything esptool reports of the images it can read is what Parse reads.
func TestImagesAsReported(t *testing.T) {
	reported := 0
	for _, r := range recorded(t) {
		if r.chip.RC != 0 {
			continue
		}
		reported++
		t.Run(r.File, func(t *testing.T) {
			b := refdata.Read(t, "esptool", r.File)
			im, err := espimage.Parse(b)
			if r.File == "truncated-hash.bin" {
				var format *espimage.FormatError
				require.ErrorAs(t, err, &format)
				require.Equal(t, uint32(len(b)-16), format.Offset)
			} else {
				require.NoError(t, err)
			}
			checkHeader(t, r.chip, im)
			checkExtended(t, r.chip, im)
			checkSegments(t, r.chip, im)
			checkFooter(t, r.chip, im)
			checkDescriptors(t, r.chip, im)
		})
	}
	require.Equal(t, 27, reported)
}

func checkHeader(t *testing.T, r report, im *espimage.Image) {
	r.want(t, "Entry point", fmt.Sprintf("%#x", im.Entry))
	r.want(t, "Segments", strconv.Itoa(int(im.SegmentCount)))
	size, known := im.FlashSize()
	if _, ok := r.value("Flash size"); !ok {
		require.False(t, known)
		require.Equal(t, uint32(2<<20), size, "what a bootloader falls back to")
		require.Contains(t, r.Stdout, fmt.Sprintf("Invalid flash size (%#x)", im.SpeedSize&0xF0))
		require.Contains(t, r.Stdout, fmt.Sprintf("Invalid flash frequency (%#x)", im.Speed()))
		require.Contains(t, r.Stdout, fmt.Sprintf("Invalid flash mode (%d)", im.SPIMode))
		return
	}
	require.True(t, known)
	r.want(t, "Flash size", fmt.Sprintf("%dMB", size>>20))
	r.want(t, "Flash size", im.SizeText(true))
	r.want(t, "Flash freq", strings.TrimSuffix(im.SpeedText(), "Hz")[:2]+"m")
	r.want(t, "Flash mode", im.ModeText())
}

func checkExtended(t *testing.T, r report, im *espimage.Image) {
	pin := fmt.Sprintf("%#x", im.WPPin)
	if im.WPPin == espimage.WPPinDisabled {
		pin += " (disabled)"
	}
	r.want(t, "WP pin", pin)
	d := im.PinDrv
	r.want(t, "Flash pins drive settings", fmt.Sprintf(
		"clk_drv: %#x, q_drv: %#x, d_drv: %#x, cs0_drv: %#x, hd_drv: %#x, wp_drv: %#x",
		d[0]&0xF, d[0]>>4, d[1]&0xF, d[1]>>4, d[2]&0xF, d[2]>>4))
	id, _ := r.value("Chip ID")
	require.Equal(t, strconv.Itoa(int(im.ChipID)), strings.Fields(id)[0])
	r.want(t, "Minimal chip revision", fmt.Sprintf("v%d.%d, (legacy min_rev = %d)",
		im.MinRevFull/100, im.MinRevFull%100, im.MinRev))
	r.want(t, "Maximal chip revision", fmt.Sprintf("v%d.%d", im.MaxRevFull/100, im.MaxRevFull%100))
}

// memoryTypes are esptool's names for the classes.
func memoryTypes() map[espimage.Class]string {
	return map[espimage.Class]string{
		espimage.ClassNone: "", espimage.ClassPadding: "PADDING",
		espimage.ClassDROM: "DROM", espimage.ClassIROM: "IROM",
		espimage.ClassDRAM: "DRAM", espimage.ClassIRAM: "IRAM", espimage.ClassLoaderIRAM: "CACHE_APP",
	}
}

func checkSegments(t *testing.T, r report, im *espimage.Image) {
	lines := regexp.MustCompile(`(?m)^ +(\d+)  0x(\w+)  0x(\w+)  0x(\w+)  (.*)$`).FindAllStringSubmatch(r.Stdout, -1)
	require.Len(t, im.Segments, len(lines))
	for i, s := range im.Segments {
		// esptool pads a segment's data to words before it prints their length.
		require.Equal(t, lines[i][2], fmt.Sprintf("%05x", (s.Length+3)&^3))
		require.Equal(t, lines[i][3], fmt.Sprintf("%08x", s.LoadAddr))
		require.Equal(t, lines[i][4], fmt.Sprintf("%08x", s.HeaderOffset))
		require.Equal(t, s.HeaderOffset+8, s.DataOffset)
		name := memoryTypes()[espimage.ClassOf(s.LoadAddr)]
		require.Contains(t, strings.Split(lines[i][5], ", "), name, "0x%08x", s.LoadAddr)
	}
}

func checkFooter(t *testing.T, r report, im *espimage.Image) {
	sum := fmt.Sprintf("0x%02x (valid)", im.StoredChecksum)
	if !im.ChecksumOK() {
		sum = fmt.Sprintf("0x%02x (invalid - calculated 0x%02x)", im.StoredChecksum, im.Checksum)
	}
	r.want(t, "Checksum", sum)
	hash, ok := r.value("Validation hash")
	require.Equal(t, ok, im.HashAppended == 1)
	if ok {
		verdict := map[bool]string{true: "valid", false: "invalid"}[im.HashOK()]
		// esptool prints the hash as it should be.
		require.Equal(t, hash, hex.EncodeToString(im.Hash[:])+" ("+verdict+")")
	}
}

func checkDescriptors(t *testing.T, r report, im *espimage.Image) {
	_, app := r.value("Project name")
	_, boot := r.value("Bootloader version")
	require.Equal(t, app, im.App != nil, "application descriptor")
	require.Equal(t, boot, im.Boot != nil, "bootloader descriptor")
	if d := im.App; d != nil {
		r.want(t, "Project name", d.Project)
		r.want(t, "App version", d.Version)
		r.want(t, "Compile time", d.Date+" "+d.Time)
		r.want(t, "ELF file SHA256", hex.EncodeToString(d.ELFSHA256[:]))
		r.want(t, "ESP-IDF", d.IDFVersion)
		r.want(t, "Secure version", strconv.Itoa(int(d.SecureVersion)))
		r.want(t, "Minimal eFuse block revision", fmt.Sprintf("%d.%d", d.MinBlockRev/100, d.MinBlockRev%100))
	}
	if d := im.Boot; d != nil {
		r.want(t, "Bootloader version", strconv.Itoa(int(d.Version)))
		r.want(t, "ESP-IDF", d.IDFVersion)
		r.want(t, "Compile time", d.DateTime)
	}
}
