// Errors lead to the doctor: what they name is there.
import assert from 'node:assert/strict';

import { describeStatus, resultCodes } from 'hostcompute';
import { doctor, goals, replay } from 'hostcompute/doctor';

import { recordingOf } from './hosts/server-2022.js';

describe('The doctor that errors name', () => {
  const leading = resultCodes.filter(({ checks }) => checks !== undefined);

  it('has the checks and the goals', async () => {
    const { checks } = await doctor({ goals, answers: replay(recordingOf({})) });
    const ids = new Map(checks.map((check) => [check.id, check]));
    assert.ok(leading.length > 15);
    for (const { code, remedy, checks: named = [] } of leading) {
      const [, asked = ''] = /run "hostcompute doctor --for ([a-z,]+)"\.$/.exec(remedy) ?? [];
      const wanted = asked.split(',');
      assert.deepEqual(
        wanted.filter((goal) => !(goals as readonly string[]).includes(goal)),
        [],
        code,
      );
      // A check that matters to none of the goals would be skipped.
      for (const id of named)
        assert.ok(
          ids.get(id)?.goals.some((goal) => wanted.includes(goal)),
          `${code}: ${id}`,
        );
    }
  });

  it('is in the remedy, in either spelling of a code', () => {
    for (const status of [0xc0351000, 0x80070005, 5]) {
      const { remedy, checks } = describeStatus(status);
      assert.match(remedy ?? '', /hostcompute doctor --for/);
      assert.ok(checks !== undefined && checks.length > 0);
    }
    assert.equal(describeStatus(0xc037010e).checks, undefined);
  });
});
