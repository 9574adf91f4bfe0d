import { quoteGo } from '#shared/model/index.ts';
import type { Token, TokenType } from './tokens.ts';

const NON_PRINTING = /^[^\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;

/** A character as Go's `%q` shows it; the end of the text shows as the replacement character. */
export function quoteChar(char: string): string {
  if (char === '' || isInvalid(char)) return "'\ufffd'";
  if (char === "'") return "'\\''";
  if (char === '"') return `'"'`;
  return `'${quoteGo(char).slice(1, -1)}'`;
}

/** A character as Go's `%#U` shows it: `U+0063 'c'`. */
export function describeChar(char: string): string {
  const code = (char.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0');
  return NON_PRINTING.test(char) ? `U+${code}` : `U+${code} '${char}'`;
}

/** What bytes that are not UTF-8 become when decoded, and halves of surrogate pairs. */
export function isInvalid(char: string): boolean {
  return char === '\ufffd' || (char.length === 1 && char >= '\ud800' && char <= '\udfff');
}

export function isSpace(char: string): boolean {
  return char === ' ' || char === '\t' || char === '\n' || char === '\r';
}

export function isDigit(char: string): boolean {
  return char.length === 1 && char >= '0' && char <= '9';
}

/** Letters of names, the underscore included. */
export function isAlpha(char: string): boolean {
  return char.length === 1 && ((char >= 'a' && char <= 'z') || (char >= 'A' && char <= 'Z') || char === '_');
}

export function isAlphaNumeric(char: string): boolean {
  return isAlpha(char) || isDigit(char);
}

/** Walks over a text by characters and cuts tokens from it: `start` up to `pos` is the one being made. */
export class Scanner {
  readonly input: string;
  pos = 0;
  start = 0;
  /** The token made last, until it is fetched. */
  protected ready: Token | null = null;
  /** Whether the token made last was an error, which ends the text. */
  protected failed = false;

  constructor(input: string) {
    this.input = input;
  }

  /** Takes the next character; `''` at the end. */
  protected next(): string {
    const char = this.peek();
    this.pos += char.length;
    return char;
  }

  protected peek(): string {
    const code = this.input.codePointAt(this.pos);
    return code === undefined ? '' : String.fromCodePoint(code);
  }

  /** Takes the next character if it is one of `valid`. */
  protected accept(valid: string): boolean {
    if (!this.is(valid)) return false;
    this.pos++;
    return true;
  }

  protected is(valid: string): boolean {
    const char = this.input.charAt(this.pos);
    return char !== '' && valid.includes(char);
  }

  protected acceptRun(valid: string): void {
    while (this.accept(valid));
  }

  protected acceptWord(alsoColon: boolean): void {
    const inWord = alsoColon ? (char: string) => isAlphaNumeric(char) || char === ':' : isAlphaNumeric;
    while (inWord(this.peek())) this.pos++;
  }

  protected skipSpaces(): void {
    while (isSpace(this.peek())) this.pos++;
    this.start = this.pos;
  }

  protected get pending(): string {
    return this.input.slice(this.start, this.pos);
  }

  protected emit(type: TokenType, word = this.pending): void {
    this.ready = { type, word, text: this.pending, from: this.start, to: this.pos };
    this.start = this.pos;
  }

  protected fail(message: string): void {
    this.ready = { type: 'error', word: '', text: message, from: this.start, to: this.input.length };
    this.failed = true;
  }

  /**
   * Takes the form of a number: decimal, hexadecimal, with `_` between digits; whether it is one, its reader says.
   * In series descriptions `x` repeats, so it neither makes a hexadecimal number nor breaks one off.
   */
  protected scanNumber(inSeries: boolean): boolean {
    const begin = this.pos;
    let digits = '0123456789';
    if (!inSeries && this.accept('0') && this.accept('xX')) {
      this.accept('_');
      digits = '0123456789abcdefABCDEF';
    }
    this.accept('.');
    this.accept(digits);
    let dot = false;
    let exponent = false;
    while (this.is(`${digits}._eE`)) {
      if (this.is('.') && dot) {
        this.pos++;
        return false;
      }
      if (this.is('eE') && exponent) {
        this.pos++;
        return false;
      }
      if (this.accept('.')) {
        dot = true;
        if (this.accept('_.') || digits.length > 10) return false;
      } else if (this.accept('eE')) {
        exponent = true;
        this.accept('+-');
        if (this.accept('._eE') || this.peek() === '') return false;
      } else if (this.accept('_')) {
        if (this.accept('._eE') || this.peek() === '') return false;
      } else this.acceptRun(digits);
    }
    if (this.pos === begin) return false;
    const after = this.peek();
    return (inSeries && after === 'x') || !isAlphaNumeric(after);
  }

  /** Takes the rest of a duration whose first digits are taken; bad units such as `hs` are left to its reader. */
  protected scanDurationUnits(): boolean {
    if (!this.accept('smhdwy')) return false;
    this.accept('s');
    while (this.accept('0123456789')) {
      this.acceptRun('0123456789');
      if (!this.accept('smhdw')) return false;
      this.accept('s');
    }
    // The character after it is part of the error text when it does not fit.
    if (!isAlphaNumeric(this.peek())) return true;
    this.next();
    return false;
  }
}
