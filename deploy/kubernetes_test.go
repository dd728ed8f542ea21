package deploy_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"kawat/internal/testkit"
)

// kubectl runs it without any cluster.
func kubectl(t testing.TB, in string, args ...string) (string, error) {
	t.Helper()
	cmd := exec.Command(program(t, "kubectl", "kubernetes-client"), args...)
	cmd.Env = append(os.Environ(), "KUBECONFIG="+os.DevNull)
	cmd.Stdin = strings.NewReader(in)
	out, err := cmd.Output()
	if exit, ok := err.(*exec.ExitError); ok {
		err = fmt.Errorf("kubectl %s: %w\n%s", strings.Join(args, " "), err, exit.Stderr)
	}
	return string(out), err
}

// object is a Kubernetes object with what all have; the rest depends on its kind.
type object struct {
	APIVersion string `yaml:"apiVersion"`
	Kind       string `yaml:"kind"`
	Metadata   struct {
		Name, Namespace     string
		Labels, Annotations map[string]string
	} `yaml:"metadata"`
	Spec map[string]any    `yaml:"spec"`
	Data map[string]string `yaml:"data"`
}

// The kinds that kubectl does not read without a cluster, with the fields that are used here and no others.
type (
	selector struct {
		MatchLabels map[string]string `yaml:"matchLabels"`
	}
	service struct {
		Selector map[string]string `yaml:"selector"`
		Ports    []struct {
			Name       string `yaml:"name"`
			Port       int    `yaml:"port"`
			TargetPort string `yaml:"targetPort"`
		} `yaml:"ports"`
	}
	disruptions struct {
		MaxUnavailable int      `yaml:"maxUnavailable"`
		Selector       selector `yaml:"selector"`
	}
	autoscaler struct {
		ScaleTargetRef struct {
			APIVersion string `yaml:"apiVersion"`
			Kind       string `yaml:"kind"`
			Name       string `yaml:"name"`
		} `yaml:"scaleTargetRef"`
		MinReplicas int `yaml:"minReplicas"`
		MaxReplicas int `yaml:"maxReplicas"`
		Metrics     []struct {
			Type     string `yaml:"type"`
			Resource struct {
				Name   string `yaml:"name"`
				Target struct {
					Type               string `yaml:"type"`
					AverageUtilization int    `yaml:"averageUtilization"`
				} `yaml:"target"`
			} `yaml:"resource"`
		} `yaml:"metrics"`
		Behavior struct {
			ScaleDown struct {
				StabilizationWindowSeconds int `yaml:"stabilizationWindowSeconds"`
			} `yaml:"scaleDown"`
		} `yaml:"behavior"`
	}
	peer struct {
		PodSelector       *selector `yaml:"podSelector"`
		NamespaceSelector *selector `yaml:"namespaceSelector"`
	}
	port struct {
		Protocol string `yaml:"protocol"`
		Port     int    `yaml:"port"`
	}
	networkPolicy struct {
		PodSelector selector `yaml:"podSelector"`
		PolicyTypes []string `yaml:"policyTypes"`
		Ingress     []struct {
			From  []peer `yaml:"from"`
			Ports []port `yaml:"ports"`
		} `yaml:"ingress"`
		Egress []struct {
			To    []peer `yaml:"to"`
			Ports []port `yaml:"ports"`
		} `yaml:"egress"`
	}
	probe struct {
		HTTPGet struct{ Path, Port string } `yaml:"httpGet"`
	}
	// deployment has what is looked at here; its other fields are kubectl's to judge.
	deployment struct {
		Replicas *int     `yaml:"replicas"`
		Selector selector `yaml:"selector"`
		Template struct {
			Metadata struct {
				Labels map[string]string `yaml:"labels"`
			} `yaml:"metadata"`
			Spec struct {
				AutomountServiceAccountToken *bool `yaml:"automountServiceAccountToken"`
				SecurityContext              struct {
					RunAsNonRoot   bool `yaml:"runAsNonRoot"`
					RunAsUser      int  `yaml:"runAsUser"`
					SeccompProfile struct {
						Type string `yaml:"type"`
					} `yaml:"seccompProfile"`
				} `yaml:"securityContext"`
				Containers []struct {
					Args  []string `yaml:"args"`
					Image string   `yaml:"image"`
					Ports []struct {
						Name          string `yaml:"name"`
						ContainerPort int    `yaml:"containerPort"`
					} `yaml:"ports"`
					LivenessProbe  probe `yaml:"livenessProbe"`
					ReadinessProbe probe `yaml:"readinessProbe"`
					Resources      struct {
						Requests, Limits map[string]string
					} `yaml:"resources"`
					SecurityContext struct {
						AllowPrivilegeEscalation *bool `yaml:"allowPrivilegeEscalation"`
						ReadOnlyRootFilesystem   bool  `yaml:"readOnlyRootFilesystem"`
						Capabilities             struct {
							Drop []string `yaml:"drop"`
						} `yaml:"capabilities"`
					} `yaml:"securityContext"`
				} `yaml:"containers"`
				Volumes []struct {
					Projected struct {
						Sources []struct {
							ConfigMap struct {
								Name string `yaml:"name"`
							} `yaml:"configMap"`
							Secret struct {
								Name  string                       `yaml:"name"`
								Items []struct{ Key, Path string } `yaml:"items"`
							} `yaml:"secret"`
						} `yaml:"sources"`
					} `yaml:"projected"`
				} `yaml:"volumes"`
			} `yaml:"spec"`
		} `yaml:"template"`
	}
)

// as reads an object's spec again as its kind.
func as[T any](t testing.TB, o *object, options ...yaml.DecodeOption) *T {
	t.Helper()
	text, err := yaml.Marshal(o.Spec)
	spec := new(T)
	if err == nil {
		err = yaml.UnmarshalWithOptions(text, spec, options...)
	}
	if err != nil {
		t.Fatalf("%s %s: %v", o.Kind, o.Metadata.Name, err)
	}
	return spec
}

// lost says what of want is not in got.
func lost(path string, want, got any) []string {
	switch want := want.(type) {
	case map[string]any:
		var all []string
		has, _ := got.(map[string]any)
		for name, value := range want {
			all = append(all, lost(path+"."+name, value, has[name])...)
		}
		return all
	case []any:
		var all []string
		has, _ := got.([]any)
		for i, value := range want {
			var item any
			if i < len(has) {
				item = has[i]
			}
			all = append(all, lost(fmt.Sprintf("%s[%d]", path, i), value, item)...)
		}
		return all
	}
	if !reflect.DeepEqual(want, got) {
		return []string{path}
	}
	return nil
}

// typed gives the fields of a manifest that the API's own types do not have: kubectl reads it into them, adds a variable and writes it again.
func typed(t testing.TB, manifest string) []string {
	t.Helper()
	out, err := kubectl(t, manifest, "set", "env", "--local", "-f", "-", "-o", "yaml", "READ=1")
	if err != nil {
		t.Fatal(err)
	}
	var want, got any
	if err := yaml.Unmarshal([]byte(manifest), &want); err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	return lost("", want, got)
}

func TestKubernetes(t *testing.T) {
	built, err := kubectl(t, "", "kustomize", "kubernetes")
	if err != nil {
		t.Fatal(err)
	}
	objects, deployments := map[string]*object{}, map[string]*deployment{}
	for manifest := range strings.SplitSeq(built, "\n---\n") {
		o := new(object)
		if err := yaml.Unmarshal([]byte(manifest), o); err != nil {
			t.Fatal(err)
		}
		objects[o.Kind+"/"+o.Metadata.Name] = o
		if o.Kind != "Namespace" && o.Metadata.Namespace != "kawat" {
			t.Errorf("%s %s is in the namespace %q", o.Kind, o.Metadata.Name, o.Metadata.Namespace)
		}
		if o.Kind != "Deployment" {
			continue
		}
		deployments[o.Metadata.Name] = as[deployment](t, o)
		for _, path := range typed(t, manifest) {
			// Debian 12's kubectl is of 1.20 and does not know it.
			if !strings.Contains(path, ".lifecycle.preStop.sleep") {
				t.Errorf("Deployment %s: Kubernetes knows no %s", o.Metadata.Name, path)
			}
		}
		if len(typed(t, strings.Replace(manifest, "readOnlyRootFilesystem", "readOnlyRotFilesystem", 1))) == 0 {
			t.Error("a field that Kubernetes does not have is not seen")
		}
	}
	for name, kind := range map[string]string{
		"Namespace/kawat": "v1", "Service/publish": "v1", "Deployment/ingest": "apps/v1", "Deployment/publish": "apps/v1",
		"PodDisruptionBudget/ingest": "policy/v1", "PodDisruptionBudget/publish": "policy/v1", "HorizontalPodAutoscaler/publish": "autoscaling/v2",
		"NetworkPolicy/nothing": "networking.k8s.io/v1", "NetworkPolicy/ingest": "networking.k8s.io/v1", "NetworkPolicy/publish": "networking.k8s.io/v1",
	} {
		if objects[name] == nil || objects[name].APIVersion != kind {
			t.Fatalf("there is no %s of %s", name, kind)
		}
	}

	f, kawat := prepare(t), testkit.Build(t, "./cmd/kawat")
	operations := map[string]int{"ingest": 8082, "publish": 8081}
	for name, d := range deployments {
		labels, pod := d.Template.Metadata.Labels, d.Template.Spec
		if !reflect.DeepEqual(d.Selector.MatchLabels, labels) {
			t.Errorf("%s selects %v and has %v", name, d.Selector.MatchLabels, labels)
		}
		c := pod.Containers[0]
		if pod.AutomountServiceAccountToken == nil || *pod.AutomountServiceAccountToken || !pod.SecurityContext.RunAsNonRoot || pod.SecurityContext.RunAsUser != 65532 ||
			pod.SecurityContext.SeccompProfile.Type != "RuntimeDefault" || c.SecurityContext.AllowPrivilegeEscalation == nil || *c.SecurityContext.AllowPrivilegeEscalation ||
			!c.SecurityContext.ReadOnlyRootFilesystem || !slices.Equal(c.SecurityContext.Capabilities.Drop, []string{"ALL"}) {
			t.Errorf("%s is not restricted: %+v", name, pod)
		}
		if c.Resources.Requests["cpu"] == "" || c.Resources.Requests["memory"] == "" || c.Resources.Limits["memory"] == "" || strings.HasSuffix(c.Image, ":latest") {
			t.Errorf("%s: %+v", name, c)
		}
		ports := map[string]int{}
		for _, p := range c.Ports {
			ports[p.Name] = p.ContainerPort
		}
		for probe, got := range map[string]struct{ Path, Port string }{"/readyz": c.ReadinessProbe.HTTPGet, "/healthz": c.LivenessProbe.HTTPGet} {
			if got.Path != probe || ports[got.Port] != operations[name] {
				t.Errorf("%s: %s is asked for at %+v", name, probe, got)
			}
		}
		if budget := as[disruptions](t, objects["PodDisruptionBudget/"+name], yaml.Strict()); !reflect.DeepEqual(budget.Selector.MatchLabels, labels) || budget.MaxUnavailable != 1 {
			t.Errorf("%s: the disruption budget is %+v", name, budget)
		}
		policy := as[networkPolicy](t, objects["NetworkPolicy/"+name], yaml.Strict())
		if !reflect.DeepEqual(policy.PodSelector.MatchLabels, labels) || len(policy.PolicyTypes) != 2 {
			t.Errorf("%s: the network policy is for %+v", name, policy.PodSelector)
		}
		for _, in := range policy.Ingress {
			for _, p := range in.Ports {
				monitoring := len(in.From) == 1 && in.From[0].NamespaceSelector.MatchLabels["kubernetes.io/metadata.name"] == "monitoring"
				if p.Port == operations[name] != monitoring || p.Port != operations[name] && p.Port != ports["http"] {
					t.Errorf("%s: %d is open to %+v", name, p.Port, in.From)
				}
			}
			if len(in.Ports) == 0 {
				t.Errorf("%s: every port is open", name)
			}
		}
		for _, out := range policy.Egress {
			if len(out.To) == 0 || len(out.Ports) == 0 {
				t.Errorf("%s may speak to anybody: %+v", name, out)
			}
			for _, p := range out.Ports {
				if !slices.Contains([]int{4222, 6379, 26379, 53}, p.Port) || p.Port == 4222 && name == "publish" {
					t.Errorf("%s may speak to %d", name, p.Port)
				}
			}
		}
		// The folder that the pod sees: its configuration is good, and every file that it names is there.
		dir := t.TempDir()
		for _, source := range pod.Volumes[0].Projected.Sources {
			if source.ConfigMap.Name != "" {
				settings := objects["ConfigMap/"+source.ConfigMap.Name]
				if settings == nil {
					t.Fatalf("%s: there is no ConfigMap %s", name, source.ConfigMap.Name)
				}
				for file, text := range settings.Data {
					writeFile(t, filepath.Join(dir, file), text)
				}
			}
			for _, item := range source.Secret.Items {
				from := map[string]string{"ca.pem": "tls/ca.pem", "nats-password": "passwords/nats-" + name, "redis-password": "passwords/redis-" + name}[item.Key]
				writeFile(t, filepath.Join(dir, item.Path), f.read(from))
			}
		}
		if !slices.Equal(c.Args[:2], []string{"--config", "/etc/kawat/" + name + ".yaml"}) {
			t.Errorf("%s is started with %q", name, c.Args)
		}
		if out, err := exec.Command(kawat, "check", filepath.Join(dir, name+".yaml")).CombinedOutput(); err != nil {
			t.Errorf("%s: %v: %s", name, err, out)
		}
	}
	if n := deployments["ingest"].Replicas; n == nil || *n != 2 {
		t.Error("ingest has not two replicas")
	}
	if deployments["publish"].Replicas != nil {
		t.Error("a deployment and its autoscaler both say how many replicas publish has")
	}
	scaler := as[autoscaler](t, objects["HorizontalPodAutoscaler/publish"], yaml.Strict())
	if scaler.ScaleTargetRef.Kind != "Deployment" || scaler.ScaleTargetRef.Name != "publish" || scaler.MinReplicas < 2 || len(scaler.Metrics) == 0 {
		t.Errorf("the autoscaler: %+v", scaler)
	}
	s := as[service](t, objects["Service/publish"], yaml.Strict())
	if !reflect.DeepEqual(s.Selector, deployments["publish"].Template.Metadata.Labels) || len(s.Ports) != 1 || s.Ports[0].TargetPort != "http" {
		t.Errorf("the service: %+v", s)
	}
	nothing := as[networkPolicy](t, objects["NetworkPolicy/nothing"], yaml.Strict())
	if !slices.Equal(nothing.PolicyTypes, []string{"Ingress", "Egress"}) || len(nothing.Ingress)+len(nothing.Egress) > 0 {
		t.Errorf("not everything else is forbidden: %+v", nothing)
	}
}
