import { GROUP_SIZE } from './frame-codec.ts';
import type { SeriesState } from './series-state.ts';

/** A group that would be used by fewer series than this is left, when others are there to share a new one with. */
const WORTH_KEEPING = 8;

/** Series by group: those of one group share frames. A group's members never change. */
export class Groups {
  readonly members = new Map<number, readonly number[]>();
  next = 1;

  /**
   * Splits the columns of a block (references, in column order) into groups: known ones are kept where enough of
   * their members are there, the rest forms new ones of neighbours.
   * @param worthKeeping a group that fewer series would use is left
   * @returns column indices by group; `made` lists the new groups, not yet noted in `members`
   */
  assign(
    refs: Int32Array,
    columns: number,
    state: SeriesState,
    worthKeeping = WORTH_KEEPING,
  ): { readonly byGroup: Map<number, number[]>; readonly made: Map<number, readonly number[]> } {
    const byGroup = new Map<number, number[]>();
    const loose: number[] = [];
    for (let slot = 0; slot < columns; slot++) {
      // A series whose registration is lost has no place to go to.
      if (refs[slot] < 0) continue;
      const group = state.group[refs[slot]];
      if (group < 0) {
        loose.push(slot);
        continue;
      }
      const slots = byGroup.get(group);
      if (slots === undefined) byGroup.set(group, [slot]);
      else slots.push(slot);
    }
    const small = [...byGroup].filter(([, slots]) => slots.length < worthKeeping);
    if (small.length > 1 || (small.length === 1 && loose.length > 0))
      for (const [group, slots] of small) {
        loose.push(...slots);
        byGroup.delete(group);
      }
    loose.sort((a, b) => a - b);
    const made = new Map<number, readonly number[]>();
    for (let at = 0; at < loose.length; at += GROUP_SIZE) {
      const slots = loose.slice(at, at + GROUP_SIZE);
      const group = this.next++;
      byGroup.set(group, slots);
      made.set(
        group,
        slots.map((slot) => refs[slot]),
      );
    }
    return { byGroup, made };
  }
}
