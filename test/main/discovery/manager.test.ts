import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { TargetGroup } from '#main/config/index.ts';
import { createDiscoveryManager, type DiscoveryManager } from '#main/discovery/index.ts';
import { addresses, configured, realDeps, standIn, until, type StandIn } from './stand-in.ts';

const open: (DiscoveryManager | StandIn)[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await ('stop' in each ? each.stop() : each.close());
});

function manager() {
  const found = new Map<string, readonly TargetGroup[]>();
  const problems = new Map<string, string | null>();
  const made = createDiscoveryManager({
    ...realDeps(),
    onGroups: (job, groups) => found.set(job, groups),
    onProblem: (job, problem) => problems.set(job, problem),
  });
  open.push(made);
  const at = (job: string): string => addresses(found.get(job) ?? []).join();
  return { made, found, problems, at };
}

test('jobs get what all their mechanisms know; a change restarts only what it changes', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hearth-manager-'));
  writeFileSync(join(folder, 'a.yml'), '- targets: [f:1]\n');
  let asked = 0;
  let list = 'h:1';
  const server = await standIn(() => {
    asked++;
    return [{ targets: [list] }];
  });
  open.push(server);
  const file = configured(`file_sd_configs: [{files: ['${folder}/*.yml']}]`);
  const http = (): ReturnType<typeof configured> => configured(`http_sd_configs: [{url: '${server.origin}'}]`);
  const { made, found, at } = manager();
  made.apply([
    { jobName: 'a', discovery: [configured('static_configs: [{targets: [s:1]}]'), file, http()] },
    { jobName: 'b', discovery: [http()] },
  ]);
  await until(() => (at('a') === 'f:1,h:1' && at('b') === 'h:1' ? { value: null } : null));
  const sources = (found.get('a') ?? []).map((group) => group.source);
  expect(new Set(sources).size).toBe(2);
  expect(asked).toBe(2);

  // The same again, read anew from the file: nothing is asked twice.
  list = 'h:2';
  made.apply([{ jobName: 'a', discovery: [http()] }]);
  expect(at('a')).toBe('h:1');
  expect(asked).toBe(2);

  made.apply([{ jobName: 'a', discovery: [configured(`http_sd_configs: [{url: '${server.origin}/other'}]`)] }]);
  expect(at('a')).toBe('');
  await until(() => (at('a') === 'h:2' ? { value: null } : null));
  await made.stop();
  expect(asked).toBe(3);
});

test('what goes wrong is told by job', async () => {
  const server = await standIn(() => null);
  open.push(server);
  const { made, problems } = manager();
  made.apply([{ jobName: 'a', discovery: [configured(`http_sd_configs: [{url: '${server.origin}'}]`)] }]);
  await until(() => (problems.has('a') ? { value: null } : null));
  expect(problems.get('a')).toContain('404');
});
