import { closeBrackets, closeBracketsKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { bracketMatching, indentOnInput, indentUnit } from '@codemirror/language';
import { lintGutter } from '@codemirror/lint';
import type { Extension } from '@codemirror/state';
import { highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from '@codemirror/view';
import { CodeMirror, type EditorHandle, type TextProblem } from './code-mirror.tsx';
import { codeTheme } from './code-theme.ts';

export interface YamlEditorProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly problems: readonly TextProblem[];
  readonly label: string;
  readonly readOnly?: boolean;
  readonly className?: string;
  readonly onReady?: (editor: EditorHandle | null) => void;
}

/** A YAML file as text. Tab indents; Escape, then Tab leaves the editor. */
export default function YamlEditor(props: YamlEditorProps) {
  const extensions = (): readonly Extension[] => [
    codeTheme,
    yaml(),
    lineNumbers(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    lintGutter(),
    history(),
    bracketMatching(),
    closeBrackets(),
    indentOnInput(),
    indentUnit.of('  '),
    keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, indentWithTab]),
  ];
  return <CodeMirror {...props} extensions={extensions} />;
}
