import { statSync } from 'node:fs';
import { join } from 'node:path';
import { checkStore, repairStore, STORE_FILE, StorageError, type StoreFinding } from '#main/storage/index.ts';
import { FAILED, OK, USAGE, type CommandIo } from './io.ts';

/** Findings of one kind and table that are listed one by one. */
const LISTED = 20;

/** The store's file: what was named, or the one in the data folder that was named. */
function storeFile(path: string): string {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true ? join(path, STORE_FILE) : path;
}

const NAMES: Readonly<Record<string, string>> = {
  series: 'registrations of series',
  grp: 'groups of series',
  timeline: 'timelines',
  frame: 'frames',
  piece: 'pieces of blocks that are not sealed yet',
  journal: 'entries of the journal',
  late: 'samples that came late',
  tombstone: 'deletions',
  exemplar: 'exemplars',
  quarantine: 'blobs put aside earlier',
};

function words({ kind, table, place, detail, samples }: StoreFinding): string {
  const cost =
    samples === null ? '' : samples === 0 ? ' (no samples)' : ` (at most ${samples.toLocaleString('en')} samples)`;
  const what = NAMES[table] ?? table;
  switch (kind) {
    case 'structure':
      return `structure of the file: ${detail}`;
    case 'rows':
      return `${what} ${place}: cannot be read${cost}`;
    case 'damaged':
      return `${what} ${place}: ${detail}${cost}`;
    case 'orphan':
      return `${what} ${place}: ${detail} is missing${cost}`;
  }
}

function printFindings(io: CommandIo, findings: readonly StoreFinding[]): void {
  const listed = new Map<string, number>();
  for (const finding of findings) {
    const key = `${finding.kind} ${finding.table}`;
    const count = (listed.get(key) ?? 0) + 1;
    listed.set(key, count);
    if (count <= LISTED) io.err(`  ${words(finding)}`);
  }
  for (const [key, count] of listed) if (count > LISTED) io.err(`  and ${count - LISTED} more: ${key}`);
  const known = findings.reduce((sum, { samples }) => sum + (samples ?? 0), 0);
  const unknown = findings.some(({ samples }) => samples === null);
  io.err(
    `  ${findings.length} findings, at most ${known.toLocaleString('en')} samples${unknown ? ', and what cannot be counted' : ''}`,
  );
}

function guarded(io: CommandIo, path: string, work: () => number): number {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    const running = error.kind === 'locked';
    io.err(
      running
        ? `  FAILED: ${path} is in use by a running Hearth, which checks it in the background. Stop that one first.`
        : `  FAILED: ${error.message}`,
    );
    return FAILED;
  }
}

/** `check store PATH`: reads all of a store that is not open, and says what cannot be read. */
export function checkStoreFile(io: CommandIo, paths: readonly string[]): number {
  if (paths.length !== 1) {
    io.err('hearth check store: name a data folder, or the file of a store');
    return USAGE;
  }
  const path = storeFile(paths[0]);
  io.out(`Checking ${path}`);
  return guarded(io, path, () => {
    const { findings, samples, bytes } = checkStore(path);
    io.out(`  ${samples.toLocaleString('en')} samples in frames, ${bytes.toLocaleString('en')} bytes`);
    if (findings.length === 0) {
      io.out('  SUCCESS: everything can be read');
      return OK;
    }
    printFindings(io, findings);
    io.err(`  FAILED: "hearth repair store ${path}" keeps what can be read`);
    return FAILED;
  });
}

/** `repair store PATH`: writes what can be read to a new file in its place, and keeps the old one beside it. */
export function repairStoreFile(io: CommandIo, paths: readonly string[]): number {
  if (paths.length !== 1) {
    io.err('hearth repair store: name a data folder, or the file of a store');
    return USAGE;
  }
  const path = storeFile(paths[0]);
  io.out(`Repairing ${path}`);
  return guarded(io, path, () => {
    const { findings, samples, kept } = repairStore(path);
    if (kept === null) {
      io.out('  SUCCESS: nothing is wrong with it, nothing was changed');
      return OK;
    }
    printFindings(io, findings);
    io.out(`  SUCCESS: ${samples.toLocaleString('en')} samples in frames were kept; the old file is ${kept}`);
    return OK;
  });
}
