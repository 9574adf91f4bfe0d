import { quoteGo } from '#shared/model/index.ts';
import { Lexer, type LexState } from './lexer.ts';
import { isAlpha, isDigit, isSpace, quoteChar } from './scanner.ts';
import { HISTOGRAM_HINTS, HISTOGRAM_KEYS } from './tokens.ts';

/** Makes tokens of a series description: a metric, then values, where blanks are tokens and `x` repeats. */
export class SeriesLexer extends Lexer {
  private inBuckets = false;

  protected override afterMetric(): LexState {
    return 'values';
  }

  protected override inSeries(): boolean {
    return true;
  }

  protected override step(): void {
    if (this.state === 'values') this.values();
    else if (this.state === 'histogram') {
      if (this.inBuckets) this.buckets();
      else this.histogram();
    } else super.step();
  }

  private values(): void {
    const char = this.next();
    if (char === '') this.state = 'statement';
    else if (char === '{' && this.peek() === '{') {
      this.pos++;
      this.emit('punctuation');
      this.state = 'histogram';
    } else if (isSpace(char)) this.blank();
    else if (char === '+' || char === '-') this.emit('operator');
    else if (char === 'x' || char === '_') this.emit('punctuation');
    else if (isDigit(char) || (char === '.' && isDigit(this.peek()))) {
      this.pos--;
      this.number(true);
    } else if (isAlpha(char)) this.word();
    else this.fail(`unexpected character in series sequence: ${quoteChar(char)}`);
  }

  /** Several blanks are one token; a break before the metric's values is the first of them. */
  private blank(): void {
    this.emit('punctuation', ' ');
    this.skipSpaces();
  }

  private number(durations: boolean): void {
    if (this.scanNumber(true)) this.emit('number');
    else if (durations && this.scanDurationUnits()) this.emit('duration');
    else this.fail(`bad number syntax: ${quoteGo(this.pending)}`);
  }

  private histogram(): void {
    const char = this.next();
    if (isSpace(char)) this.blank();
    else if (isAlpha(char)) this.histogramWord();
    else if (char === ':') this.emit('punctuation');
    else if (char === '-') this.emit('operator');
    else if (isDigit(char)) {
      this.pos--;
      this.number(false);
    } else if (char === '[') {
      this.inBuckets = true;
      this.emit('punctuation');
    } else if (char === '}' && this.peek() === '}') {
      this.pos++;
      this.emit('punctuation');
      this.state = 'values';
    } else this.fail(`histogram description incomplete unexpected: ${quoteChar(char)}`);
  }

  private histogramWord(): void {
    while (isAlpha(this.peek())) this.pos++;
    const word = this.pending.toLowerCase();
    if (HISTOGRAM_KEYS.has(word)) {
      if (this.peek() === ':') this.emit('histogram-key', word);
      else this.fail('missing `:` for histogram descriptor');
    } else if (word === 'inf' || word === 'nan') this.emit('number');
    else if (HISTOGRAM_HINTS.has(word)) this.emit('histogram-hint', word);
    else this.fail(`bad histogram descriptor found: ${quoteGo(this.pending)}`);
  }

  private buckets(): void {
    const char = this.next();
    if (isSpace(char)) this.blank();
    else if (char === '-') this.emit('operator');
    else if (isDigit(char)) {
      this.pos--;
      this.number(false);
    } else if (char === ']') {
      this.inBuckets = false;
      this.emit('punctuation');
    } else if (isAlpha(char)) {
      while (isAlpha(this.peek())) this.pos++;
      const word = this.pending.toLowerCase();
      if (word === 'inf' || word === 'nan') this.emit('number');
      else this.fail(`invalid character in buckets description: ${quoteChar(char)}`);
    } else this.fail(`invalid character in buckets description: ${quoteChar(char)}`);
  }
}
