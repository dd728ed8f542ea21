package doctor

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// most is the most bytes that are read of an answer over HTTP.
const most = 4 << 20

// readers looks at the address under which readers reach the gateway: whether a kawat answers there, and this one.
func (r *report) readers(ctx context.Context, g Gateway) {
	const check = "base_url"
	base := g.Config.Gateway.BaseURL
	u, err := url.Parse(base)
	if err != nil {
		r.problem(check, "correct gateway.base_url", "it is no address: %v", err)
		return
	}
	local := u.Hostname() == "localhost" || net.ParseIP(u.Hostname()).IsLoopback()
	switch {
	case local:
		r.warn(check, "set gateway.base_url to the address that readers use, as https://wire.example.org",
			"%s is for this machine alone: feeds and pages point their readers to it", base)
	case u.Scheme != "https":
		r.warn(check, "put a proxy with TLS before publish, and https:// into gateway.base_url", "%s is not https: copy can be changed on its way", base)
	}
	status, header, body, err := r.get(ctx, check, g.Now(), base+"/opml")
	switch kind := header.Get("Content-Type"); {
	case err != nil:
		r.problem(check, "start publish, and look at the proxy and the name before it: curl -v "+base+"/; --offline leaves this check out",
			"%s cannot be reached: %s", base, reason(err))
	case status == http.StatusOK && strings.HasPrefix(kind, "text/x-opml"):
		feeds := strings.Count(string(body), "<outline ")
		if others := feeds - strings.Count(string(body), ` xmlUrl="`+base+`/feeds/`); others > 0 {
			r.problem(check, "give every publish the same gateway.base_url, and look at where the proxy leads",
				"a kawat answers at %s whose own base_url is another", base)
			return
		}
		r.ok(check, "kawat answers at %s, with %s", base, count(uint64(feeds), "feed"))
	case status == http.StatusServiceUnavailable && strings.HasPrefix(string(body), "Not ready yet."):
		r.warn(check, "wait until publish has read the feeds; its /readyz says what it waits for", "kawat answers at %s, and has no feeds yet", base)
	default:
		who := ""
		if server := header.Get("Server"); server != "" {
			who = fmt.Sprintf(", from %q", server)
		}
		r.problem(check, "lead the name and the proxy to publish (publish.listen): curl -v "+base+"/opml",
			"something else than kawat answers at %s: status %d, %q%s", base, status, kind, who)
	}
}

// get fetches an address; how long the server's certificate is good for is a finding.
func (r *report) get(ctx context.Context, check string, now time.Time, address string) (status int, header http.Header, body []byte, err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return 0, nil, nil, err
	}
	client := &http.Client{Transport: &http.Transport{Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true}}
	resp, err := client.Do(request)
	if err != nil {
		if e, ok := err.(*url.Error); ok { // without the address, which the finding has
			err = e.Err
		}
		return 0, nil, nil, err
	}
	defer resp.Body.Close()
	if resp.TLS != nil && len(resp.TLS.PeerCertificates) > 0 {
		r.certificate(check+".certificate", "the certificate of "+resp.Request.URL.Host, resp.TLS.PeerCertificates[0], now)
	}
	body, err = io.ReadAll(io.LimitReader(resp.Body, most))
	return resp.StatusCode, resp.Header, body, err
}
