import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { nothingYet, readSaid, wrongIn, type Acknowledged } from './plan.ts';
import { canTrace, runChild } from './run-child.ts';

/*
 * One store is killed again and again: at random, at each point where the store tells SQLite to change something, and
 * at the system calls with which SQLite does it. What was acknowledged is there each time. 50 kills here, more from
 * HEARTH_CRASH_KILLS.
 */
const KILLS = Number(process.env['HEARTH_CRASH_KILLS'] ?? 50);
const TRACED = canTrace();
const AT_RANDOM = Math.round(KILLS * 0.2);
const AT_CALLS = TRACED ? Math.round(KILLS * 0.3) : 0;
const AT_POINTS = KILLS - AT_RANDOM - AT_CALLS;
const time = (kills: number): number => 60_000 + kills * 10_000;

let folder = '';
let path = '';
let acknowledged: Acknowledged;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-crash-'));
  path = join(folder, 'store.db');
  acknowledged = nothingYet();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test(`no acknowledged sample is lost by ${AT_RANDOM} kills at random`, { timeout: time(AT_RANDOM) }, async () => {
  for (let round = 0; round < AT_RANDOM; round++) {
    const started = (kill: () => void): void => void setTimeout(kill, Math.random() * 250);
    readSaid((await runChild([path], { started })).said, acknowledged);
    expect(await wrongIn(path, acknowledged), `round ${round}`).toEqual([]);
  }
});

test(`nor by kills at ${AT_POINTS} write points`, { timeout: time(AT_POINTS) }, async () => {
  // The first points are those of opening; later ones meet commits, seals, removals, cleaning. Steps that share no
  // divisor with the number of statements in any of these come to each of them in time.
  const point = (round: number): number => (round < 12 ? 1 + round : 13 + ((round * 37) % 400));
  for (let round = 0; round < AT_POINTS; round++) {
    // Those of opening have to meet a store that is not there yet.
    const isFresh = round < 12;
    const [file, known] = isFresh ? [join(folder, `fresh-${round}.db`), nothingYet()] : [path, acknowledged];
    const { said } = await runChild([file, point(round), 200]);
    readSaid(said, known);
    expect(await wrongIn(file, known), `write point ${point(round)}`).toEqual([]);
  }
});

test.skipIf(!TRACED)(`nor by kills at ${AT_CALLS} system calls`, { timeout: time(AT_CALLS) }, async () => {
  const CALLS = ['pwrite64', 'fdatasync', 'pwrite64', 'ftruncate', 'pwrite64'];
  for (let round = 0; round < AT_CALLS; round++) {
    const call = CALLS[round % CALLS.length];
    const nth = call === 'ftruncate' ? 1 + (round % 3) : 1 + ((round * 29) % (call === 'pwrite64' ? 600 : 60));
    const before =
      `strace -f -qq -o /dev/null --seccomp-bpf -e trace=${call} -e inject=${call}:signal=SIGKILL:when=${nth}`.split(
        ' ',
      );
    readSaid((await runChild([path, 0, 120], { before })).said, acknowledged);
    expect(await wrongIn(path, acknowledged), `${call} ${nth}`).toEqual([]);
  }
});

if (!TRACED) console.warn('kills at system calls are skipped: strace is missing here, or may not trace');
