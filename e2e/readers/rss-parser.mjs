// Reads a feed in RSS or Atom with npm's rss-parser: node rss-parser.mjs ADDRESS CODING
import Parser from 'rss-parser';
import { get, print } from './fetch.mjs';

const feed = await new Parser().parseString(await get(process.argv[2], process.argv[3]));
print({ title: feed.title, self: feed.feedUrl, updated: feed.lastBuildDate });
for (const item of feed.items) {
	print({
		id: item.guid ?? item.id,
		link: item.link,
		title: item.title,
		published: item.isoDate,
		authors: [item.creator ?? item.author],
		summary: item.summary ?? item.contentSnippet,
		content: item['content:encoded'] ?? item.content,
		files: item.enclosure && [{ url: item.enclosure.url, type: item.enclosure.type, length: Number(item.enclosure.length) }],
	});
}
