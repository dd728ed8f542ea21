package deploy_test

import (
	"bytes"
	"debug/elf"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/goccy/go-yaml"

	"kawat/internal/testkit"
)

// TestImages: the Dockerfile's build makes programs that need nothing of a system: they run as a user without rights in a folder
// that has nothing else and cannot be written to.
func TestImages(t *testing.T) {
	dockerfile := readFile(t, "Dockerfile")
	version := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(readFile(t, "../go.mod"))[1]
	if !strings.Contains(dockerfile, "\nFROM golang:"+version+"-") {
		t.Errorf("the Dockerfile does not build with Go %s, as go.mod has it", version)
	}
	if user := strings.LastIndex(dockerfile, "\nUSER "); user < strings.Index(dockerfile, "\nFROM scratch AS base") || strings.Contains(dockerfile, "USER root") {
		t.Error("the images do not have a user of their own")
	}
	build := regexp.MustCompile(`(?m)^RUN (CGO_ENABLED=0 go build .*) -o /out/ (.*)$`).FindStringSubmatch(dockerfile)
	if build == nil {
		t.Fatal("the Dockerfile has no line that builds")
	}
	root := t.TempDir()
	cmd := exec.Command("bash", "-c", build[1]+" -o "+root+"/ "+build[2])
	cmd.Dir = testkit.Root(t)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	var programs []string
	for _, e := range entries {
		programs = append(programs, e.Name())
		if e.Name() != "probe" && !strings.Contains(dockerfile, fmt.Sprintf("\nENTRYPOINT [\"/%s\"]", e.Name())) {
			t.Errorf("no image is for %s", e.Name())
		}
		binary, err := elf.Open(filepath.Join(root, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		libraries, _ := binary.ImportedLibraries()
		if interpreted := slices.ContainsFunc(binary.Progs, func(p *elf.Prog) bool { return p.Type == elf.PT_INTERP }); interpreted || len(libraries) > 0 {
			t.Errorf("%s is not static: it needs %v", e.Name(), libraries)
		}
		binary.Close()
	}
	if want := []string{"ingest", "kawat", "probe", "publish"}; !slices.Equal(programs, want) {
		t.Errorf("built %v, want %v", programs, want)
	}
	if os.Getuid() != 0 {
		t.Log("not root: the programs were not run in an empty folder of their own")
		return
	}
	if err := os.Chmod(root, 0o555); err != nil {
		t.Fatal(err)
	}
	for _, program := range []string{"ingest", "publish", "kawat"} {
		cmd := exec.Command("/"+program, "--help")
		cmd.Dir, cmd.Env = "/", []string{}
		cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: root, Credential: &syscall.Credential{Uid: 65532, Gid: 65532}}
		if out, err := cmd.CombinedOutput(); err != nil || !bytes.Contains(out, []byte("Usage: "+program)) {
			t.Errorf("%s in an empty folder: %v\n%s", program, err, out)
		}
	}
}

// compose is what compose.yaml may have; anything else is an error.
type compose struct {
	Name     string           `yaml:"name"`
	Hardened map[string]any   `yaml:"x-hardened"`
	Services map[string]*unit `yaml:"services"`
	Networks map[string]struct {
		Internal bool `yaml:"internal"`
	} `yaml:"networks"`
	Configs map[string]file `yaml:"configs"`
	Secrets map[string]file `yaml:"secrets"`
}

type file struct {
	File string `yaml:"file"`
}

type unit struct {
	User        string   `yaml:"user"`
	ReadOnly    bool     `yaml:"read_only"`
	CapDrop     []string `yaml:"cap_drop"`
	SecurityOpt []string `yaml:"security_opt"`
	Restart     string   `yaml:"restart"`
	Logging     struct {
		Driver string `yaml:"driver"`
	} `yaml:"logging"`
	Image string `yaml:"image"`
	Build struct {
		Context    string `yaml:"context"`
		Dockerfile string `yaml:"dockerfile"`
		Target     string `yaml:"target"`
	} `yaml:"build"`
	Entrypoint  []string          `yaml:"entrypoint"`
	Command     []string          `yaml:"command"`
	WorkingDir  string            `yaml:"working_dir"`
	Environment map[string]string `yaml:"environment"`
	Volumes     []string          `yaml:"volumes"`
	Ports       []string          `yaml:"ports"`
	Networks    []string          `yaml:"networks"`
	Configs     []mount           `yaml:"configs"`
	Secrets     []mount           `yaml:"secrets"`
	DependsOn   map[string]struct {
		Condition string `yaml:"condition"`
	} `yaml:"depends_on"`
	StopSignal  string `yaml:"stop_signal"`
	StopGrace   string `yaml:"stop_grace_period"`
	Healthcheck struct {
		Test        []string `yaml:"test"`
		Interval    string   `yaml:"interval"`
		Timeout     string   `yaml:"timeout"`
		Retries     int      `yaml:"retries"`
		StartPeriod string   `yaml:"start_period"`
	} `yaml:"healthcheck"`
	MemLimit  string `yaml:"mem_limit"`
	PidsLimit int    `yaml:"pids_limit"`
}

type mount struct {
	Source string `yaml:"source"`
	Target string `yaml:"target"`
}

// TestCompose: compose.yaml has nothing that is not in the format, names nothing that is not there, and gives no container more than
// it needs.
func TestCompose(t *testing.T) {
	f := prepare(t)
	here := func(path string) string {
		path = strings.Replace(path, "${KAWAT_DIR}", f.path, 1)
		path = regexp.MustCompile(`\$\{KAWAT_DIR:\?[^}]*\}`).ReplaceAllString(path, f.path)
		if !filepath.IsAbs(path) {
			path = filepath.Join("compose", path)
		}
		if _, err := os.Stat(path); err != nil {
			t.Error(err)
		}
		return path
	}
	var c compose
	if err := yaml.UnmarshalWithOptions([]byte(readFile(t, "compose/compose.yaml")), &c, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	kawat := testkit.Build(t, "./cmd/kawat")
	for name, s := range c.Services {
		if !s.ReadOnly || !slices.Equal(s.CapDrop, []string{"ALL"}) || !slices.Contains(s.SecurityOpt, "no-new-privileges:true") || s.User == "" ||
			s.MemLimit == "" || s.PidsLimit == 0 || s.Restart == "" {
			t.Errorf("%s may do more than it needs: %+v", name, s)
		}
		if len(s.Healthcheck.Test) < 2 || s.Healthcheck.Interval == "" || s.Healthcheck.Timeout == "" {
			t.Errorf("nobody looks whether %s is well", name)
		}
		if s.Build.Target == "" && !regexp.MustCompile(`^[a-z]+:\d+\.\d+-`).MatchString(s.Image) {
			t.Errorf("%s: the image %q is of no certain version", name, s.Image)
		}
		for _, v := range s.Volumes {
			here(strings.SplitN(v, ":/", 2)[0])
		}
		for _, n := range s.Networks {
			if _, ok := c.Networks[n]; !ok {
				t.Errorf("%s is on the network %s, which is none", name, n)
			}
		}
		for other, d := range s.DependsOn {
			if c.Services[other] == nil || d.Condition != "service_healthy" {
				t.Errorf("%s depends on %s, %s", name, other, d.Condition)
			}
		}
		if s.Build.Target == "" {
			continue
		}
		if !strings.Contains(readFile(t, filepath.Join("compose", s.Build.Context, s.Build.Dockerfile)), "FROM base AS "+s.Build.Target+"\n") {
			t.Errorf("%s: the Dockerfile has no %s", name, s.Build.Target)
		}
		// The service's folder, as the container has it.
		dir := t.TempDir()
		for from, mounts := range map[*map[string]file][]mount{&c.Configs: s.Configs, &c.Secrets: s.Secrets} {
			for _, m := range mounts {
				writeFile(t, filepath.Join(dir, strings.TrimPrefix(m.Target, "/etc/kawat/")), readFile(t, here((*from)[m.Source].File)))
			}
		}
		config := filepath.Join(dir, name+".yaml")
		if out, err := exec.Command(kawat, "check", config).CombinedOutput(); err != nil {
			t.Errorf("%s: %v: %s", name, err, out)
		}
		port := regexp.MustCompile(`operations: ":(\d+)"`).FindStringSubmatch(readFile(t, config))
		if want := "http://127.0.0.1:" + port[1] + "/readyz"; !slices.Equal(s.Healthcheck.Test, []string{"CMD", "/probe", want}) {
			t.Errorf("%s: the healthcheck is %q, want one of %s", name, s.Healthcheck.Test, want)
		}
	}
	if len(c.Services) != 4 || !c.Networks["wire"].Internal || slices.Contains(c.Services["redis"].Networks, "outside") || len(c.Services["redis"].Ports) > 0 ||
		!slices.Equal(c.Services["publish"].Ports, []string{"127.0.0.1:8080:8080"}) || len(c.Services["ingest"].Ports) > 0 {
		t.Error("more is open than the addresses for desks and for readers")
	}
	docker, err := exec.LookPath("docker")
	if err != nil || exec.Command(docker, "compose", "version").Run() != nil {
		t.Log("this docker has no compose: compose.yaml was checked without it")
		return
	}
	cmd := exec.Command(docker, "compose", "-f", "compose/compose.yaml", "config", "--quiet")
	cmd.Env = append(os.Environ(), "KAWAT_DIR="+f.path, "KAWAT_USER=1000:1000")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("docker compose config: %v\n%s", err, out)
	}
}

// TestProbe: the images' only way to look says what it sees.
func TestProbe(t *testing.T) {
	g := startGateway(t)
	probe := testkit.Build(t, "./deploy/probe")
	if out, err := exec.Command(probe, "http://"+g.intern+"/readyz").CombinedOutput(); err != nil {
		t.Errorf("a service that is ready: %v %s", err, out)
	}
	for _, args := range [][]string{{"http://" + g.intern + "/nothing"}, {"http://" + loopback(t) + "/readyz"}, {}} {
		if err := exec.Command(probe, args...).Run(); err == nil {
			t.Errorf("probe %v finds it well", args)
		}
	}
}
