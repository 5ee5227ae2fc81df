// Tars made block by block, right ones and wrong ones.

/** An entry. What is left out is as a tool for Windows layers writes it. */
export interface Made {
  readonly name: string;
  /** `0` file, `1` hard link, `2` symbolic link, `5` directory ... Default: a file. */
  readonly type?: string;
  readonly body?: string | Uint8Array;
  readonly link?: string;
  /** Records of the extended header. */
  readonly pax?: Readonly<Record<string, string>>;
  /** The content of the extended header as it is, in place of records. */
  readonly extended?: Uint8Array;
  /** What the header says, where it is not the size of the body; a field of 12 bytes as it is. */
  readonly size?: number | Uint8Array;
  /** Seconds since 1970. */
  readonly mtime?: number;
}

const blockSize = 512;

/** A whole archive. */
export function tar(...entries: readonly Made[]): Buffer {
  return Buffer.concat([...entries.map(blocksOf), Buffer.alloc(2 * blockSize)]);
}

/** A directory with the attributes of one. */
export const folder = (name: string, pax: Readonly<Record<string, string>> = {}): Made => ({
  name,
  type: '5',
  pax: { 'MSWINDOWS.fileattr': '16', ...pax },
});

export const file = (
  name: string,
  body: string | Uint8Array = '',
  pax: Readonly<Record<string, string>> = {},
): Made => ({
  name,
  body,
  pax: { 'MSWINDOWS.fileattr': '32', ...pax },
});

export const hardLink = (name: string, link: string): Made => ({ name, type: '1', link });

/** A directory junction. */
export const junction = (name: string, link: string): Made => ({
  name,
  type: '2',
  link,
  pax: { 'MSWINDOWS.fileattr': '1040', 'MSWINDOWS.mountpoint': '1' },
});

/** The blocks of one entry: with its extended header, if it has one, its body and the padding. */
export function blocksOf(entry: Made): Buffer {
  const { name, type = '0', body = '', link = '', pax = {}, mtime = 1700000000 } = entry;
  const content = Buffer.from(body as string);
  const records = { ...pax };
  if (needsPax(name)) records.path = name;
  if (needsPax(link)) records.linkpath = link;
  const blocks = [header(name, type, entry.size ?? content.length, link, mtime), padded(content)];
  if (entry.extended === undefined && Object.keys(records).length === 0) return Buffer.concat(blocks);
  const extended = entry.extended ?? recordsOf(records);
  return Buffer.concat([header('PaxHeaders.0/entry', 'x', extended.length, '', 0), padded(extended), ...blocks]);
}

/** The content of an extended header. */
export function recordsOf(records: Readonly<Record<string, string>>): Buffer {
  return Buffer.from(
    Object.entries(records)
      .map(([key, value]) => record(key, value))
      .join(''),
  );
}

function needsPax(text: string): boolean {
  return text.length > 100 || Buffer.byteLength(text) !== text.length;
}

function record(key: string, value: string): string {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + String(rest).length;
  length = rest + String(length).length;
  return `${length} ${key}=${value}\n`;
}

function header(name: string, type: string, size: number | Uint8Array, link: string, mtime: number): Buffer {
  const block = Buffer.alloc(blockSize);
  const octal = (value: number, at: number, digits: number): void => {
    block.write(`${value.toString(8).padStart(digits, '0')}\0`, at, 'latin1');
  };
  block.write(name.slice(0, 100), 0, 'latin1');
  octal(0o644, 100, 7);
  octal(0, 108, 7);
  octal(0, 116, 7);
  if (typeof size === 'number') octal(size, 124, 11);
  else block.set(size, 124);
  octal(mtime, 136, 11);
  block.fill(' ', 148, 156);
  block.write(type, 156, 'latin1');
  block.write(link.slice(0, 100), 157, 'latin1');
  block.write('ustar\0' + '00', 257, 'latin1');
  let sum = 0;
  for (const byte of block) sum += byte;
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

function padded(content: Uint8Array): Buffer {
  return Buffer.concat([content, Buffer.alloc(-content.length & (blockSize - 1))]);
}
