// The form that Windows has layers in. A base layer and a utility VM are files with their security, attributes and streams, which
// BackupWrite applies; everything else goes to ImportLayer, in the transport form.
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

import type { FileTimes } from '../../formats/file-time.js';
import { openings } from '../../windows/openings.js';
import type { WindowsFile } from '../../windows/windows-files.js';
import { sideFileSuffix } from '../../formats/entry-name.js';
import { isWithin } from '../entry-path.js';
import type { LayerWriter } from './layer-writer.js';
import type { WindowsSession } from './windows-session.js';

/** What a call is given at once: most files whole. */
const bufferSize = 2 ** 20;
const attributesSize = 4;

/** The file that is being written. */
interface Current {
  readonly file: WindowsFile;
  readonly isBackup: boolean;
  readonly times: FileTimes;
  /** 0 where they are left alone. */
  readonly attributes: number;
}

export class WindowsWriter implements LayerWriter {
  readonly #session: WindowsSession;
  readonly #buffer = Buffer.allocUnsafeSlow(bufferSize);
  #used = 0;
  #current: Current | undefined;
  readonly #links: string[] = [];
  /** Where the content of the next entry is kept as well, and that of the last one. */
  #nextCopy: string | undefined;
  #copyIs: string | undefined;

  constructor(session: WindowsSession) {
    this.#session = session;
  }

  open(): void {
    this.#session.open();
  }

  directory(path: string, head: Buffer, times: FileTimes, isThere: boolean): void {
    this.#end();
    if (this.#isFinal(path)) {
      const opening = isThere ? openings.folderAgain : openings.newFolder;
      this.#begin(this.#rootOf(path).open(path, opening), head, times);
    } else {
      this.#session.root.open(path, openings.newPlainFolder)[Symbol.dispose]();
      this.#beginTransport(path + sideFileSuffix, head, times);
    }
    this.#session.directories.set(path, { times, attributes: attributesOf(head) });
  }

  directoryLink(path: string, head: Buffer, times: FileTimes): void {
    if (this.#isFinal(path)) return this.directory(path, head, times, false);
    this.#end();
    this.#beginTransport(path + sideFileSuffix, head, times);
    this.#links.push(path);
    this.#session.directories.set(path, { times, attributes: attributesOf(head) });
  }

  file(path: string, head: Buffer, times: FileTimes): void {
    this.#end();
    // What is below Hives has no head: it is its content alone, in a layer of any kind.
    if (!this.#isFinal(path) || head.length === 0) this.#beginTransport(path, head, times);
    else this.#begin(this.#rootOf(path).open(path, openings.newFile), head, times);
  }

  hardLink(): void {
    // It has the times of its file.
  }

  stream(header: Buffer): void {
    this.#copyIs = undefined;
    this.write(header);
  }

  copyNextTo(name: string): void {
    this.#nextCopy = join(this.#session.vmPath, name);
  }

  write(bytes: Buffer): void {
    if (this.#copyIs !== undefined) appendFileSync(this.#copyIs, bytes);
    this.#hold(bytes);
  }

  #hold(bytes: Buffer): void {
    if (bytes.length > bufferSize - this.#used) this.#flush();
    if (bytes.length >= bufferSize) this.#put(bytes);
    else this.#used += bytes.copy(this.#buffer, this.#used);
  }

  finish(): void {
    this.#end();
  }

  complete(): void {
    for (const path of this.#links) this.#session.root.open(path, openings.newPlainFolder)[Symbol.dispose]();
  }

  close(): void {
    this.#current = undefined;
    this.#session.end();
  }

  #isFinal(path: string): boolean {
    return this.#session.isBase || isWithin(path, 'UtilityVM');
  }

  #rootOf(path: string): WindowsFile {
    return isWithin(path, 'UtilityVM') ? this.#session.vmRoot : this.#session.root;
  }

  #begin(file: WindowsFile, head: Buffer, times: FileTimes): void {
    this.#current = { file, isBackup: true, times, attributes: attributesOf(head) };
    this.#hold(head.subarray(attributesSize));
  }

  #beginTransport(path: string, head: Buffer, times: FileTimes): void {
    const file = this.#session.root.open(path, openings.newPlainFile);
    this.#current = { file, isBackup: false, times, attributes: 0 };
    this.#hold(head);
  }

  /** Completes the last file: after its content, which would change its times. */
  #end(): void {
    this.#copyIs = this.#nextCopy;
    this.#nextCopy = undefined;
    if (this.#copyIs !== undefined) appendFileSync(this.#copyIs, '');
    if (this.#current === undefined) return;
    const { file, isBackup, times, attributes } = this.#current;
    this.#flush();
    if (isBackup) file.backupEnd();
    file.setInfo(times, attributes);
    this.#current = undefined;
    file[Symbol.dispose]();
  }

  #flush(): void {
    if (this.#used > 0) this.#put(this.#buffer.subarray(0, this.#used));
    this.#used = 0;
  }

  #put(bytes: Buffer): void {
    const { file, isBackup } = this.#current!;
    if (isBackup) file.backupWrite(bytes, true);
    else file.write(bytes);
  }
}

/** FILE_ATTRIBUTE_*, with which a head begins; 0 leaves them alone. */
function attributesOf(head: Buffer): number {
  return head.length === 0 ? 0 : head.readUInt32LE(0);
}
