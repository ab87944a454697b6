package release_test

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/check"
	"github.com/bootsim/bootsim/bootsim/model"
	"github.com/bootsim/bootsim/bootsim/release"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/ota"
	"github.com/bootsim/bootsim/flashmodel/espimage"
	"github.com/bootsim/bootsim/flashmodel/otadata"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// board is a device of a lot in the field, which boots, asks and updates.
type board struct {
	lot     *bootsim.Lot
	device  *emu.Device
	booter  emu.Booter
	running *emu.App
	table   *parttable.Table
}

func newBoard(t require.TestingT, lot *bootsim.Lot) *board {
	f, err := check.Build(lot)
	require.NoError(t, err)
	vs, _, err := model.Engine{}.Variants(lot, f.Device, false)
	require.NoError(t, err)
	b := &board{lot: lot, device: f.Device.Fork(), booter: vs[0].Booter}
	b.reset(t)
	b.table, err = ota.Table(b.device, check.TableOffset(lot))
	require.NoError(t, err)
	return b
}

func (b *board) reset(t require.TestingT) {
	out := b.booter.Boot(b.device)
	require.Equal(t, emu.EndApp, out.End)
	b.running = out.App
	b.device.Cause = emu.ResetSoftware
}

// slot is what esp_ota_get_next_update_partition tells.
func (b *board) slot() (*ota.App, int, error) {
	app := &ota.App{Device: b.device, Table: b.table, Era: otadata.EraState}
	x, err := app.Next(b.running.Slot)
	return app, x, err
}

// install writes a download and boots it.
func (b *board) install(t require.TestingT, data []byte, raw bool) {
	app, x, err := b.slot()
	require.NoError(t, err)
	require.NoError(t, app.Write(app.Slots()[x], data, raw))
	require.NoError(t, app.SetBoot(x))
	want := app.Slots()[x]
	b.reset(t)
	require.Equal(t, want.Name(), b.running.Label)
	require.Equal(t, want.Offset, b.running.Offset)
	require.Equal(t, "2.0", b.version())
}

func (b *board) version() string {
	head := make([]byte, espimage.DescOffset+espimage.AppDescSize)
	b.device.Cached().Read(b.running.Offset, head)
	if d, ok := espimage.DecodeAppDesc(head); ok {
		return d.Version
	}
	return ""
}

// answer is what the server said.
type answer struct {
	code   int
	header http.Header
	body   []byte
}

// get asks the server.
func get(t require.TestingT, url string, headers ...string) answer {
	req, err := http.NewRequest(http.MethodGet, url, nil)
	require.NoError(t, err)
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return answer{res.StatusCode, res.Header, body}
}

func serve(t *testing.T, f *release.Folder) string {
	t.Helper()
	s, err := release.NewServer(f)
	require.NoError(t, err)
	h := httptest.NewServer(s)
	t.Cleanup(h.Close)
	return h.URL
}

// The thread's first option: the device tells lot and running partition, by
// label or address, in the query or in headers.
func TestDevicesUpdateFromTheServer(t *testing.T) {
	w := newWorld(t)
	url := serve(t, w.open(t))
	one, two := newBoard(t, &w.plan.Lots[0]), newBoard(t, &w.plan.Lots[1])
	var path []string
	for i := range 5 {
		address := fmt.Sprintf("0x%x", two.running.Offset)
		res := get(t, fmt.Sprintf("%s/update?lot=lot-two&running=%s", url, []string{two.running.Label, address}[i%2]))
		require.Equal(t, http.StatusOK, res.code)
		app, x, err := two.slot()
		require.NoError(t, err)
		require.Equal(t, app.Slots()[x].Name(), res.header.Get("X-Target-Label"))
		require.Equal(t, fmt.Sprintf("0x%x", app.Slots()[x].Offset), res.header.Get("X-Target-Address"))
		two.install(t, res.body, res.header.Get("X-Encrypted") == "true")
		path = append(path, two.running.Label)
	}
	require.Equal(t, []string{"ota_1", "ota_0", "ota_1", "ota_0", "ota_1"}, path)

	require.Equal(t, emu.SlotFactory, one.running.Slot)
	res := get(t, url+"/update", "X-Lot", "lot-one", "X-Running", one.running.Label)
	require.Equal(t, http.StatusOK, res.code)
	one.install(t, res.body, res.header.Get("X-Encrypted") == "true")
	_, _, err := one.slot()
	require.Error(t, err, "the only slot runs")
	res = get(t, url+"/update", "X-Lot", "lot-one", "X-Running", one.running.Label)
	require.Equal(t, http.StatusNoContent, res.code)
	require.Contains(t, res.header.Get("X-Reason"), "while factory runs")
}

// Lot one takes its file from an SD card, again and again: the app erases
// otadata to get the factory app back, which writes the only slot anew.
func TestLotOneUpdatesFromSDCard(t *testing.T) {
	w := newWorld(t)
	card := w.open(t)
	b := newBoard(t, &w.plan.Lots[0])
	data, ok := b.table.OTAData()
	require.True(t, ok)
	for range 3 {
		require.Equal(t, emu.SlotFactory, b.running.Slot)
		b.install(t, card.Files[fileOne], true)
		require.Equal(t, uint32(0x60000), b.running.Offset)
		require.NoError(t, b.device.Flash.EraseRange(data.Offset, data.Size))
		b.reset(t)
	}
}

// fromStream reads a bundle as it arrives, by docs/bundle.md: header, entries,
// then skips to the image. It keeps no more than header, one entry and image.
func fromStream(t require.TestingT, r io.Reader, lot, address uint32) (image []byte, raw bool) {
	le := binary.LittleEndian
	head := make([]byte, 64)
	_, err := io.ReadFull(r, head)
	require.NoError(t, err)
	require.Equal(t, "BSBUNDLE", string(head[:8]))
	require.Equal(t, uint16(1), le.Uint16(head[8:]))
	stored := le.Uint32(head[60:])
	byAddress := le.Uint32(head[16:])&1 != 0
	clear(head[60:])
	sum, at := crc32.ChecksumIEEE(head), uint32(le.Uint16(head[10:]))
	var found []byte
	for range le.Uint16(head[14:]) {
		e := make([]byte, le.Uint16(head[12:]))
		_, err := io.ReadFull(r, e)
		require.NoError(t, err)
		sum, at = crc32.Update(sum, crc32.IEEETable, e), at+uint32(len(e))
		if le.Uint32(e[4:]) == address && (byAddress || le.Uint32(e) == lot) {
			found = e
		}
	}
	require.Equal(t, stored, sum)
	require.NotNil(t, found)
	_, err = io.CopyN(io.Discard, r, int64(le.Uint32(found[24:])-at))
	require.NoError(t, err)
	image = make([]byte, le.Uint32(found[28:]))
	_, err = io.ReadFull(r, image)
	require.NoError(t, err)
	return image, found[69]&1 != 0
}

// The thread's second option: one file for all, of which a device takes what is
// for the slot that it is about to write.
func TestDevicesUpdateFromTheBundle(t *testing.T) {
	w := newWorld(t)
	url := serve(t, w.open(t))
	for i := range w.plan.Lots {
		b := newBoard(t, &w.plan.Lots[i])
		for range 4 {
			app, x, err := b.slot()
			if err != nil {
				break
			}
			res, err := http.Get(url + "/bundle")
			require.NoError(t, err)
			image, raw := fromStream(t, res.Body, w.built.Index.Lots[i].ID, app.Slots()[x].Offset)
			require.NoError(t, res.Body.Close())
			b.install(t, image, raw)
		}
		require.Equal(t, "2.0", b.version())
	}
}

// Any fleet updates itself through the server, whatever runs.
func TestAnyFleetUpdatesItself(t *testing.T) {
	w := newWorld(t)
	app := w.plan.Releases[0].Build[0]
	rapid.Check(t, func(rt *rapid.T) {
		l := fleetLot(rt, 0)
		app := app
		app.Data = smallApp()
		built, err := release.Build([]bootsim.Lot{l}, &bootsim.Release{Name: "2.0", Build: []bootsim.Source{app}}, release.Options{Engine: model.Engine{}})
		require.NoError(rt, err)
		f := &release.Folder{Index: &built.Index, Files: map[string][]byte{}}
		for _, c := range built.Files {
			f.Files[c.Name] = c.Data
		}
		s, err := release.NewServer(f)
		require.NoError(rt, err)
		b := newBoard(rt, &l)
		for range rapid.IntRange(1, 4).Draw(rt, "updates") {
			req := httptest.NewRequest(http.MethodGet, "/update", nil)
			req.Header.Set("X-Lot", fmt.Sprintf("0x%08x", built.Index.Lots[0].ID)) // its name is no header
			req.Header.Set("X-Running", strconv.Itoa(int(b.running.Offset)))
			res := httptest.NewRecorder()
			s.ServeHTTP(res, req)
			if _, _, err := b.slot(); err != nil {
				require.Equal(rt, http.StatusNoContent, res.Code)
				return
			}
			require.Equal(rt, http.StatusOK, res.Code, res.Body.String())
			b.install(rt, res.Body.Bytes(), res.Header().Get("X-Encrypted") == "true")
		}
	})
}
