import { describe, expect, test } from 'vitest';
import { parse, problem } from './parse.ts';

const samples = (body: string) =>
  parse('influx', body).samples.map(({ labels, value, time }) => {
    const { __name__: name, ...rest } = labels;
    return [name, rest, value, time];
  });

describe('line protocol', () => {
  test('fields become series, tags labels, times milliseconds', () => {
    expect(
      samples(
        'cpu,host=a,core=0 usage=0.64,idle=36i,used=7u,on=t,note="x y" 1700000000123456789\ncpu usage=1\n# a comment, "x\n\n  value value=2 1700000000\n',
      ),
    ).toEqual([
      ['cpu_usage', { host: 'a', core: '0' }, 0.64, 1700000000123],
      ['cpu_idle', { host: 'a', core: '0' }, 36, 1700000000123],
      ['cpu_used', { host: 'a', core: '0' }, 7, 1700000000123],
      ['cpu_on', { host: 'a', core: '0' }, 1, 1700000000123],
      ['cpu_usage', {}, 1, null],
      ['value', {}, 2, 1700000000000],
    ]);
  });

  test('truths in all their writings, numbers in theirs', () => {
    expect(
      samples('m a=true,b=True,c=TRUE,d=T,e=false,f=F,g=-1.5e3,h=.5,i=1.,j=-3i').map(([, , value]) => value),
    ).toEqual([1, 1, 1, 1, 0, 0, -1500, 0.5, 1, -3]);
  });

  test('escapes in each part; quotes are plain outside of values', () => {
    expect(samples('my\\ m\\,x,t\\=a\\ g=v\\,a\\=l,q="x" f\\ k\\==1,s="a\\"b,c=2 \\\\",z=2')).toEqual([
      ['my m,x_f k=', { 't=a g': 'v,a=l', q: '"x"' }, 1, null],
      ['my m,x_z', { 't=a g': 'v,a=l', q: '"x"' }, 2, null],
    ]);
  });

  test('a text may go over lines, carriage returns and a missing last line feed are fine', () => {
    expect(samples('a s="one\ntwo",v=1\r\nb v=2').map(([name]) => name)).toEqual(['a_v', 'b_v']);
  });

  test('the old naming scheme gets underscores', () => {
    expect(parse('influx', 'my-m,a.b=c x\\ y=1', { legacyNames: true }).samples[0].labels).toEqual({
      __name__: 'my_m_x_y',
      a_b: 'c',
    });
  });

  test.each([
    ['cpu', /^1: expected a blank and fields/],
    ['cpu ', /^1: expected field=value/],
    ['a v=1\ncpu usage', /^2: expected field=value at "usage"/],
    ['a s="x\ny"\nb v=', /^3: expected field=value/],
    ['cpu,host usage=1', /expected ,tag=value/],
    ['cpu,host= usage=1', /expected ,tag=value/],
    ['cpu,a=1,a=2 usage=1', /tag "a" stands twice/],
    ['cpu,__name__=x usage=1', /must not be called __name__/],
    [',host=a usage=1', /expected a measurement/],
    ['cpu usage=1,usage=2', /field "usage" stands twice/],
    ['cpu usage=NaN', /invalid field value "NaN"/],
    ['cpu usage=1e999', /invalid field value/],
    ['cpu usage=0x1', /invalid field value/],
    ['cpu usage=1.5i', /invalid field value/],
    ['cpu usage=-1u', /invalid field value/],
    ['cpu usage=1 12.5', /invalid timestamp "12.5"/],
    ['cpu usage=1 1 2', /invalid timestamp/],
    ['cpu usage=1,', /expected field=value at the end/],
    ['cpu usage="x', /expected field=value/],
    ['cpu usage="x"y', /expected a comma or a blank/],
  ])('%j is refused', (body, message) => {
    expect(problem('influx', body)).toMatch(message);
  });

  test('what is no UTF-8 is refused', () => {
    expect(problem('influx', Buffer.from([0x61, 0xff, 0x20, 0x62, 0x3d, 0x31]))).toMatch(/not UTF-8/);
  });
});
