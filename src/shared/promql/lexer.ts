import { describeChar, isAlpha, isDigit, isInvalid, isSpace, quoteChar, Scanner } from './scanner.ts';
import { quoteGo } from '#shared/model/index.ts';
import { DURATION_WORDS, RESERVED_WORDS, type Token } from './tokens.ts';

/** Where the lexer stands: what the next character means depends on it. */
export type LexState = 'statement' | 'braces' | 'duration' | 'string' | 'raw-string' | 'values' | 'histogram' | 'end';

const SIMPLE_OPERATORS = '*/%+-^';
/** What may follow an operator's first character to make it longer. */
const LONGER: Readonly<Record<string, string>> = { '<': '=/', '>': '=/' };
const ESCAPES = 'abfnrtv\\';

/**
 * Makes tokens of an expression. The tokens depend on brackets and braces around them, not on the grammar.
 * An error is a token too, the last one; `eof` follows for ever.
 */
export class Lexer extends Scanner {
  protected state: LexState = 'statement';
  protected parenDepth = 0;
  protected bracketOpen = false;
  private braceOpen = false;
  private gotColon = false;
  private gotDuration = false;
  private quote = '';

  /** The next token. Comments are left out. */
  nextToken(): Token {
    for (;;) {
      this.ready = null;
      if (this.failed || this.state === 'end') this.emit('eof', '');
      // `step` makes at most one token, and takes at least one character or changes the state.
      while (this.ready === null) this.step();
      const token = this.ready as Token;
      if (token.type !== 'comment') return token;
    }
  }

  protected step(): void {
    switch (this.state) {
      case 'statement':
        if (this.braceOpen) this.braces();
        else this.statement();
        break;
      case 'braces':
        this.braces();
        break;
      case 'duration':
        this.duration();
        break;
      case 'string':
        this.string();
        break;
      case 'raw-string':
        this.rawString();
        break;
      case 'values':
      case 'histogram':
        throw new Error('only series descriptions have values');
      case 'end':
        this.emit('eof', '');
    }
  }

  /** The state after a name outside braces, and after a closing brace. */
  protected afterMetric(): LexState {
    return 'statement';
  }

  private statement(): void {
    if (this.peek() === '#') {
      this.comment();
      return;
    }
    const char = this.next();
    if (char === '') this.end();
    else if (isSpace(char)) this.skipSpaces();
    else if (char === ',') this.emit('punctuation');
    else if (SIMPLE_OPERATORS.includes(char)) this.emit('operator');
    else if (char === '=') this.equals();
    else if (char === '!') this.exclamation();
    else if (char === '<' || char === '>') {
      this.accept(LONGER[char]);
      this.emit('operator');
    } else if (isDigit(char) || (char === '.' && isDigit(this.peek()))) {
      this.pos--;
      this.numberOrDuration();
    } else if (char === '"' || char === "'" || char === '`') this.openString(char);
    else if (isAlpha(char) || char === ':') {
      if (this.bracketOpen) this.inBracket(char);
      else this.word();
    } else if (char === '(' || char === ')') this.parenthesis(char);
    else if (char === '{') {
      this.emit('punctuation');
      this.braceOpen = true;
      this.state = 'braces';
    } else if (char === '[') this.openBracket();
    else if (char === ']') this.closeBracket();
    else if (char === '@') this.emit('operator');
    else this.fail(`unexpected character: ${quoteChar(char)}`);
  }

  private end(): void {
    if (this.parenDepth !== 0) this.fail('unclosed left parenthesis');
    else if (this.bracketOpen) this.fail('unclosed left bracket');
    else {
      this.emit('eof', '');
      this.state = 'end';
    }
  }

  private comment(): void {
    for (let char = this.peek(); char !== '' && char !== '\n' && char !== '\r'; char = this.peek()) this.next();
    this.emit('comment');
  }

  private equals(): void {
    const after = this.peek();
    if (after === '=') {
      this.pos++;
      this.emit('operator');
    } else if (after === '~') this.fail(`unexpected character after '=': ${quoteChar(after)}`);
    else this.emit('punctuation');
  }

  private exclamation(): void {
    const after = this.next();
    if (after === '=') this.emit('operator');
    else this.fail(`unexpected character after '!': ${quoteChar(after)}`);
  }

  private parenthesis(char: string): void {
    this.emit('punctuation');
    this.parenDepth += char === '(' ? 1 : -1;
    if (this.parenDepth < 0) this.fail(`unexpected right parenthesis ${quoteChar(char)}`);
  }

  private openBracket(): void {
    if (this.bracketOpen) {
      this.fail(`unexpected left bracket ${quoteChar('[')}`);
      return;
    }
    this.gotColon = false;
    this.emit('punctuation');
    this.skipSpaces();
    this.bracketOpen = true;
    this.state = 'duration';
  }

  private closeBracket(): void {
    if (!this.bracketOpen) {
      this.fail(`unexpected right bracket ${quoteChar(']')}`);
      return;
    }
    this.emit('punctuation');
    this.bracketOpen = false;
  }

  /** Inside brackets, after the first number or duration. */
  private inBracket(char: string): void {
    if (char === ':') {
      if (this.gotColon) this.fail(`unexpected colon ${quoteChar(char)}`);
      else {
        this.emit('punctuation');
        this.gotColon = true;
      }
    } else if (!this.durationWord(char)) this.fail(`unexpected character: ${quoteChar(char)}, expected ':'`);
  }

  private durationWord(char: string): boolean {
    if (!'srm'.includes(char.toLowerCase())) return false;
    while (isAlpha(this.peek())) this.pos++;
    const word = this.pending.toLowerCase();
    if (!DURATION_WORDS.has(word)) return false;
    this.emit('preprocessor', word);
    return true;
  }

  /** Right after a `[`, up to the first number or duration. */
  private duration(): void {
    const char = this.next();
    if (char === '') this.fail('unexpected end of input in duration expression');
    else if (char === ']') {
      this.emit('punctuation');
      this.bracketOpen = false;
      this.gotColon = false;
      this.state = 'statement';
    } else if (char === ':') {
      this.emit('punctuation');
      if (!this.gotDuration) this.fail('unexpected colon before duration in duration expression');
      else if (this.gotColon) this.fail('unexpected repeated colon in duration expression');
      else this.gotColon = true;
    } else if (char === '(' || char === ')') this.parenthesis(char);
    else if (isSpace(char)) this.skipSpaces();
    else if (SIMPLE_OPERATORS.includes(char)) this.emit('operator');
    else if (char === ',') this.emit('punctuation');
    else if (isDigit(char) || (char === '.' && isDigit(this.peek()))) {
      this.pos--;
      this.gotDuration = true;
      this.state = 'statement';
      this.numberOrDuration();
    } else if (!this.durationWord(char)) this.fail(`unexpected character in duration expression: ${quoteChar(char)}`);
  }

  private numberOrDuration(): void {
    if (this.scanNumber(this.inSeries())) this.emit('number');
    else if (this.scanDurationUnits()) this.emit('duration');
    else this.fail(`bad number or duration syntax: ${quoteGo(this.pending)}`);
  }

  protected inSeries(): boolean {
    return false;
  }

  /** A name or reserved word whose first character is taken. */
  protected word(): void {
    this.acceptWord(true);
    const word = this.pending;
    const lower = word.toLowerCase();
    const reserved = RESERVED_WORDS.get(lower);
    // `fill` and its kin were metric names before they were keywords: they still are unless a parenthesis follows.
    const isName = lower.startsWith('fill') && !/^[ \t\n\r]*\(/.test(this.input.slice(this.pos));
    if (reserved !== undefined && !isName) this.emit(reserved, lower);
    else this.emit(word.includes(':') ? 'metric-identifier' : 'identifier');
    this.state = this.peek() === '{' ? 'statement' : this.afterMetric();
  }

  private braces(): void {
    if (this.peek() === '#') {
      this.comment();
      return;
    }
    const char = this.next();
    if (char === '') this.fail('unexpected end of input inside braces');
    else if (isSpace(char)) this.skipSpaces();
    else if (isAlpha(char)) {
      this.acceptWord(false);
      this.emit('identifier');
    } else if (char === ',') this.emit('punctuation');
    else if (char === '"' || char === "'" || char === '`') this.openString(char);
    else if (char === '=') {
      if (this.accept('~')) this.emit('operator');
      else this.emit('punctuation');
    } else if (char === '!') {
      const after = this.next();
      if (after === '~' || after === '=') this.emit('operator');
      else this.fail(`unexpected character after '!' inside braces: ${quoteChar(after)}`);
    } else if (char === '{') this.fail(`unexpected left brace ${quoteChar(char)}`);
    else if (char === '}') {
      this.emit('punctuation');
      this.braceOpen = false;
      this.state = this.afterMetric();
    } else this.fail(`unexpected character inside braces: ${quoteChar(char)}`);
  }

  private openString(quote: string): void {
    this.quote = quote;
    this.state = quote === '`' ? 'raw-string' : 'string';
  }

  private closeString(): void {
    this.emit('string');
    this.state = 'statement';
  }

  private string(): void {
    for (;;) {
      const char = this.next();
      if (char === this.quote) {
        this.closeString();
        return;
      }
      if (char === '' || char === '\n') {
        this.fail('unterminated quoted string');
        return;
      }
      if (isInvalid(char)) {
        this.fail('invalid UTF-8 rune');
        return;
      }
      if (char === '\\' && !this.escape()) return;
    }
  }

  private rawString(): void {
    for (;;) {
      const char = this.next();
      if (char === this.quote) {
        this.closeString();
        return;
      }
      if (char === '') {
        this.fail('unterminated raw string');
        return;
      }
      if (isInvalid(char)) {
        this.fail('invalid UTF-8 rune');
        return;
      }
    }
  }

  /** The escape sequence after a backslash. */
  private escape(): boolean {
    let char = this.next();
    if (char === '') {
      this.fail('escape sequence not terminated');
      return false;
    }
    if (ESCAPES.includes(char) || char === this.quote) return true;
    let length: number;
    let base = 16;
    let max = 0x10ffff;
    if (char >= '0' && char <= '7') [length, base, max] = [3, 8, 255];
    else {
      const lengths: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };
      length = lengths[char] ?? 0;
      if (length === 0) {
        this.fail(`unknown escape sequence ${describeChar(char)}`);
        return false;
      }
      if (char === 'x') max = 255;
      char = this.next();
    }
    let value = 0;
    for (let i = 0; i < length; i++) {
      if (i > 0) char = this.next();
      if (char === '') {
        this.fail('escape sequence not terminated');
        return false;
      }
      const digit = /^[0-9a-fA-F]$/.test(char) ? parseInt(char, 16) : base;
      if (digit >= base) {
        this.fail(`illegal character ${describeChar(char)} in escape sequence`);
        return false;
      }
      value = value * base + digit;
    }
    if (value > max || (value >= 0xd800 && value < 0xe000)) {
      this.fail('escape sequence is an invalid Unicode code point');
      return false;
    }
    return true;
  }
}
