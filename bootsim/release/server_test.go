package release_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim/release"
)

func TestAnswers(t *testing.T) {
	w := newWorld(t)
	s, err := release.NewServer(w.open(t))
	require.NoError(t, err)
	two1 := w.data(t, fileTwo1)
	tag := `"` + sum(two1) + `"`
	for name, c := range map[string]struct {
		method, target string
		headers        []string
		code           int
		body           string // the whole, if it is not empty
	}{
		"update":               {"GET", "/update?lot=lot-two&running=ota_0", nil, 200, string(two1)},
		"by address":           {"GET", "/update?lot=lot-two&running=0x10000", nil, 200, string(two1)},
		"by decimal address":   {"GET", "/update?lot=lot-two&running=65536", nil, 200, string(two1)},
		"by lot id":            {"GET", "/update?lot=0x395d7129&running=ota_0", nil, 200, string(two1)},
		"by headers":           {"GET", "/update", []string{"X-Lot", "lot-two", "X-Running", "ota_0"}, 200, string(two1)},
		"a part":               {"GET", "/update?lot=lot-two&running=ota_0", []string{"Range", "bytes=16-31"}, 206, string(two1[16:32])},
		"a part of that file":  {"GET", "/update?lot=lot-two&running=ota_0", []string{"Range", "bytes=16-31", "If-Range", tag}, 206, string(two1[16:32])},
		"of another file":      {"GET", "/update?lot=lot-two&running=ota_0", []string{"Range", "bytes=16-31", "If-Range", `"x"`}, 200, string(two1)},
		"past the end":         {"GET", "/update?lot=lot-two&running=ota_0", []string{"Range", "bytes=999999-"}, 416, ""},
		"known":                {"GET", "/update?lot=lot-two&running=ota_0", []string{"If-None-Match", tag}, 304, ""},
		"of another version":   {"GET", "/update?lot=lot-two&running=ota_0&version=1.5", nil, 200, string(two1)},
		"of this version":      {"GET", "/update?lot=lot-two&running=ota_0&version=2.0", nil, 204, ""},
		"only slot":            {"GET", "/update?lot=lot-one&running=ota_0", nil, 204, ""},
		"size alone":           {"HEAD", "/update?lot=lot-two&running=ota_0", nil, 200, ""},
		"no lot":               {"GET", "/update?running=ota_0", nil, 400, ""},
		"no partition":         {"GET", "/update?lot=lot-two", nil, 400, ""},
		"two lots":             {"GET", "/update?lot=lot-two&lot=lot-one&running=ota_0", nil, 400, ""},
		"two partitions":       {"GET", "/update?lot=lot-two&running=ota_0&running=ota_1", nil, 400, ""},
		"two versions":         {"GET", "/update?lot=lot-two&running=ota_0&version=1&version=2.0", nil, 400, ""},
		"two lots in headers":  {"GET", "/update?running=ota_0", []string{"X-Lot", "lot-two", "X-Lot", "lot-one"}, 400, ""},
		"unknown lot":          {"GET", "/update?lot=lot-three&running=ota_0", nil, 404, ""},
		"unknown partition":    {"GET", "/update?lot=lot-two&running=factory", nil, 404, ""},
		"unknown address":      {"GET", "/update?lot=lot-two&running=0x20000", nil, 404, ""},
		"wild address":         {"GET", "/update?lot=lot-two&running=-0x10000", nil, 404, ""},
		"bundle":               {"GET", "/bundle", nil, 200, string(w.data(t, fileAll))},
		"index":                {"GET", "/index.json", nil, 200, string(w.data(t, release.IndexFile))},
		"file":                 {"GET", "/files/" + fileOne, nil, 200, string(w.data(t, fileOne))},
		"configuration":        {"GET", "/files/bootsim.yaml", nil, 404, ""},
		"key":                  {"GET", "/files/..%2Fdemo%2Fkeys%2FEXAMPLE-flash-key.bin", nil, 404, ""},
		"path":                 {"GET", "/files/%2e%2e/demo/keys/EXAMPLE-flash-key.bin", nil, 404, ""},
		"no list":              {"GET", "/files/", nil, 404, ""},
		"nothing else":         {"GET", "/", nil, 404, ""},
		"alive":                {"GET", "/healthz", nil, 200, "ok\n"},
		"nothing can be sent":  {"POST", "/update?lot=lot-two&running=ota_0", nil, 405, ""},
		"nothing can be taken": {"DELETE", "/bundle", nil, 405, ""},
	} {
		req := httptest.NewRequest(c.method, c.target, nil)
		for i := 0; i < len(c.headers); i += 2 {
			req.Header.Add(c.headers[i], c.headers[i+1])
		}
		res := httptest.NewRecorder()
		s.ServeHTTP(res, req)
		if res.Code == http.StatusTemporaryRedirect || res.Code == http.StatusMovedPermanently {
			res.Code = 404 // the mux cleans a path; what it leads to is not served either
		}
		require.Equal(t, c.code, res.Code, name)
		if c.body != "" {
			require.True(t, c.body == res.Body.String(), name)
		}
		if strings.HasPrefix(c.target, "/update") && c.code == 200 {
			require.Equal(t, tag, res.Header().Get("ETag"), name)
			require.Equal(t, "ota_1", res.Header().Get("X-Target-Label"), name)
			require.Equal(t, "0x1d0000", res.Header().Get("X-Target-Address"), name)
			require.Equal(t, "true", res.Header().Get("X-Encrypted"), name)
			require.Equal(t, "2.0", res.Header().Get("X-Version"), name)
		}
	}
}

// A file without a version goes to whoever asks: a request that tells none is
// not one that tells the same.
func TestFileWithoutVersionIsSent(t *testing.T) {
	f := newWorld(t).open(t)
	for i := range f.Index.Lots {
		for _, u := range f.Index.Lots[i].Updates {
			if u.Artifact != nil {
				u.Artifact.Version = ""
			}
		}
	}
	s, err := release.NewServer(f)
	require.NoError(t, err)
	res := httptest.NewRecorder()
	s.ServeHTTP(res, httptest.NewRequest(http.MethodGet, "/update?lot=lot-two&running=ota_0", nil))
	require.Equal(t, http.StatusOK, res.Code)
}

// An index answers a device in one way: two updates from one partition are none.
func TestIndexNamesAPartitionOnce(t *testing.T) {
	x, err := release.DecodeIndex(newWorld(t).data(t, release.IndexFile))
	require.NoError(t, err)
	x.Lots[1].Updates = append(x.Lots[1].Updates, x.Lots[1].Updates[0])
	b, err := x.Encode()
	require.NoError(t, err)
	_, err = release.DecodeIndex(b)
	require.ErrorContains(t, err, "two updates from 0x00010000")
}

// A folder that is not what was built is not served.
func TestDamagedFolderIsNotServed(t *testing.T) {
	w := newWorld(t)
	for _, name := range []string{fileOne, fileAll} {
		_, err := release.NewServer(w.edited(t, name, flipped(w.data(t, name), 7), false))
		var damaged *release.DamagedError
		require.ErrorAs(t, err, &damaged)
		require.Contains(t, err.Error(), name)
	}
}
