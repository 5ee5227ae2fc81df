import type { Readable } from 'node:stream';

/** All that a stream carries. */
export async function textOf(stream: Readable | null): Promise<string> {
  if (stream === null) throw new Error('there is no such stream');
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
