import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/** The look of all editors. Every colour is a token, so that changing the theme needs no new editor. */
const look = EditorView.theme({
  '&': {
    height: '100%',
    color: 'var(--text-1)',
    backgroundColor: 'transparent',
    fontSize: '13px',
  },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': {
    fontFamily: 'var(--font-num)',
    fontVariantLigatures: 'none',
    lineHeight: '20px',
  },
  '.cm-content': { caretColor: 'var(--text-1)', padding: '0' },
  '.cm-line': { padding: '0 10px' },
  '.cm-cursor, .cm-dropCursor': { borderLeftColor: 'var(--text-1)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground, .cm-content ::selection':
    { backgroundColor: 'var(--pilot-wash)' },
  '.cm-placeholder': { color: 'var(--text-3)' },
  '.cm-gutters': {
    backgroundColor: 'transparent',
    color: 'var(--text-3)',
    border: 'none',
    fontSize: '11px',
  },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--ash-2)' },
  '&.cm-focused .cm-matchingBracket, .cm-matchingBracket': {
    backgroundColor: 'var(--pilot-wash)',
    outline: '1px solid var(--line-3)',
  },
  '&.cm-focused .cm-nonmatchingBracket, .cm-nonmatchingBracket': { backgroundColor: 'var(--crit-wash)' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--crit) 1px',
    textUnderlineOffset: '4px',
  },
  '.cm-lintRange-warning': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--warn) 1px',
    textUnderlineOffset: '4px',
  },
  '.cm-lintRange-info': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--info) 1px',
    textUnderlineOffset: '4px',
  },
  '.cm-lintPoint-error:after': { borderBottomColor: 'var(--crit)' },
  '.cm-tooltip': {
    color: 'var(--text-1)',
    backgroundColor: 'var(--ash-3)',
    border: 'none',
    borderRadius: 'var(--r-2)',
    boxShadow: 'var(--shadow-pop)',
  },
  '.cm-tooltip-lint': { fontFamily: 'var(--font-ui)', fontSize: '12px', maxWidth: '420px' },
  '.cm-diagnostic': { padding: '6px 10px', borderLeft: '2px solid var(--crit)' },
  '.cm-diagnostic-warning': { borderLeftColor: 'var(--warn)' },
  '.cm-diagnostic-info': { borderLeftColor: 'var(--info)' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    fontFamily: 'var(--font-num)',
    fontSize: '12px',
    maxHeight: '232px',
    minWidth: '320px',
    padding: '4px 0',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': {
    display: 'flex',
    alignItems: 'center',
    height: '24px',
    padding: '0 8px',
    lineHeight: '24px',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > completion-section': {
    display: 'block',
    borderBottom: 'none',
    color: 'var(--text-3)',
    fontFamily: 'var(--font-ui)',
    fontSize: '10.5px',
    opacity: '1',
    padding: '2px 8px',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    backgroundColor: 'var(--pilot-fill)',
    color: 'var(--on-pilot)',
  },
  '.cm-completionMatchedText': { color: 'var(--pilot)', textDecoration: 'none' },
  'li[aria-selected] .cm-completionMatchedText, li[aria-selected] .cm-completionDetail, li[aria-selected] .hearth-completion-glyph':
    { color: 'inherit' },
  '.cm-completionLabel': { flex: '1', overflow: 'hidden', textOverflow: 'ellipsis' },
  '.cm-completionDetail': { color: 'var(--text-3)', fontStyle: 'normal', marginLeft: '16px' },
  '.hearth-completion-glyph': {
    color: 'var(--text-3)',
    flex: 'none',
    height: '14px',
    marginRight: '8px',
    width: '14px',
  },
  '.cm-tooltip.cm-completionInfo': {
    fontFamily: 'var(--font-ui)',
    fontSize: '12px',
    lineHeight: '1.45',
    maxWidth: '300px',
    minWidth: '220px',
    padding: '8px 10px',
  },
  '.hearth-info-name': { fontFamily: 'var(--font-num)', fontSize: '11px', overflowWrap: 'anywhere' },
  '.hearth-info-help': { color: 'var(--text-2)', margin: '4px 0' },
  '.hearth-info-row': { display: 'flex', justifyContent: 'space-between', gap: '16px' },
  '.hearth-info-row dt': { color: 'var(--text-3)' },
  '.hearth-info-row dd': { fontFamily: 'var(--font-num)', fontSize: '11px', margin: '0', textAlign: 'right' },
  '.hearth-info-list': { margin: '0' },
  '.hearth-info-warning': { color: 'var(--warn)', marginTop: '4px' },
  '.hearth-info-trend': { height: '32px', marginTop: '6px' },
  '.hearth-info-trend svg': { display: 'block', width: '100%', height: '32px' },
  '.hearth-info-trend path': { fill: 'none', stroke: 'var(--pilot)', strokeWidth: '1.2' },
  '.cm-tooltip.hearth-signature': {
    maxWidth: 'min(860px, 90vw)',
    padding: '4px 9px',
    fontFamily: 'var(--font-ui)',
    fontSize: '12px',
    lineHeight: '17px',
  },
  '.hearth-signature-line': { fontFamily: 'var(--font-num)', fontSize: '12px', color: 'var(--text-2)' },
  '.hearth-signature-line b': { color: 'var(--text-1)', fontWeight: '600' },
  '.hearth-signature-doc': { color: 'var(--text-2)' },
});

const colours = HighlightStyle.define([
  { tag: [tags.variableName, tags.propertyName], color: 'var(--syn-metric)' },
  {
    tag: [tags.function(tags.variableName), tags.operatorKeyword, tags.modifier, tags.keyword],
    color: 'var(--syn-fn)',
  },
  { tag: [tags.labelName, tags.definition(tags.propertyName)], color: 'var(--syn-label)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--syn-str)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--syn-num)' },
  { tag: tags.unit, color: 'var(--syn-dur)' },
  {
    tag: [tags.operator, tags.logicOperator, tags.arithmeticOperator, tags.punctuation, tags.bracket, tags.separator],
    color: 'var(--syn-op)',
  },
  { tag: [tags.comment, tags.meta], color: 'var(--text-3)' },
]);

export const codeTheme: Extension = [look, syntaxHighlighting(colours)];
