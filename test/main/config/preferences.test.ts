import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  createPreferences,
  fileBackend,
  loadPrometheusConfig,
  resolveRetention,
  retentionFlagProblem,
} from '#main/config/index.ts';
import { DEFAULT_PREFERENCES } from '#shared/contract/index.ts';

describe('preferences', () => {
  test('are the defaults at first, kept when set, and told to listeners', () => {
    const folder = mkdtempSync(join(tmpdir(), 'hearth-preferences-'));
    const store = createPreferences(fileBackend(folder));
    expect(store.get()).toEqual(DEFAULT_PREFERENCES);
    const told: string[] = [];
    store.onChange(({ theme }) => told.push(theme));
    store.set({ ...store.get(), theme: 'dark', retention: '30d' });
    expect(told).toEqual(['dark']);
    expect(createPreferences(fileBackend(folder)).get()).toEqual({
      ...DEFAULT_PREFERENCES,
      theme: 'dark',
      retention: '30d',
    });
  });

  test('one that is not understood costs only itself', () => {
    const kept = { ...DEFAULT_PREFERENCES, theme: 'purple', liveWindow: 60_000, gone: 1 };
    const store = createPreferences({ load: () => kept, save: () => undefined });
    expect(store.get()).toEqual({ ...DEFAULT_PREFERENCES, liveWindow: 60_000 });
  });

  test('a broken file does not stop the start', () => {
    const folder = mkdtempSync(join(tmpdir(), 'hearth-preferences-'));
    writeFileSync(join(folder, 'preferences.json'), '{ broken');
    const store = createPreferences(fileBackend(folder));
    expect(store.get()).toEqual(DEFAULT_PREFERENCES);
    store.set({ ...DEFAULT_PREFERENCES, firstRunDone: true });
    expect(JSON.parse(readFileSync(join(folder, 'preferences.json'), 'utf8'))).toMatchObject({ firstRunDone: true });
    expect(readFileSync(join(folder, 'preferences.json.broken'), 'utf8')).toBe('{ broken');
    expect(createPreferences(fileBackend(folder)).get()).toMatchObject({ firstRunDone: true });
  });
});

describe('retention', () => {
  const DAY = 86_400_000;
  const none = { time: '', size: '' };
  const load = (text: string) => {
    const result = loadPrometheusConfig(text, { file: '/x', readFile: () => '', glob: () => [], env: {} });
    if (!result.ok) throw new Error(result.problems[0].message);
    return result.config;
  };
  const empty = load('');
  const written = load('storage: {tsdb: {retention: {time: 2d, size: 1GB}}}\n');

  test('a flag beats the file, the file beats the preference', () => {
    expect(resolveRetention({ time: '1d', size: '' }, written, '9d')).toMatchObject({
      time: DAY,
      size: 0,
      from: 'flag',
    });
    expect(resolveRetention(none, written, '9d')).toMatchObject({ time: 2 * DAY, size: 1024 ** 3, from: 'file' });
    expect(resolveRetention(none, empty, '9d')).toMatchObject({ time: 9 * DAY, from: 'preference' });
    expect(resolveRetention(none, empty, 'soon')).toMatchObject({ time: 15 * DAY, from: 'default' });
  });

  test('a size alone means no limit of time', () => {
    expect(resolveRetention({ time: '', size: '512MB' }, written, '9d')).toMatchObject({
      time: 0,
      size: 512 * 1024 ** 2,
    });
  });

  test('a flag that cannot be read is told by its name', () => {
    expect(retentionFlagProblem({ time: '1x', size: '' })).toBe(
      '--storage.tsdb.retention.time: unknown unit "x" in duration "1x"',
    );
    expect(retentionFlagProblem({ time: '', size: '1' })).toContain('--storage.tsdb.retention.size');
    expect(retentionFlagProblem({ time: '1d', size: '1.5GiB' })).toBeNull();
  });
});
