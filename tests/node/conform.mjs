// conform.mjs ENDPOINT: asks what conformance.py sends, one JSON line {"asked": [...], "timeout_ms": N} at a time, all of a
// line together; writes a line with each reply, or {"code", "at"} of its error.
import { createInterface } from 'node:readline';
import { Client } from 'skillsearch';

const client = new Client({ endpoint: process.argv[2] });
for await (const line of createInterface({ input: process.stdin })) {
  const { asked, timeout_ms } = JSON.parse(line);
  client.timeout = timeout_ms;
  const ended = await Promise.allSettled(asked.map(request => client.ask(request)));
  console.log(JSON.stringify(ended.map(one => one.status === 'fulfilled' ? { reply: one.value }
    : { error: { code: one.reason.code ?? 'exception', at: one.reason.at ?? null, text: String(one.reason.stack) } })));
}
client.close();
