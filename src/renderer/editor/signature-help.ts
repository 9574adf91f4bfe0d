import { completionStatus } from '@codemirror/autocomplete';
import { StateField, type EditorState, type Extension } from '@codemirror/state';
import { showTooltip, type Tooltip, type TooltipView } from '@codemirror/view';
import { argumentText, callAt, helpFor, type CallAt, type FunctionHelp } from './function-help.ts';
import type { CompletionWords } from './promql-completion.ts';

/** Above the call that the cursor is in: its arguments, the one that is being typed in bold, and what it does. */
export function signatureHelp(words: CompletionWords): Extension {
  const find = (state: EditorState): Tooltip | null => {
    const { main } = state.selection;
    // The list of completions says more about what is being typed.
    if (!main.empty || completionStatus(state) === 'active') return null;
    const call = callAt(state.doc.toString(), main.head);
    const help = call === null ? null : helpFor(call.name);
    if (call === null || help === null) return null;
    return { pos: call.from, above: true, create: () => view(call, help, words) };
  };
  return StateField.define<Tooltip | null>({
    // Nothing is typed yet when an editor opens with a query.
    create: () => null,
    update: (shown, transaction) => {
      if (!transaction.docChanged && transaction.selection === undefined) {
        return completionStatus(transaction.state) === 'active' ? null : shown;
      }
      const typed = transaction.isUserEvent('input') || transaction.isUserEvent('delete');
      return typed || transaction.isUserEvent('select') ? find(transaction.state) : null;
    },
    provide: (field) => showTooltip.from(field),
  });
}

function view(call: CallAt, help: FunctionHelp, words: CompletionWords): TooltipView {
  const dom = document.createElement('div');
  dom.className = 'hearth-signature';
  const line = dom.appendChild(document.createElement('div'));
  line.className = 'hearth-signature-line';
  line.append(`${help.name}(`);
  const current = Math.min(call.argument, help.args.length - 1);
  for (const [i, argument] of help.args.entries()) {
    if (i > 0) line.append(', ');
    const part = line.appendChild(document.createElement(i === current ? 'b' : 'span'));
    part.textContent = argumentText(argument);
  }
  line.append(')');
  const doc = dom.appendChild(document.createElement('div'));
  doc.className = 'hearth-signature-doc';
  doc.textContent = help.doc ?? words.aggregation(help.name);
  return { dom };
}
