import type { Millis } from '#shared/model/index.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

/** Where parts tell what happens; secrets and bodies never go there. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

const ORDER: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

export interface LogOptions {
  readonly level: LogLevel;
  readonly format: 'logfmt' | 'json';
  now(): Millis;
  /** Takes one line, without line feed. */
  write(line: string): void;
}

/** A log that writes lines as Prometheus does: `time=... level=INFO msg="..." key=value`, or the same as JSON. */
export function createLog(options: LogOptions): Log {
  const emit = (level: LogLevel, message: string, fields: LogFields = {}): void => {
    if (ORDER.indexOf(level) < ORDER.indexOf(options.level)) return;
    const entry = { time: new Date(options.now()).toISOString(), level: level.toUpperCase(), msg: message, ...fields };
    if (options.format === 'json') options.write(JSON.stringify(entry));
    else options.write(Object.entries(entry).map(logfmt).join(' '));
  };
  return {
    debug: (message, fields) => emit('debug', message, fields),
    info: (message, fields) => emit('info', message, fields),
    warn: (message, fields) => emit('warn', message, fields),
    error: (message, fields) => emit('error', message, fields),
  };
}

/** A log that says nothing. */
export const SILENT: Log = { debug() {}, info() {}, warn() {}, error() {} };

function logfmt([key, value]: readonly [string, string | number | boolean | null]): string {
  const text = String(value);
  return `${key}=${/^[^\s"=]+$/.test(text) ? text : JSON.stringify(text)}`;
}
