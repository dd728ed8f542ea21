package config

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
)

// TLS says how to know a server, and how to be known by it. Its presence in the file, even empty, turns TLS on.
type TLS struct {
	// CAFile has the certificates, in PEM, that the server's must lead to; empty: the system's.
	CAFile string `yaml:"ca_file"`
	// CertFile and KeyFile, both or neither, are what a client shows of itself, in PEM.
	CertFile string `yaml:"cert_file"`
	KeyFile  string `yaml:"key_file"`
}

// Client makes the settings of a TLS client, of version 1.2 or later; nil when t is nil, which is no TLS. It reads
// the files anew at each call. Servers are always verified.
func (t *TLS) Client() (*tls.Config, error) {
	if t == nil {
		return nil, nil
	}
	roots, err := t.roots()
	if err != nil {
		return nil, err
	}
	certificates, err := t.certificates()
	if err != nil {
		return nil, err
	}
	return &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots, Certificates: certificates}, nil
}

var errNoCertificate = errors.New("there is no certificate in it")

// maxRoots is the most bytes a file of certificates may have; the public web's all fit in a quarter of it.
const maxRoots = 1 << 20

func (t *TLS) roots() (*x509.CertPool, error) {
	if t.CAFile == "" {
		return nil, nil
	}
	pem, err := readBounded(t.CAFile, maxRoots)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, errNoCertificate
	}
	return pool, nil
}

func (t *TLS) certificates() ([]tls.Certificate, error) {
	if t.CertFile == "" {
		return nil, nil
	}
	pair, err := tls.LoadX509KeyPair(t.CertFile, t.KeyFile)
	if err != nil {
		return nil, err
	}
	return []tls.Certificate{pair}, nil
}
