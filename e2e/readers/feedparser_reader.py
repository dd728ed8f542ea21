"""Reads a feed in RSS or Atom with Debian's python3-feedparser: /usr/bin/python3 feedparser_reader.py ADDRESS CODING"""

import calendar
import json
import sys
import time

import feedparser


def say(value):
    print(json.dumps(value))


def instant(parsed):
    return parsed and time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(calendar.timegm(parsed)))


address, coding = sys.argv[1:]
feed = feedparser.parse(address, request_headers={"Accept-Encoding": coding})
if feed.get("status") != 200:
    sys.exit(f"{address}: {feed.get('status')} {feed.get('bozo_exception')}")
if feed.bozo:
    sys.exit(f"{address} is not well-formed: {feed.bozo_exception}")
say({"coding": feed.headers.get("content-encoding", "identity")})
links = [link.href for link in feed.feed.get("links", []) if link.rel == "self"]
say({
    "title": feed.feed.title,
    "self": links[0],
    "language": feed.feed.get("language"),
    "updated": instant(feed.feed.get("updated_parsed")),
})
for item in feed.entries:
    say({
        "id": item.id,
        "link": item.link,
        "title": item.title,
        "published": instant(item.get("published_parsed")),
        "updated": instant(item.get("updated_parsed")),
        "language": item.get("language"),
        "authors": [author.get("name") for author in item.get("authors", [])],
        "summary": item.get("summary"),
        "content": item.content[0].value if "content" in item else None,
        "files": [
            {"url": file.href, "type": file.get("type", ""), "length": int(file.get("length") or 0)}
            for file in item.get("enclosures", [])
        ],
    })
