import type { Millis } from '#shared/model/index.ts';
import type { Database } from './database.ts';
import type { Groups } from './groups.ts';
import type { Head } from './head.ts';

/** Pages given back to the file system in one step. */
const VACUUM_PAGES = 256;

/** Removes the oldest stored block that ends before `time`; null: the oldest whatever its time. @returns whether one was */
export function removeOldest(database: Database, head: Head, groups: Groups, time: Millis | null): boolean {
  const gone = database.transaction((sqlite) => {
    // A timeline tells a replay that its block is in frames: it stays as long as the journal may mention the block.
    const oldest = sqlite
      .prepare(
        `SELECT id, frame_from, frame_to FROM timeline
         WHERE maxt < ? AND seq < (SELECT ifnull(min(seq), 9007199254740991) FROM journal) ORDER BY maxt LIMIT 1`,
      )
      .raw()
      .get(time ?? Infinity) as [number, number, number] | undefined;
    if (oldest === undefined) return null;
    const [timeline, from, to] = oldest;
    const touched = sqlite
      .prepare('SELECT DISTINCT grp FROM frame WHERE id BETWEEN ? AND ?')
      .pluck()
      .all(from, to) as number[];
    sqlite.prepare('DELETE FROM frame WHERE id BETWEEN ? AND ?').run(from, to);
    sqlite.prepare('DELETE FROM timeline WHERE id = ?').run(timeline);
    const left = sqlite.prepare('SELECT 1 FROM frame WHERE grp = ? LIMIT 1').pluck();
    const empty = touched.filter((group) => left.get(group) === undefined);
    const drop = sqlite.prepare('DELETE FROM grp WHERE id = ?');
    for (const group of empty) drop.run(group);
    return empty;
  });
  if (gone === null) return false;
  for (const group of gone) {
    for (const ref of groups.members.get(group) ?? []) {
      if (ref < 0) continue;
      head.state.dropGroup(ref, group);
      if (head.state.groups(ref).length > 0 || head.columnsOf(ref).length > 0) continue;
      head.index.remove(ref);
      head.state.clearStored(ref);
    }
    groups.members.delete(group);
  }
  return true;
}

/** Gives a few free pages back to the file system. @returns whether there are more */
export function giveBack(database: Database): boolean {
  return database.run((sqlite) => {
    const free = sqlite.pragma('freelist_count', { simple: true }) as number;
    const pages = sqlite.pragma('page_count', { simple: true }) as number;
    // Some free pages are kept for what is written next.
    if (free <= VACUUM_PAGES / 8 + pages * 0.02) return false;
    sqlite.pragma(`incremental_vacuum(${VACUUM_PAGES})`);
    return true;
  });
}
