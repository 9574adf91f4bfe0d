/** What the crash test's child writes: known to both processes. */
export const SERIES = 60;

export function timeOf(row: number): number {
  return 1_700_000_000_000 + row * 1000;
}

export function valueOf(series: number, row: number): number {
  switch (series % 4) {
    case 0:
      return series;
    case 1:
      return row * (series + 1);
    case 2:
      return Math.sin(row * series);
    default:
      return Math.floor(row / 100) / 10;
  }
}
