package update_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/emu/idf"
	"github.com/bootsim/bootsim/emu/update"
)

func version(t *testing.T, s string) idf.Version {
	t.Helper()
	v, err := idf.Parse(s)
	require.NoError(t, err)
	return v
}

// Every updater that ships can be named, and its spec names the same again.
func TestNamesAndSpecs(t *testing.T) {
	for _, k := range update.Kinds() {
		u, kind, o, err := update.Named(k.Name+",anti-rollback,sequential,shy", version(t, "v4.4.8"))
		require.NoError(t, err)
		require.Equal(t, k.Name, kind.Name)
		_, _, again, err := update.Named(o.Spec(k.Name), version(t, "v3.1"))
		require.NoError(t, err)
		require.Equal(t, o, again)
		require.NotEmpty(t, u.Name())
	}
	var name *update.NameError
	_, _, _, err := update.Named("ota", version(t, "v3.1"))
	require.ErrorAs(t, err, &name)
	_, _, _, err = update.Named("esp-ota,quick", version(t, "v3.1"))
	require.ErrorAs(t, err, &name)
	var parse *idf.ParseError
	_, _, _, err = update.Named("esp-ota,idf=soon", version(t, "v3.1"))
	require.ErrorAs(t, err, &parse)
}

func TestOfferPrefersTheSlotsOwnFile(t *testing.T) {
	o := update.Offer{Files: []update.File{{Data: []byte{1}}, {Slot: "ota_1", Data: []byte{2}}, {Slot: "ota_1", Data: []byte{3}, Encrypted: true}}}
	for _, c := range []struct {
		slot      string
		encrypted bool
		want      byte
	}{{"ota_0", false, 1}, {"ota_1", false, 2}, {"ota_1", true, 3}, {"ota_0", true, 0}} {
		f, ok := o.For(c.slot, c.encrypted)
		require.Equal(t, c.want != 0, ok)
		if ok {
			require.Equal(t, []byte{c.want}, f.Data)
		}
	}
}

func TestRecordingsAreChecked(t *testing.T) {
	_, err := update.ParseRecorded([]byte("{\"op\":\"erase\",\"addr\":4096,\"size\":4096}\n\n{\"op\":\"burn\",\"addr\":3,\"data\":\"00000001\"}\n{\"op\":\"restart\"}\n"))
	require.NoError(t, err)
	for _, bad := range []string{"", "[]", "{\"op\":\"erase\"}", "{\"op\":\"program\",\"data\":\"xy\"}", "{\"op\":\"program\"}", "{\"op\":\"burn\",\"addr\":9,\"data\":\"00000000\"}",
		"{\"op\":\"burn\",\"addr\":3,\"data\":\"00\"}", "{\"op\":\"melt\"}", "{\"op\":\"restart\",\"when\":1}", "{\"op\":\"erase\",\"addr\":-1,\"size\":1}",
		"{\"op\":\"restart\"}{\"op\":\"restart\"}", "{\"op\":\"restart\"} and so on"} {
		var e *update.RecordError
		_, err := update.ParseRecorded([]byte(bad))
		require.ErrorAs(t, err, &e, bad)
		require.Equal(t, 1, e.Line)
	}
}

// A recording that is too long, or goes on where it never comes to, is refused at
// that line; one line may hold a program of a whole application.
func TestRecordingsAreBounded(t *testing.T) {
	chip := "{\"op\":\"erase\",\"addr\":0,\"size\":16777216}\n"
	for text, line := range map[string]int{
		strings.Repeat(chip, 100):                                          68,
		strings.Repeat("{\"op\":\"erase\",\"size\":1}\n", 1<<17):           1<<16 + 1,
		"{\"op\":\"restart\"}\n\n" + chip:                                  3,
		chip + "{\"op\":\"" + strings.Repeat("x", 40<<20) + "\"}\n" + chip: 2,
	} {
		var e *update.RecordError
		_, err := update.ParseRecorded([]byte(text))
		require.ErrorAs(t, err, &e)
		require.Equal(t, line, e.Line, "%.200v", err)
	}
	_, err := update.ParseRecorded([]byte("{\"op\":\"program\",\"data\":\"" + strings.Repeat("00", 2<<20) + "\"}"))
	require.NoError(t, err)
}

// An updater of one's own is one type with two methods, or one function.
func ExampleFunc() {
	u := update.Func("blink-and-write", func(d *update.Device) error {
		if d.UpToDate {
			return nil // the new application runs: nothing is left to do
		}
		if err := d.Erase(0x110000, 0x1000); err != nil {
			return err // the power is gone, or the flash refused: just return
		}
		if err := d.WriteEncrypted(0x110000, d.Offer.Files[0].Data); err != nil {
			return err
		}
		return update.ErrRestart
	})
	fmt.Println(u.Name())
	// Output: blink-and-write
}
