import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readReport, ReportFileError, reportText } from '../../bench/results/report.js';
import { figure, group, report } from './reports.js';

describe('report.json', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'hostcompute-report-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  function written(text: string): string {
    const path = join(folder, 'report.json');
    writeFileSync(path, text);
    return path;
  }

  const refuses = (text: string, reason: RegExp): void =>
    assert.throws(
      () => readReport(written(text)),
      (error) => error instanceof ReportFileError && reason.test(error.message) && error.message.includes(folder),
    );

  it('round-trips through a file', () => {
    const whole = report([group([figure([1.5, 2])])]);
    assert.deepEqual(readReport(written(reportText(whole))), whole);
  });

  it('stores numbers with six digits', () => {
    assert.match(
      reportText(report([group([figure([1 / 3, 1234567.891, 2_000_000_000])])])),
      /0\.333333,1234570,2000000000/,
    );
  });

  it('is rejected when it cannot be read or is not JSON', () => {
    assert.throws(() => readReport(join(folder, 'none.json')), /none\.json cannot be read: ENOENT/);
    refuses('<html>', /is not JSON: pass the report\.json/);
  });

  it('is rejected when it is not a report', () => {
    refuses('null', /is no report of these benchmarks/);
    refuses('{"version":1}', /is no report of these benchmarks/);
  });

  it('is rejected with the version of another format', () => {
    refuses(JSON.stringify({ ...report([]), version: 99 }), /is of version 99 of the format, this is version 1/);
  });

  it('is rejected when sections are damaged, naming what is missing', () => {
    const damaged = (sections: unknown): string => JSON.stringify({ ...report([]), sections });
    refuses(damaged(undefined), /has no sections: it is damaged/);
    refuses(damaged([{ id: 'a' }]), /has a section without groups/);
    refuses(damaged([{ id: 'a', groups: [{}] }]), /has no figures in section a/);
    refuses(
      damaged([{ id: 'a', groups: [{ figures: [{ name: 'start' }] }] }]),
      /has no rounds in "start" of section a/,
    );
  });
});
