package parttable

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/fixtures/refdata"
)

// Fields read as the reference's parse_int reads them: value or complaint.
func TestNumbers(t *testing.T) {
	var recorded struct {
		Rows []struct {
			Text, Words string
			Value       *int64
			Error       string
		}
	}
	refdata.JSON(t, &recorded, "parttable", "numbers.json")
	words := map[string]keywords{"app": Latest().Profile.words.subtypes[TypeApp]}
	values := 0
	for _, r := range recorded.Rows {
		got, err := number(r.Text, words[r.Words])
		if r.Value == nil {
			require.EqualError(t, err, r.Error, "%q", r.Text)
			continue
		}
		if *r.Value >= maxNumber || *r.Value <= -maxNumber {
			var limit *LimitError
			require.ErrorAs(t, err, &limit, "%q", r.Text)
			continue
		}
		values++
		require.NoError(t, err, "%q", r.Text)
		require.Equal(t, *r.Value, got, "%q", r.Text)
	}
	require.Equal(t, 175, values)
}

// Numbers of any length end in an error, not in a wrong sum.
func TestNumbersTooLarge(t *testing.T) {
	for _, text := range []string{
		strings.Repeat("9", 5000), "0x" + strings.Repeat("f", 5000), "1" + strings.Repeat("k", 5000),
		"1mmmmmm", "281474976710656", "-281474976710656", "0xffffffffffffffff", "274877906944k",
	} {
		_, err := number(text, nil)
		var limit *LimitError
		require.ErrorAs(t, err, &limit, "%.20s", text)
		require.Less(t, len(err.Error()), 200)
	}
	n, err := number("0"+strings.Repeat("m", 5000), nil)
	require.NoError(t, err)
	require.Zero(t, n)
	n, err = number("274877906943k", nil)
	require.NoError(t, err)
	require.EqualValues(t, 274877906943<<10, n)
}
