package testkit

import (
	"net"
	"sync"
	"testing"
	"time"
)

// Fault is what a Proxy does to what passes through it; the zero value passes everything on at once.
type Fault struct {
	// Latency is how late everything arrives, each way.
	Latency time.Duration
	// BlackHole holds everything back, new connections too, until another fault is set; nobody is told.
	BlackHole bool
	// LoseReply loses every so manieth reply, after the server has done what was asked, and cuts its connection; 0: none.
	LoseReply int
}

// Proxy stands between a client and a server, and does to their connections what a network does.
type Proxy struct {
	Address string

	mu      sync.Mutex
	fault   Fault
	changed chan struct{} // closed and replaced when the fault is set
	replies int
	lost    int
	open    map[net.Conn]bool // nil when the test has ended
}

// StartProxy starts a proxy of a server, for as long as the test runs.
func StartProxy(t testing.TB, server string) *Proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{Address: l.Addr().String(), changed: make(chan struct{}), open: map[net.Conn]bool{}}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() { p.join(client, server) })
		}
	})
	t.Cleanup(func() {
		l.Close()
		p.mu.Lock()
		open := p.open
		p.open = nil
		p.mu.Unlock()
		for c := range open {
			c.Close()
		}
		p.Set(Fault{})
		all.Wait()
	})
	return p
}

// Set sets the fault for what passes from now on.
func (p *Proxy) Set(f Fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fault = f
	close(p.changed)
	p.changed = make(chan struct{})
}

// Lost is how many replies were lost so far.
func (p *Proxy) Lost() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.lost
}

// keep notes a connection to close at the end; false: this is the end.
func (p *Proxy) keep(c net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.open == nil {
		return false
	}
	p.open[c] = true
	return true
}

func (p *Proxy) join(client net.Conn, address string) {
	defer client.Close()
	if !p.keep(client) {
		return
	}
	defer p.forget(client)
	p.passable()
	server, err := net.Dial("tcp", address)
	if err != nil {
		return
	}
	defer server.Close()
	if !p.keep(server) {
		return
	}
	defer p.forget(server)
	var both sync.WaitGroup
	cut := func() { client.Close(); server.Close() }
	both.Go(func() { defer cut(); p.carry(server, client, false) })
	both.Go(func() { defer cut(); p.carry(client, server, true) })
	both.Wait()
}

func (p *Proxy) forget(c net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.open, c)
}

// carry carries one way what is read, each piece as late as the fault says when it came.
func (p *Proxy) carry(to, from net.Conn, replies bool) {
	type piece struct {
		data []byte
		due  time.Time
	}
	way := make(chan piece, 256)
	var writer sync.WaitGroup
	writer.Go(func() {
		for w := range way {
			time.Sleep(time.Until(w.due))
			p.passable()
			if _, err := to.Write(w.data); err != nil {
				from.Close() // and what is still on its way is lost with the connection
			}
		}
	})
	defer writer.Wait()
	defer close(way)
	for {
		buffer := make([]byte, 32<<10)
		n, err := from.Read(buffer)
		if n > 0 {
			if replies && p.loses() {
				return
			}
			way <- piece{buffer[:n], time.Now().Add(p.latency())}
		}
		if err != nil {
			return
		}
	}
}

func (p *Proxy) latency() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.fault.Latency
}

// loses says whether the reply that just came is one of those that are lost.
func (p *Proxy) loses() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.replies++
	lose := p.fault.LoseReply > 0 && p.replies%p.fault.LoseReply == 0
	if lose {
		p.lost++
	}
	return lose
}

// passable returns when the proxy is no black hole.
func (p *Proxy) passable() {
	for {
		p.mu.Lock()
		hole, changed := p.fault.BlackHole, p.changed
		p.mu.Unlock()
		if !hole {
			return
		}
		<-changed
	}
}
