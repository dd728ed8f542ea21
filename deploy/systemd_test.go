package deploy_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"kawat/internal/testkit"
)

// mostExposed is the most that systemd may say of a unit's exposure, on its scale from 0 to 10.
const mostExposed = 2.5

var exposure = regexp.MustCompile(`Overall exposure level for \S+: ([0-9.]+) `)

// TestUnits: systemd takes the units as they are, and says that little is exposed.
func TestUnits(t *testing.T) {
	analyze := program(t, "systemd-analyze", "systemd")
	units, err := filepath.Glob("systemd/*.service")
	if err != nil || len(units) != 4 {
		t.Fatalf("%d units (%v)", len(units), err)
	}
	for _, unit := range units {
		out, err := exec.Command(analyze, "security", "--offline=true", "--no-pager", unit).CombinedOutput()
		found := exposure.FindSubmatch(out)
		if err != nil || found == nil {
			t.Errorf("%s: %v\n%s", unit, err, out)
			continue
		}
		if level, err := strconv.ParseFloat(string(found[1]), 64); err != nil || level > mostExposed {
			t.Errorf("the exposure of %s is %s, want at most %.1f\n%s", unit, found[1], mostExposed, out)
		}
		// verify complains of programs that are not installed here, and of nothing else.
		out, _ = exec.Command(analyze, "verify", "--man=no", unit).CombinedOutput()
		for line := range strings.Lines(string(out)) {
			if strings.HasPrefix(line, filepath.Base(unit)) && !strings.Contains(line, "is not executable: No such file or directory") ||
				strings.Contains(line, unit+":") {
				t.Errorf("verify: %s", line)
			}
		}
	}
}

var credential = regexp.MustCompile(`(?m)^LoadCredential=(\S+):/etc/kawat/(\S+)$`)

// TestCredentials: the units hand over exactly what deploy/prepare makes and the services' configurations name, and the
// configurations are good.
func TestCredentials(t *testing.T) {
	f := prepare(t)
	kawat := testkit.Build(t, "./cmd/kawat")
	for _, service := range []string{"ingest", "publish"} {
		config := f.credentials(service)
		if out, err := exec.Command(kawat, "check", config).CombinedOutput(); err != nil {
			t.Errorf("%s.yaml: %v: %s", service, err, out)
		}
		// Where prepare's files are, too.
		writeFile(t, f.file(service+"/"+service+".yaml"), readFile(t, filepath.Join("systemd", service+".yaml")))
		if out, err := exec.Command(kawat, "check", f.file(service+"/"+service+".yaml")).CombinedOutput(); err != nil {
			t.Errorf("%s.yaml in prepare's folder: %v: %s", service, err, out)
		}
		unit := readFile(t, filepath.Join("systemd", service+".service"))
		if !strings.Contains(unit, "\nLoadCredential="+service+".yaml:/etc/kawat/"+service+"/"+service+".yaml\n") {
			t.Errorf("%s.service does not load its configuration from there", service)
		}
		if !strings.Contains(unit, " --config %d/"+service+".yaml\n") {
			t.Errorf("%s.service does not name its configuration", service)
		}
		loaded := map[string]bool{}
		for _, c := range credential.FindAllStringSubmatch(unit, -1) {
			loaded[c[1]] = true
			if c[1] != service+".yaml" {
				f.read(c[2]) // or the test ends
			}
		}
		named := regexp.MustCompile(`(?m)_file: (\S+)$`).FindAllStringSubmatch(readFile(t, config), -1)
		if len(named) == 0 {
			t.Errorf("%s.yaml names no file", service)
		}
		for _, n := range named {
			if !loaded[n[1]] {
				t.Errorf("%s.yaml names %s, which %s.service does not load", service, n[1], service)
			}
		}
	}
}

// TestPrepareAgain: what is there stays, and a new provider gets a password.
func TestPrepareAgain(t *testing.T) {
	f := prepare(t)
	before, certificate := f.password("nats", "kyodo"), f.read("nats/tls/cert.pem")
	accounts := strings.Replace(f.read("nats/accounts.conf"), "  # The servers' own account",
		"  TASS { users: [ { user: tass, password: $TASS_PASSWORD, permissions { publish: [\"wire.in.tass\"] } } ] }\n  # The servers' own account", 1)
	writeFile(t, f.file("nats/accounts.conf"), accounts)
	f.prepare()
	if f.password("nats", "kyodo") != before || f.read("nats/tls/cert.pem") != certificate {
		t.Error("prepare changed what was there")
	}
	nc, err := f.login(f.startNATS(), "tass")
	if err != nil {
		t.Fatal(err)
	}
	nc.Close()
}

// TestPrepareLater: what is made anew can be read by the servers, which run as users of their own; a password that was taken off
// the host stays what it was; and another authority's certificates take the place of those of the old one.
func TestPrepareLater(t *testing.T) {
	f := prepare(t)
	hash := func(user string) string {
		return regexp.MustCompile(user + `: ".*"`).FindString(f.read("nats/passwords.conf"))
	}
	admin, ingest := hash("ADMIN_PASSWORD"), hash("INGEST_PASSWORD")
	writeFile(t, f.file("passwords/nats-admin"), "")
	owner := os.Getuid()
	if owner == 0 { // nobody else can give files away
		owner = 65534
	}
	for _, path := range []string{"tls", "passwords/nats-ingest", "nats/tls/cert.pem"} {
		if err := os.RemoveAll(f.file(path)); err != nil {
			t.Fatal(err)
		}
	}
	for _, server := range []string{"nats", "redis"} {
		if err := os.Chown(f.file(server), owner, -1); err != nil {
			t.Fatal(err)
		}
	}
	f.prepare()
	if hash("ADMIN_PASSWORD") != admin || hash("INGEST_PASSWORD") == ingest {
		t.Error("the password that is kept elsewhere was changed, or the one that was deleted was not")
	}
	for _, path := range []string{"nats/passwords.conf", "nats/tls/cert.pem", "nats/tls/key.pem", "redis/users.acl", "redis/tls/key.pem"} {
		info, err := os.Stat(f.file(path))
		if err != nil || info.Sys().(*syscall.Stat_t).Uid != uint32(owner) {
			t.Errorf("%s is not the server's (%v)", path, err)
		}
	}
	nc, err := f.login(f.startNATS(), "ingest")
	if err != nil {
		t.Fatal(err)
	}
	nc.Close()
	f.startRedis()
}
