package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/pflag"

	"github.com/bootsim/bootsim/bootsim/release"
)

const releaseServeAbout = `Answers devices from a release folder: GET /update?lot=NAME&running=LABEL gives the file
that goes into the slot to update, GET /bundle the bundle, GET /index.json the index.
docs/release.md describes requests and answers. Files are read and compared with the
index once, at the start. Interrupt ends it when the answers under way are sent.`

// Times after which a connection is closed. A device on a slow line takes
// minutes for a file.
const (
	headerTime = 10 * time.Second
	answerTime = 15 * time.Minute
	idleTime   = time.Minute
	endTime    = 10 * time.Second
	maxHeaders = 16 << 10 // bytes
)

type serveFlags struct{ listen, cert, key string }

func (a *app) releaseServe(args []string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return a.serveUntil(ctx, args)
}

// serveUntil serves until a context ends.
func (a *app) serveUntil(ctx context.Context, args []string) error {
	var f serveFlags
	fs := pflag.NewFlagSet("release serve DIR", pflag.ContinueOnError)
	fs.StringVar(&f.listen, "listen", "127.0.0.1:8080", "`ADDRESS` to listen on; loopback unless you say otherwise")
	fs.StringVar(&f.cert, "tls-cert", "", "certificate `FILE` (PEM): serve HTTPS")
	fs.StringVar(&f.key, "tls-key", "", "private key `FILE` (PEM) of the certificate")
	if more, err := a.parse(fs, args, releaseServeAbout); !more {
		return err
	}
	if fs.NArg() != 1 {
		return usagef("release serve takes one release folder")
	}
	if (f.cert == "") != (f.key == "") {
		return usagef("--tls-cert and --tls-key go together")
	}
	if err := listenable(f.listen); err != nil {
		return err
	}
	folder, err := release.Open(a.fs, fs.Arg(0))
	if err != nil {
		return err
	}
	handler, err := release.NewServer(folder)
	if err != nil {
		return err
	}
	return a.serve(ctx, handler, folder, &f)
}

// listenable tells whether an address has the form HOST:PORT. Whether it can be
// had is known when it is listened on.
func listenable(address string) error {
	_, port, err := net.SplitHostPort(address)
	if err == nil {
		_, err = net.LookupPort("tcp", port)
	}
	if err != nil {
		return usagef("--listen %s: name HOST:PORT, such as 127.0.0.1:8080 or :8080", address)
	}
	return nil
}

// serve listens and answers.
func (a *app) serve(ctx context.Context, handler http.Handler, folder *release.Folder, f *serveFlags) error {
	tls, err := a.certificate(f)
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", f.listen)
	if err != nil {
		return fmt.Errorf("--listen %s: %w", f.listen, err)
	}
	logger := log.New(a.stderr, "", 0)
	s := &http.Server{Handler: logged(handler, logger), ErrorLog: logger, TLSConfig: tls, MaxHeaderBytes: maxHeaders,
		ReadHeaderTimeout: headerTime, ReadTimeout: headerTime, WriteTimeout: answerTime, IdleTimeout: idleTime}
	scheme, run := "http", func() error { return s.Serve(l) }
	if tls != nil {
		scheme, run = "https", func() error { return s.ServeTLS(l, "", "") }
	}
	fmt.Fprintf(a.stdout, "serving release %s from %s on %s://%s\n", folder.Index.Release, folder.Dir, scheme, l.Addr())
	ended := make(chan error, 1)
	go func() { ended <- run() }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	// The context that ended must not cut off the answers under way.
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTime)
	defer cancel()
	if err := s.Shutdown(last); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}

// statusWriter remembers how a request was answered.
type statusWriter struct {
	http.ResponseWriter
	status int
}

// WriteHeader passes the status on.
func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// logged writes a line for every request; what a device sends is quoted.
func logged(h http.Handler, l *log.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		h.ServeHTTP(s, r)
		l.Printf("%q: %d", r.Method+" "+r.URL.RequestURI(), s.status)
	})
}
