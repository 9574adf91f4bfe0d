import { setDiagnostics, type Diagnostic } from '@codemirror/lint';
import { EditorSelection, EditorState, type Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { useEffect, useRef } from 'react';

/** Something wrong at a place of the text, in UTF-16 offsets. */
export interface TextProblem {
  readonly from: number;
  readonly to: number;
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
}

/** What a page may do with an editor besides giving it a value. */
export interface EditorHandle {
  focus(): void;
  /** Puts text in place of the selection, and the cursor behind it. */
  insert(text: string): void;
  /** Scrolls to a line (1-based) and puts the cursor there. */
  reveal(line: number, column: number): void;
  /** Line (1-based) of the cursor. */
  line(): number;
}

interface CodeMirrorProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Made once, when the editor is: it lives as long as the component. */
  readonly extensions: () => readonly Extension[];
  readonly problems: readonly TextProblem[];
  readonly label: string;
  readonly readOnly?: boolean;
  readonly autoFocus?: boolean;
  readonly className?: string;
  /** Called with the handle when the editor is there, and with null when it goes. */
  readonly onReady?: (editor: EditorHandle | null) => void;
}

/** An editor whose text belongs to its parent; the cursor and the undo history belong to the editor. */
export function CodeMirror(props: CodeMirrorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });

  useEffect(() => {
    const parent = host.current;
    if (parent === null) return;
    const { value, extensions, label, readOnly = false, autoFocus = false, onReady } = latest.current;
    const editor = new EditorView({
      parent,
      state: EditorState.create({
        doc: value,
        selection: EditorSelection.cursor(value.length > 0 && autoFocus ? value.length : 0),
        extensions: [
          ...extensions(),
          EditorState.readOnly.of(readOnly),
          EditorView.contentAttributes.of({ 'aria-label': label, ...(readOnly ? { 'aria-readonly': 'true' } : {}) }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = editor;
    if (autoFocus) editor.focus();
    onReady?.(handleOf(editor));
    return () => {
      onReady?.(null);
      view.current = null;
      editor.destroy();
    };
  }, []);

  const { value, problems } = props;
  useEffect(() => {
    const editor = view.current;
    if (editor === null) return;
    const current = editor.state.doc.toString();
    if (current !== value) editor.dispatch({ changes: smallestChange(current, value) });
  }, [value]);

  useEffect(() => {
    const editor = view.current;
    if (editor === null) return;
    const length = editor.state.doc.length;
    const diagnostics = problems.map((problem): Diagnostic => {
      const from = Math.min(problem.from, length);
      return { ...problem, from, to: Math.max(from, Math.min(problem.to, length)) };
    });
    editor.dispatch(setDiagnostics(editor.state, diagnostics));
  }, [problems]);

  return <div ref={host} className={props.className} />;
}

function handleOf(editor: EditorView): EditorHandle {
  return {
    focus: () => editor.focus(),
    insert(text) {
      editor.dispatch(editor.state.replaceSelection(text), { scrollIntoView: true, userEvent: 'input' });
      editor.focus();
    },
    reveal(line, column) {
      const { doc } = editor.state;
      const at = doc.line(Math.max(1, Math.min(line, doc.lines)));
      const position = Math.min(at.to, at.from + Math.max(0, column - 1));
      editor.dispatch({
        selection: { anchor: position },
        effects: EditorView.scrollIntoView(position, { y: 'center' }),
      });
      editor.focus();
    },
    line: () => editor.state.doc.lineAt(editor.state.selection.main.head).number,
  };
}

/** The one replacement between the common start and the common end: cursor and marks elsewhere stay where they are. */
export function smallestChange(before: string, after: string): { from: number; to: number; insert: string } {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start++;
  let end = 0;
  while (end < most - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  return { from: start, to: before.length - end, insert: after.slice(start, after.length - end) };
}
