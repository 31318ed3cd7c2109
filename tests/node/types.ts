// What tsc must accept, and what it must refuse: each line after a ts-expect-error is a mistake.
import { Client, requests, type Hit } from 'skillsearch';

const client = new Client({ timeout: 100 });
const reply = await client.search('mail', { level: ['emerging', 'advanced'], facets: ['level', { name: 'occupation', tree: true }] });
const hits: Hit[] = reply.hits;
const [one, two] = await client.multi([requests.search('mail'), requests.health()]);
const counts: [number, number] = [one.total, two.statements];
for await (const hit of client.scan('mail')) hits.push(hit);
console.log(hits.length, counts);
// @ts-expect-error
console.log(reply.totl);
// @ts-expect-error
await client.search('mail', { lvel: 'advanced' });
// @ts-expect-error
await client.search('mail', { level: 'novice' });
// @ts-expect-error
await client.serch('mail');
