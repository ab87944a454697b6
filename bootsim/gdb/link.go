package gdb

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
)

// link is the connection: packets in "$…#xx" with acknowledgements. Bytes are
// read by a goroutine of their own, so that an interrupt is seen while the
// machine runs.
type link struct {
	w      io.Writer
	bytes  chan byte
	mu     sync.Mutex
	err    error
	queued []byte // read while the machine ran
}

func newLink(conn io.ReadWriter) *link {
	l := &link{w: conn, bytes: make(chan byte, 4096)}
	go func() {
		defer close(l.bytes)
		var buf [4096]byte
		for {
			n, err := conn.Read(buf[:])
			for _, b := range buf[:n] {
				l.bytes <- b
			}
			if err != nil {
				return
			}
		}
	}()
	return l
}

func (l *link) next() (byte, bool) {
	if len(l.queued) > 0 {
		b := l.queued[0]
		l.queued = l.queued[1:]
		return b, true
	}
	b, ok := <-l.bytes
	return b, ok
}

// maxPacket bounds a packet, in bytes.
const maxPacket = 0x8000

// receive returns the next packet whose sum is right; false at the end of the
// connection.
func (l *link) receive() (string, bool) {
	for {
		b, ok := l.next()
		if !ok {
			return "", false
		}
		if b != '$' {
			continue // acknowledgements, and an interrupt of what stands still
		}
		p, sum, ok := l.body()
		if !ok {
			return "", false
		}
		if checksum(p) != sum {
			l.write("-")
			continue
		}
		l.write("+")
		return p, true
	}
}

func (l *link) body() (p string, sum byte, ok bool) {
	var b strings.Builder
	for b.Len() < maxPacket {
		c, ok := l.next()
		if !ok {
			return "", 0, false
		}
		if c == '#' {
			h, ok1 := l.next()
			t, ok2 := l.next()
			v, err := strconv.ParseUint(string([]byte{h, t}), 16, 8)
			if err != nil {
				v = 256 - uint64(checksum(b.String())) // a sum that cannot be right
			}
			return b.String(), byte(v), ok1 && ok2
		}
		b.WriteByte(c)
	}
	return "", 0, false
}

// interrupted tells whether gdb sent an interrupt, without waiting.
func (l *link) interrupted() bool {
	for {
		select {
		case b, ok := <-l.bytes:
			if !ok || b == 3 {
				return true
			}
			l.queued = append(l.queued, b)
		default:
			return false
		}
	}
}

// send sends packets, which a zero byte parts.
func (l *link) send(text string) {
	for _, p := range strings.Split(text, "\x00") {
		l.write(fmt.Sprintf("$%s#%02x", p, checksum(p)))
	}
}

func (l *link) write(s string) {
	if _, err := io.WriteString(l.w, s); err != nil {
		l.mu.Lock()
		l.err = err
		l.mu.Unlock()
	}
}

func (l *link) failure() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err
}

func checksum(p string) (sum byte) {
	for i := range len(p) {
		sum += p[i]
	}
	return sum
}
