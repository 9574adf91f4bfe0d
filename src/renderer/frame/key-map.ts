import { modKey } from '#renderer/ui/index.ts';

/** What a key does, as a key of the catalogue. */
export type KeyAction =
  | 'palette'
  | 'settings'
  | 'screens'
  | 'theme'
  | 'list'
  | 'inspector'
  | 'sheet'
  | 'chart'
  | 'target'
  | 'crosshair'
  | 'range'
  | 'pause'
  | 'filter'
  | 'explore'
  | 'copy'
  | 'table'
  | 'run'
  | 'complete'
  | 'accept'
  | 'edit'
  | 'full'
  | 'goTo'
  | 'escape'
  | 'back'
  | 'add'
  | 'save'
  | 'test';

export interface KeyGroup {
  readonly title: 'anywhere' | 'live' | 'explore' | 'settings';
  readonly keys: readonly (readonly [keys: readonly string[], does: KeyAction])[];
}

/** All keys, by where they act. */
export const KEY_MAP: readonly KeyGroup[] = [
  {
    title: 'anywhere',
    keys: [
      [[modKey('K')], 'palette'],
      [[modKey('1–5')], 'screens'],
      [[modKey(',')], 'settings'],
      [[modKey('⇧L')], 'theme'],
      [[modKey('\\')], 'list'],
      [[modKey('I')], 'inspector'],
      [['?'], 'sheet'],
    ],
  },
  {
    title: 'live',
    keys: [
      [['J', 'K'], 'chart'],
      [['H', 'L'], 'target'],
      [['[', ']'], 'crosshair'],
      [['−', '='], 'range'],
      [['Space'], 'pause'],
      [['/'], 'filter'],
      [['E'], 'explore'],
      [['F'], 'full'],
      [['G'], 'goTo'],
      [['C'], 'copy'],
      [['T'], 'table'],
      [['Esc'], 'back'],
    ],
  },
  {
    title: 'explore',
    keys: [
      [[modKey('↵')], 'run'],
      [['Ctrl Space'], 'complete'],
      [['Tab'], 'accept'],
      [['E'], 'edit'],
      [['F'], 'full'],
      [['G'], 'goTo'],
      [['[', ']'], 'crosshair'],
      [['−', '='], 'range'],
      [['Space'], 'pause'],
      [['/'], 'filter'],
      [['C'], 'copy'],
      [['T'], 'table'],
      [['Esc'], 'escape'],
    ],
  },
  {
    title: 'settings',
    keys: [
      [['N'], 'add'],
      [[modKey('S')], 'save'],
      [[modKey('T')], 'test'],
    ],
  },
];
