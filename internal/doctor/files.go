package doctor

import (
	"crypto/x509"
	"encoding/pem"
	"os"

	"kawat/internal/config"
)

// files looks at the files that the configuration names; that they can be read, config.Load has tried.
func (r *report) files(g Gateway) {
	c := g.Config
	secrets := []named{
		{"nats.password_file", c.NATS.PasswordFile},
		{"nats.credentials_file", c.NATS.CredentialsFile},
		{"redis.password_file", c.Redis.PasswordFile},
		{"redis.sentinel_password_file", c.Redis.SentinelPasswordFile},
	}
	var certificates []named
	for _, s := range []struct {
		keys string
		tls  *config.TLS
	}{{"nats.tls.", c.NATS.TLS}, {"redis.tls.", c.Redis.TLS}} {
		if s.tls != nil {
			secrets = append(secrets, named{s.keys + "key_file", s.tls.KeyFile})
			certificates = append(certificates, named{s.keys + "cert_file", s.tls.CertFile}, named{s.keys + "ca_file", s.tls.CAFile})
		}
	}
	for _, f := range secrets {
		r.secret(f)
	}
	for _, f := range certificates {
		r.certificates(g, f)
	}
}

// named is a file and the key of the configuration that names it.
type named struct{ key, path string }

func (r *report) secret(f named) {
	if f.path == "" {
		return
	}
	info, err := os.Stat(f.path)
	if err != nil {
		r.unknown("secrets", "ls -l "+f.path, "who can read %s (%s): %v", f.path, f.key, err)
		return
	}
	// The group may read it: services share files so.
	switch mode := info.Mode().Perm(); {
	case mode&0o007 != 0:
		r.problem("secrets", "chmod o= "+f.path, "everybody on this machine can get at %s (%s): its mode is %04o", f.path, f.key, mode)
	default:
		r.ok("secrets", "%s (%s) is closed to others", f.path, f.key)
	}
}

// certificates looks at each certificate of a file.
func (r *report) certificates(g Gateway, f named) {
	if f.path == "" {
		return
	}
	rest, err := os.ReadFile(f.path)
	if err != nil {
		r.unknown("certificates", "ls -l "+f.path, "%s: %v", f.key, err)
		return
	}
	for {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return
		}
		if block.Type != "CERTIFICATE" {
			continue
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			r.unknown("certificates", "openssl x509 -noout -dates -in "+f.path, "a certificate in %s (%s): %v", f.path, f.key, err)
			continue
		}
		r.certificate("certificates", "the certificate of "+c.Subject.String()+" in "+f.path+" ("+f.key+")", c, g.Now())
	}
}
