/** Values that move like real ones and are the same for the same moment: nothing to store, any window can be asked. */

function hash(text: string): number {
  let h = 2166136261;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 16777619);
  return h >>> 0;
}

/** Uniform in [0, 1) for a seed and an integer. */
function noiseAt(seed: number, i: number): number {
  let x = Math.imul(seed ^ Math.imul(i, 0x9e3779b1), 0x85ebca6b);
  x ^= x >>> 13;
  x = Math.imul(x, 0xc2b2ae35);
  x ^= x >>> 16;
  return (x >>> 0) / 4294967296;
}

function smoothNoise(seed: number, t: number): number {
  const i = Math.floor(t);
  const f = t - i;
  const ease = f * f * (3 - 2 * f);
  return noiseAt(seed, i) * (1 - ease) + noiseAt(seed, i + 1) * ease;
}

export interface Signal {
  readonly base: number;
  /** How far it strays from its base, as a share of it. */
  readonly swing: number;
  /** Share of single-scrape jitter. */
  readonly jitter: number;
  /** Whole numbers only. */
  readonly whole?: boolean;
}

/** The signal named `key` at a time in milliseconds. */
export function signalAt(key: string, signal: Signal, time: number): number {
  const seed = hash(key);
  const slow = smoothNoise(seed, time / 420_000) - 0.5;
  const fast = smoothNoise(seed + 7, time / 45_000) - 0.5;
  const burst = Math.max(0, smoothNoise(seed + 13, time / 150_000) - 0.78) * 6;
  const jitter = noiseAt(seed + 3, Math.floor(time / 1000)) - 0.5;
  const value = signal.base * (1 + signal.swing * (slow + 0.7 * fast + burst) + signal.jitter * jitter);
  const positive = Math.max(0, value);
  return signal.whole === true ? Math.round(positive) : positive;
}
