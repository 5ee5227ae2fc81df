// A client of a served host that speaks its protocol byte by byte, to say what no client of the package says.
import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { connect } from 'node:net';

import { functionKeys } from '../../src/remote/arguments.js';

export const purposes = { life: 0, calls: 1 };

const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};

export const wire = {
  u32,
  text: (text: string): Buffer => Buffer.concat([Buffer.of(1), u32(text.length), Buffer.from(text, 'utf16le')]),
  given: (...parts: Buffer[]): Buffer => Buffer.concat([Buffer.of(1), ...parts]),
  wanted: Buffer.of(1),
  none: Buffer.of(0),
};

/** One connection. */
export class RawConnection {
  readonly socket: Socket;
  #got = Buffer.alloc(0);

  constructor(name: string) {
    this.socket = connect(name).on('error', () => undefined); // the server may close it while it is written to
  }

  send(...parts: Buffer[]): void {
    const bytes = Buffer.concat(parts);
    this.socket.write(Buffer.concat([u32(bytes.length), u32(0), bytes]));
  }

  /** The next frame; undefined when the server has closed the connection. */
  async receive(): Promise<Buffer | undefined> {
    const whole = (): number => 8 + this.#got.readUInt32LE(0);
    try {
      const chunks = this.socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
      if (this.#got.length < 8 || this.#got.length < whole()) {
        for await (const chunk of chunks) {
          this.#got = Buffer.concat([this.#got, chunk]);
          if (this.#got.length >= 8 && this.#got.length >= whole()) break;
        }
      }
    } catch {
      return undefined;
    }
    if (this.#got.length < 8) return undefined;
    const end = whole();
    const frame = this.#got.subarray(8, end);
    this.#got = this.#got.subarray(end);
    return frame;
  }

  /** The status of a call; undefined when the server has closed the connection. */
  async call(name: string, ...parts: Buffer[]): Promise<number | undefined> {
    this.send(u32(functionKeys.findIndex((key) => key.endsWith(`.${name}`))), ...parts);
    return (await this.receive())?.readUInt32LE(0);
  }
}

const greet = async (
  name: string,
  list: number,
  purpose: number,
  session: Buffer,
): Promise<[RawConnection, Buffer]> => {
  const connection = new RawConnection(name);
  connection.send(u32(0x48435231), Buffer.of(1, 0, 0, 0), u32(list), Buffer.of(purpose), session);
  const greeting = await connection.receive();
  assert.ok(greeting);
  return [connection, greeting];
};

/** A client: the connection that lasts as long as it, and one for calls. */
export async function rawClient(name: string): Promise<{ life: RawConnection; calls: RawConnection }> {
  // The list of functions is that of the server, which tells it to everybody.
  const [stranger, other] = await greet(name, 0, purposes.life, Buffer.alloc(24));
  stranger.socket.destroy();
  const list = other.readUInt32LE(8);
  const [life, greeting] = await greet(name, list, purposes.life, Buffer.alloc(24));
  const [calls] = await greet(name, list, purposes.calls, greeting.subarray(13, 37));
  return { life, calls };
}

/** A frame: how many bytes it has, how many streams come beside them, and the bytes. */
export function frame(bytes: Buffer, claims = bytes.length): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt32LE(claims, 0);
  return Buffer.concat([header, bytes]);
}

/** The first frame of a server: version, answer, session. */
export async function greeting(socket: Socket): Promise<{ list: number; answer: number; session: Buffer }> {
  let got = Buffer.alloc(0);
  for await (const chunk of socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    got = Buffer.concat([got, chunk]);
    if (got.length >= 8 && got.length >= 8 + got.readUInt32LE(0)) break;
  }
  return { list: got.readUInt32LE(8 + 8), answer: got[8 + 12]!, session: got.subarray(8 + 13, 8 + 37) };
}

/** What a client says first. The list of functions is that of the server, which tells it to everybody. */
export function hello(list: number, purpose: number, session: Buffer = Buffer.alloc(24)): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt32LE(0x48435231, 0);
  bytes.writeUInt16LE(1, 4);
  bytes.writeUInt32LE(list, 8);
  return frame(Buffer.concat([bytes, Buffer.from([purpose]), session]));
}
