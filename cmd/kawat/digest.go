package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"kawat/internal/feed"
)

type digestCommand struct {
	URL   string `name:"url" default:"http://127.0.0.1:8080" placeholder:"URL" help:"Where publish serves readers (default: ${default})."`
	Short bool   `help:"One line a feed instead of one for each of its formats."`
}

func (c *digestCommand) Help() string {
	return `Reads every feed in every format, as its readers do, and prints one line for each: the first 16 bytes of the SHA-256 of
the document, the number of its entries, and its name. The last line is one digest over all of them.

Two outputs are the same if readers are served the same bytes: by two replicas of publish, before and after a restart, or
before and after a rebuild of Redis. The list of the feeds is read from /opml.

  kawat digest --url http://10.0.0.7:8080 > seven; kawat digest --url http://10.0.0.8:8080 | diff seven -
  kawat digest --short | tail -1`
}

// digestTimeout bounds the reading of all feeds.
const digestTimeout = 2 * time.Minute

func (c *digestCommand) Run(s *streams) error {
	ctx, cancel := context.WithTimeout(context.Background(), digestTimeout)
	defer cancel()
	base := strings.TrimRight(c.URL, "/")
	names, err := feedNames(ctx, base)
	if err != nil {
		return err
	}
	all, total := sha256.New(), 0
	print := func(sum []byte, entries int, name string) {
		fmt.Fprintf(s.out, "%x  %4d  %s\n", sum[:16], entries, name)
	}
	for _, name := range names {
		one, entries := sha256.New(), 0
		for _, format := range feed.Formats {
			file := name + "." + string(format)
			document, err := fetchDocument(ctx, base+"/feeds/"+file)
			if err != nil {
				return err
			}
			n, err := entriesIn(document, format)
			if err != nil {
				return fmt.Errorf("%s/feeds/%s cannot be read: %w", base, file, err)
			}
			entries = max(entries, n)
			sum := sha256.Sum256(document)
			one.Write(sum[:])
			if !c.Short {
				print(sum[:], n, file)
			}
		}
		sum := one.Sum(nil)
		fmt.Fprintf(all, "%s %x\n", name, sum)
		total += entries
		if c.Short {
			print(sum, entries, name)
		}
	}
	print(all.Sum(nil), total, fmt.Sprintf("(%s)", count(len(names), "feed")))
	return nil
}

// feedNames reads the names of the feeds from the subscription list. Its addresses are the public ones, which may be
// another host's than the one that is asked.
func feedNames(ctx context.Context, base string) ([]string, error) {
	document, err := fetchDocument(ctx, base+"/opml")
	if err != nil {
		return nil, err
	}
	var list struct {
		XMLName  xml.Name `xml:"opml"`
		Outlines []struct {
			URL string `xml:"xmlUrl,attr"`
		} `xml:"body>outline"`
	}
	if err := xml.Unmarshal(document, &list); err != nil {
		return nil, fmt.Errorf("%s/opml is no list of feeds: does kawat answer there? (%w)", base, err)
	}
	var names []string
	for _, o := range list.Outlines {
		address, err := url.Parse(o.URL)
		if err != nil {
			return nil, fmt.Errorf("%s/opml: %w", base, err)
		}
		names = append(names, strings.TrimSuffix(path.Base(address.Path), "."+string(feed.RSS)))
	}
	return names, nil
}

func fetchDocument(ctx context.Context, address string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, fmt.Errorf("--url: %w", err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, fmt.Errorf("publish does not answer: does it run, and is this its address (--url)? (%w)", err)
	}
	defer response.Body.Close()
	switch response.StatusCode {
	case http.StatusOK:
		return io.ReadAll(response.Body)
	case http.StatusServiceUnavailable:
		return nil, errors.New("publish is still loading its feeds: try again in a few seconds")
	}
	return nil, fmt.Errorf("%s answers %s: is this where kawat serves readers (--url)?", address, response.Status)
}

// entriesIn counts a feed's entries.
func entriesIn(document []byte, format feed.Format) (int, error) {
	switch format {
	case feed.JSON:
		var list struct {
			Items []jsontext.Value `json:"items"`
		}
		err := json.Unmarshal(document, &list)
		return len(list.Items), err
	case feed.NINJS:
		var list []jsontext.Value
		err := json.Unmarshal(document, &list)
		return len(list), err
	}
	element := map[feed.Format]string{feed.RSS: "item", feed.Atom: "entry", feed.NewsMLG2: "newsItem"}[format]
	decoder, n := xml.NewDecoder(bytes.NewReader(document)), 0
	for {
		token, err := decoder.Token()
		if err == io.EOF {
			return n, nil
		}
		if err != nil {
			return n, err
		}
		if start, ok := token.(xml.StartElement); ok && start.Name.Local == element {
			n++
		}
	}
}
