import { expect, test } from 'vitest';
import { LEGEND_WORDS, RECIPE_TITLES, type ChartSpec, type ChartTitle } from '#shared/contract/index.ts';
import { createI18n, resources } from '#renderer/i18n/index.ts';
import { zh } from '#renderer/i18n/zh/index.ts';
import { chartTitle, nameCharts } from '#renderer/pages/live/named-chart.ts';

const english = createI18n('en').getFixedT('en', 'live');
const chineseInstance = createI18n('en');
chineseInstance.addResourceBundle('zh', 'live', zh.live);
const chinese = chineseInstance.getFixedT('zh', 'live');

test('everything that the core calls something has words in both languages', () => {
  for (const live of [resources.en.live, zh.live]) {
    expect(Object.keys(live.chartTitle.recipe).sort()).toEqual([...RECIPE_TITLES].sort());
    expect(Object.keys(live.legend).sort()).toEqual([...LEGEND_WORDS].sort());
  }
});

test.each<[ChartTitle, string, string]>([
  [{ kind: 'recipe', recipe: 'load-average' }, 'Load average', '平均负载'],
  [{ kind: 'text', text: 'Orders waiting' }, 'Orders waiting', 'Orders waiting'],
  [{ kind: 'count', text: 'Checkout time' }, 'Checkout time, count', 'Checkout time，次数'],
  [
    { kind: 'ways', text: 'Messages', ways: ['received', 'sent'] },
    'Messages, received and sent',
    'Messages，接收与发送',
  ],
])('%o', (title, inEnglish, inChinese) => {
  expect(chartTitle(english, title)).toBe(inEnglish);
  expect(chartTitle(chinese, title)).toBe(inChinese);
});

test('words of the core follow the language, names of the target do not', () => {
  const spec: ChartSpec = {
    id: 'a',
    group: 'Network',
    title: { kind: 'recipe', recipe: 'network-traffic' },
    metric: 'node_network_receive_bytes_total',
    type: 'counter',
    kind: 'lines',
    unit: 'bytes/s',
    queries: [],
    hidden: 0,
    buckets: null,
  };
  const [named] = nameCharts(chinese, [spec]);
  expect(named).toMatchObject({ title: '网络流量', groupName: '网络', group: 'Network' });
  expect(named.wordOf('eth0 sent')).toBe('eth0 发送');
  expect(named.wordOf('waiting for I/O')).toBe('等待 I/O');
  expect(named.wordOf('p99')).toBe('p99');
  expect(named.wordOf('checkout desk')).toBe('checkout desk');
});
