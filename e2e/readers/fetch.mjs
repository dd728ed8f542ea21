// get fetches a feed in a coding and gives its text; the first line of the output says in which coding it came.
export async function get(address, coding) {
	const response = await fetch(address, { headers: { 'Accept-Encoding': coding } });
	if (response.status !== 200) throw new Error(`${address}: ${response.status}`);
	print({ coding: response.headers.get('content-encoding') ?? 'identity' });
	return response.text();
}

// print writes one line of JSON.
export function print(value) {
	process.stdout.write(JSON.stringify(value) + '\n');
}
