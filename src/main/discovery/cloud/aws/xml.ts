import { SaxesParser } from 'saxes';

/** An element of an answer of Amazon's query APIs; attributes carry nothing there. */
export interface Element {
  readonly name: string;
  readonly children: readonly Element[];
  /** Without that of its children, and without space at its ends. */
  readonly text: string;
}

interface Open {
  readonly name: string;
  readonly children: Element[];
  text: string;
}

/** Reads a document. @throws Error when it is not well-formed */
export function parseXml(text: string): Element {
  const document: Open = { name: '', children: [], text: '' };
  const open: Open[] = [document];
  const parser = new SaxesParser();
  const add = (part: string): void => {
    open[open.length - 1].text += part;
  };
  parser.on('opentag', ({ name }) => open.push({ name, children: [], text: '' }));
  parser.on('text', add);
  parser.on('cdata', add);
  parser.on('closetag', () => {
    const { name, children, text } = open.pop() as Open;
    open[open.length - 1].children.push({ name, children, text: text.trim() });
  });
  parser.on('error', (error) => {
    throw error;
  });
  parser.write(text).close();
  return document.children[0];
}

/** The first element at a path of names below this one. */
export function at(element: Element, ...path: readonly string[]): Element | null {
  let here: Element | null = element;
  for (const name of path) here = here?.children.find((child) => child.name === name) ?? null;
  return here;
}

/** The text at a path; '' where there is none. */
export function textAt(element: Element, ...path: readonly string[]): string {
  return at(element, ...path)?.text ?? '';
}

/** The elements of a list: the children of what stands at the path. */
export function items(element: Element, ...path: readonly string[]): readonly Element[] {
  return at(element, ...path)?.children ?? [];
}
