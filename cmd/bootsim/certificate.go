package main

import (
	"crypto/tls"
	"fmt"

	"github.com/spf13/afero"
)

// certificate reads what HTTPS needs; nil when plain HTTP is served.
func (a *app) certificate(f *serveFlags) (*tls.Config, error) {
	if f.cert == "" {
		return nil, nil
	}
	cert, err := afero.ReadFile(a.fs, f.cert)
	if err != nil {
		return nil, err
	}
	key, err := afero.ReadFile(a.fs, f.key)
	if err != nil {
		return nil, err
	}
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		return nil, fmt.Errorf("%s and %s are no certificate with its key: %w", f.cert, f.key, err)
	}
	return &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}, nil
}
