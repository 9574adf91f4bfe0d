import {
  acceptCompletion,
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
  completionStatus,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching } from '@codemirror/language';
import { Prec, type Extension } from '@codemirror/state';
import { EditorView, keymap, placeholder as placeholderText, tooltips } from '@codemirror/view';
import { styleTags, tags } from '@lezer/highlight';
import { LanguageType, promQLLanguage } from '@prometheus-io/codemirror-promql';
import { useEffect, useRef } from 'react';
import { CodeMirror, type EditorHandle, type TextProblem } from './code-mirror.tsx';
import { codeTheme } from './code-theme.ts';
import { completionGlyph } from './completion-glyph.ts';
import { promqlCompletion, type CompletionWords } from './promql-completion.ts';
import { signatureHelp } from './signature-help.ts';
import type { Vocabulary } from './vocabulary.ts';

export interface PromqlEditorProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Ctrl/Cmd-Enter. */
  readonly onRun: () => void;
  readonly vocabulary: Vocabulary;
  readonly words: CompletionWords;
  readonly problems: readonly TextProblem[];
  readonly label: string;
  readonly placeholder: string;
  readonly autoFocus?: boolean;
  readonly onReady?: (editor: EditorHandle | null) => void;
}

/** Durations have a colour of their own, which the grammar's own tags do not give them. */
const language = promQLLanguage(LanguageType.PromQL).configure({
  props: [styleTags({ NumberDurationLiteralInDurationContext: tags.unit })],
});

/** PromQL over as many lines as one likes: Enter breaks the line, Ctrl/Cmd-Enter runs, Tab takes a completion. */
export default function PromqlEditor(props: PromqlEditorProps) {
  const run = useRef(props.onRun);
  useEffect(() => {
    run.current = props.onRun;
  });
  const extensions = (): readonly Extension[] => [
    codeTheme,
    language,
    history(),
    bracketMatching(),
    closeBrackets(),
    EditorView.lineWrapping,
    placeholderText(props.placeholder),
    signatureHelp(props.words),
    tooltips({ position: 'fixed' }),
    autocompletion({
      override: [promqlCompletion(props.vocabulary, props.words)],
      icons: false,
      addToOptions: [{ render: completionGlyph, position: 20 }],
      activateOnTypingDelay: 60,
      defaultKeymap: false,
    }),
    Prec.highest(
      keymap.of([
        {
          key: 'Mod-Enter',
          run: () => {
            run.current();
            return true;
          },
        },
        {
          key: 'Tab',
          // A list that has only just opened, or is made anew, takes no key yet; the focus must not leave the editor for that.
          run: (view) => acceptCompletion(view) || completionStatus(view.state) !== null,
        },
      ]),
    ),
    keymap.of([...closeBracketsKeymap, ...completionKeymap, ...defaultKeymap, ...historyKeymap]),
  ];
  return (
    <CodeMirror
      value={props.value}
      onChange={props.onChange}
      extensions={extensions}
      problems={props.problems}
      label={props.label}
      autoFocus={props.autoFocus}
      onReady={props.onReady}
    />
  );
}
