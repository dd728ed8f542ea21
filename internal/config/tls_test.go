package config

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// selfSigned writes a certificate for 127.0.0.1 and its key into dir, as cert.pem and key.pem.
func selfSigned(t *testing.T, dir string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "kawat"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for name, block := range map[string]*pem.Block{
		"cert.pem": {Type: "CERTIFICATE", Bytes: cert}, "key.pem": {Type: "PRIVATE KEY", Bytes: secret},
	} {
		if err := os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTLSClientKnowsItsServer(t *testing.T) {
	path := written(t, "nats: {tls: {ca_file: cert.pem, cert_file: cert.pem, key_file: key.pem}}\nredis: {tls: {}}\n")
	selfSigned(t, filepath.Dir(path))
	c, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	ours, err := c.NATS.TLS.Client()
	if err != nil {
		t.Fatal(err)
	}
	system, err := c.Redis.TLS.Client()
	if err != nil || system == nil {
		t.Fatalf("tls: {} gives %v, %v", system, err)
	}
	if none, err := (*TLS)(nil).Client(); none != nil || err != nil {
		t.Errorf("no section gives %v, %v", none, err)
	}

	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{
		Certificates: ours.Certificates, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: ours.RootCAs,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			io.WriteString(conn, "hello")
			conn.Close()
		}
	}()
	conn, err := tls.Dial("tcp", listener.Addr().String(), ours)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if said, err := io.ReadAll(conn); err != nil || string(said) != "hello" {
		t.Errorf("%q, %v", said, err)
	}
	if conn, err := tls.Dial("tcp", listener.Addr().String(), system); err == nil {
		conn.Close()
		t.Error("a server that nobody vouches for was believed")
	}
}
