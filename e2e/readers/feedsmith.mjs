// Reads a JSON Feed with npm's feedsmith: node feedsmith.mjs ADDRESS CODING
import { parseJsonFeed } from 'feedsmith';
import { get, print } from './fetch.mjs';

const feed = parseJsonFeed(await get(process.argv[2], process.argv[3]));
print({ title: feed.title, self: feed.feed_url, language: feed.language });
for (const item of feed.items) {
	print({
		id: item.id,
		link: item.url,
		title: item.title,
		published: item.date_published,
		updated: item.date_modified,
		language: item.language,
		authors: item.authors.map((author) => author.name),
		summary: item.summary,
		content: item.content_html ?? item.content_text,
		files: (item.attachments ?? []).map((file) => ({ url: file.url, type: file.mime_type, length: file.size_in_bytes ?? 0 })),
	});
}
