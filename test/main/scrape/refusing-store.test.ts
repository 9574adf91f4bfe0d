import { expect, test } from 'vitest';
import { StorageError } from '#main/storage/index.ts';
import { World } from './world.ts';

test('a store that takes nothing costs scrapes, not the scraping', async () => {
  const storing = new World();
  let refuses = false;
  const { storage } = storing;
  const writer = storage.writer.bind(storage);
  storage.writer = (source) => {
    const inner = writer(source);
    return {
      ...inner,
      append(batch) {
        if (refuses) throw new StorageError('io', 'store.db', 'store.db: input or output failed');
        return inner.append(batch);
      },
    };
  };
  storing.answers.set('http://a:1/metrics', 'x 1\n');
  storing.apply(
    "global: {scrape_interval: 1s, scrape_timeout: 1s}\nscrape_configs: [{job_name: j, static_configs: [{targets: ['a:1']}]}]",
  );
  await storing.pass(3000);
  const before = storing.samples('x')['x{instance="a:1", job="j"}'].length;
  expect(before).toBeGreaterThan(0);
  refuses = true;
  await storing.pass(3000);
  expect(storing.manager.targets().active[0].lastError?.message).toContain('input or output failed');
  refuses = false;
  await storing.pass(3000);
  expect(storing.manager.targets().active[0].health).toBe('up');
  expect(storing.samples('x')['x{instance="a:1", job="j"}'].length).toBeGreaterThan(before + 1);
  await storing.manager.stop();
});
