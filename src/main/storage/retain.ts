import type { Millis } from '#shared/model/index.ts';
import type { Database } from './database.ts';
import type { Groups } from './groups.ts';
import type { Head } from './head.ts';
import { dropEmptyGroups, forgetGroups, pruneFrames } from './prune.ts';
import type { TierKeeper } from './tier-keeper.ts';
import type { Visibility } from './visibility.ts';

/** Pages given back to the file system in one step. */
const VACUUM_PAGES = 256;

/** Removes the oldest stored block that ends before `time`; null: the oldest whatever its time. @returns whether one was */
export function removeOldest(
  database: Database,
  head: Head,
  groups: Groups,
  tiers: TierKeeper,
  time: Millis | null,
): boolean {
  const emptied = database.transaction((sqlite) => {
    // A timeline tells a replay that its block is in frames: it stays as long as the journal may mention the block.
    const oldest = sqlite
      .prepare(
        `SELECT id, frame_from, frame_to, maxt FROM timeline
         WHERE maxt < ? AND seq < (SELECT ifnull(min(seq), 9007199254740991) FROM journal) ORDER BY maxt LIMIT 1`,
      )
      .raw()
      .get(time ?? Infinity) as [number, number, number, number] | undefined;
    if (oldest === undefined) return null;
    const [timeline, from, to, maxt] = oldest;
    const touched = sqlite
      .prepare('SELECT DISTINCT grp FROM frame WHERE id BETWEEN ? AND ?')
      .pluck()
      .all(from, to) as number[];
    sqlite.prepare('DELETE FROM frame WHERE id BETWEEN ? AND ?').run(from, to);
    sqlite.prepare('DELETE FROM timeline WHERE id = ?').run(timeline);
    tiers.removed(maxt);
    return dropEmptyGroups(database, touched);
  });
  if (emptied === null) return false;
  forgetGroups(head, groups, emptied);
  return true;
}

/**
 * Takes out of one timeline's frames what rules let go earlier than the rest: the oldest timeline that ends before the
 * rule's horizon and was not looked at for this rule yet. How far that went is kept under `name` in the database.
 * @returns whether there was one
 */
export function removeByRule(
  database: Database,
  head: Head,
  groups: Groups,
  visibility: Visibility,
  tiers: TierKeeper,
  rule: { readonly number: number; readonly name: string },
): boolean {
  const general = visibility.horizonOfRule(0);
  const own = visibility.horizonOfRule(rule.number);
  // Tiers are made of what is kept as long as the rest, or longer.
  const horizon = own > general ? own : tiers.removable(own);
  const emptied = database.transaction((sqlite) => {
    const [maxt, id] = (sqlite.prepare('SELECT maxt, id FROM kept WHERE name = ?').raw().get(rule.name) ?? [
      -Number.MAX_SAFE_INTEGER,
      0,
    ]) as [number, number];
    const next = sqlite
      .prepare(
        `SELECT id, maxt, frame_from, frame_to FROM timeline
         WHERE (maxt, id) > (?, ?) AND maxt < ? ORDER BY maxt, id LIMIT 1`,
      )
      .raw()
      .get(maxt, id, horizon) as [number, number, number, number] | undefined;
    if (next === undefined) return null;
    const [timeline, end, from, to] = next;
    const frames = sqlite.prepare('SELECT id, grp FROM frame WHERE id BETWEEN ? AND ?').raw().all(from, to) as [
      number,
      number,
    ][];
    const concerned = frames.filter(([, group]) =>
      (groups.members.get(group) ?? []).some((ref) => ref >= 0 && visibility.ruleOf(ref) === rule.number),
    );
    const ids = concerned.map(([frame]) => frame);
    sqlite.prepare('INSERT OR REPLACE INTO kept (name, maxt, id) VALUES (?, ?, ?)').run(rule.name, end, timeline);
    const { emptied } = pruneFrames(database, groups, timeline, ids, visibility);
    if (own <= general) tiers.removed(end);
    // As in `removeOldest`, the timeline has to stay while the journal may mention its block.
    sqlite
      .prepare(
        `DELETE FROM timeline WHERE id = ? AND seq < (SELECT ifnull(min(seq), 9007199254740991) FROM journal)
         AND NOT EXISTS (SELECT 1 FROM frame WHERE id BETWEEN ? AND ?)`,
      )
      .run(timeline, from, to);
    return emptied;
  });
  if (emptied === null) return false;
  forgetGroups(head, groups, emptied);
  return true;
}

/**
 * Gives a few free pages back to the file system. Each costs writing several: what is needed again soon is to stay.
 * @param keep bytes of free pages that stay for what is written next
 * @returns whether there were more
 */
export function giveBack(database: Database, keep: number): boolean {
  const { free } = database.pages();
  if (free <= keep) return false;
  database.run((sqlite) => sqlite.pragma(`incremental_vacuum(${VACUUM_PAGES})`));
  return true;
}

/** Bytes of free pages that are not worth moving others for. */
export function spare(database: Database): number {
  return 32_768 + database.pages().all / 100;
}
