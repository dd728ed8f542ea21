// Reads a feed in RSS or Atom with npm's @rowanmanning/feed-parser: node feed-parser.mjs ADDRESS CODING
import { parseFeed } from '@rowanmanning/feed-parser';
import { get, print } from './fetch.mjs';

const feed = parseFeed(await get(process.argv[2], process.argv[3]));
print({ title: feed.title, self: feed.self, updated: feed.updated, language: feed.language });
for (const item of feed.items) {
	print({
		id: item.id,
		link: item.url,
		title: item.title,
		published: item.published,
		updated: item.updated,
		authors: item.authors.map((author) => author.name),
		summary: item.description,
		content: item.content,
		files: item.media.map((file) => ({ url: file.url, type: file.mimeType, length: file.length ?? 0 })),
	});
}
