import type { ExpositionWriter } from '#main/telemetry/index.ts';
import type { SystemFiles } from './files.ts';

/** Writes the families of one part of the machine; what the kernel does not offer is left out. */
export type Collector = (files: SystemFiles, out: ExpositionWriter) => void;

/** Lines of a table as words. */
export function words(text: string): string[][] {
  const rows: string[][] = [];
  for (const line of text.split('\n')) {
    const row = line.trim();
    if (row !== '') rows.push(row.split(/\s+/));
  }
  return rows;
}
