import assert from 'node:assert/strict';

import { byteSize } from '../src/output/byte-size.js';
import { painter } from '../src/output/color.js';
import type { Clock, Step } from '../src/output/progress.js';
import { Progress } from '../src/output/progress.js';

/** A stream that keeps what is written, as a terminal or a pipe. */
function fakeStream(isTTY: boolean, columns = 80, rows = 24): NodeJS.WriteStream & { readonly written: string[] } {
  const written: string[] = [];
  const write = (text: string): boolean => written.push(text) > 0;
  return { isTTY, columns, rows, written, write } as unknown as NodeJS.WriteStream & { readonly written: string[] };
}

/** Time that passes when it is told to. */
class FakeClock implements Clock {
  #time = 0;
  #next: { readonly at: number; readonly act: () => void } | undefined;
  readonly now = () => this.#time;
  readonly wake = (act: () => void, milliseconds: number) => {
    this.#next = { at: this.#time + milliseconds, act };
    return { cancel: () => (this.#next = undefined) };
  };

  pass(milliseconds: number): void {
    this.#time += milliseconds;
    const due = this.#next;
    if (due === undefined || due.at > this.#time) return;
    this.#next = undefined;
    due.act();
  }
}

const step = (more: Partial<Step> = {}): Step => ({
  label: 'layer',
  phase: 'download',
  state: 'active',
  bytes: 0,
  totalBytes: 100e6,
  ...more,
});

describe('Progress', () => {
  it('draws at most ten times per second in a terminal, each time over the last', () => {
    const [stream, clock] = [fakeStream(true), new FakeClock()];
    const progress = new Progress({ color: 'never' }, stream, clock);
    for (let at = 0; at < 99; at++) {
      progress.update('a', step({ bytes: at * 1e6 }));
      clock.pass(10);
    }
    const drawn = stream.written.filter((text) => text.includes('layer'));
    assert.ok(drawn.length <= 10, String(drawn.length));
    assert.match(drawn.at(-1)!, /^layer {2}download \[=+ +\] \d+(\.\d)? MB of 100 MB\n$/);
    assert.ok(stream.written.includes('\x1b[1A'), 'the cursor goes up');
  });

  it('shows the end, whenever that is', () => {
    const [stream, clock] = [fakeStream(true), new FakeClock()];
    {
      using progress = new Progress({ color: 'never' }, stream, clock);
      progress.update('a', step());
      progress.update('a', step({ state: 'done', phase: 'unpack' }));
    }
    assert.equal(stream.written.at(-1), 'layer  unpack done\n');
  });

  it('has a plain line each 5 s in a pipe', () => {
    const [stream, clock] = [fakeStream(false), new FakeClock()];
    const progress = new Progress({ color: 'always' }, stream, clock);
    for (let at = 0; at < 110; at++) {
      progress.update('a', step({ bytes: at * 1e6 }));
      progress.update('b', step({ label: 'other', state: 'exists' }));
      clock.pass(100);
    }
    progress[Symbol.dispose]();
    assert.deepEqual(
      stream.written.map((line) => line.replace(/\d+(\.\d)? MB of/, 'N of')),
      ['1 of 2 done; layer download N of 100 MB\n', '1 of 2 done; layer download N of 100 MB\n'],
    );
  });

  it('says nothing with --json', () => {
    const [stream, clock] = [fakeStream(true), new FakeClock()];
    const progress = new Progress({ json: true }, stream, clock);
    progress.update('a', step());
    clock.pass(10_000);
    progress[Symbol.dispose]();
    assert.deepEqual(stream.written, []);
  });

  it('fits the terminal', () => {
    const [stream, clock] = [fakeStream(true, 30, 6), new FakeClock()];
    const progress = new Progress({ color: 'never' }, stream, clock);
    for (let at = 0; at < 20; at++) progress.update(String(at), step({ label: `layer-${at}` }));
    progress[Symbol.dispose]();
    const lines = stream.written.at(-1)!.trimEnd().split('\n');
    assert.equal(lines.length, 4);
    for (const line of lines) assert.ok(line.length <= 30, line);
    assert.match(lines.at(-1)!, /^0 of 20 done; .*…$/);
  });
});

describe('Colour', () => {
  it('is that of --color, whatever the stream', () => {
    const pipe = fakeStream(false);
    assert.equal(painter({ color: 'always' }, pipe)('red', 'x'), '\x1b[31mx\x1b[39m');
    assert.equal(painter({ color: 'never' }, pipe)('red', 'x'), 'x');
  });
});

describe('Sizes', () => {
  it('have three digits or so', () => {
    const sizes = [0, 999, 1000, 3_440_000, 99_949_999, 99_950_000, 999_600_000, 300e9];
    const shown = ['0 B', '999 B', '1.0 kB', '3.4 MB', '99.9 MB', '100 MB', '1.0 GB', '300 GB'];
    assert.deepEqual(sizes.map(byteSize), shown);
  });
});
