import type { FileBundle } from '../../domain/bundle.ts';
import {
  type Block,
  type BlockKind,
  lastSpoken,
  type Looks,
  nextSpoken,
  readBlock,
} from './blocks.ts';
import { isReplaceMark, isSearchMark, readEdits } from './edits.ts';
import {
  type Directive,
  type Fence,
  barePath,
  infoPath,
  listedPath,
  readDirective,
  readFence,
  readRename,
  readValue,
  type Rename,
  textOf,
} from './lines.ts';
import { beginsAnswer, closesThinking, endOfThinking, finalChannel } from '../thinking.ts';
import { entangled, firstFaults, longReply, mostLooks } from './limits.ts';
import { noNewline } from './render-fenced.ts';
import { checkedBundle, type ParsedBundle, type ParseOptions, quoted } from './parsed.ts';

/** Reads the fenced form. Pure; takes time linear in the text. */
export function parseFencedBundle(text: string, options: ParseOptions = {}): ParsedBundle {
  const long = longReply(text);
  if (long !== null) return long;
  const reader = new Reader(finalChannel(text));
  if (!reader.read()) return entangled;
  // Where no file is named by a directive, a path alone above a block names it.
  const { renames } = reader;
  const isNamed =
    reader.files.length + reader.edits.length + reader.deletions.length + renames.length > 0;
  const isBare = !isNamed && options.mayHoldNoFiles !== true;
  const faults = isBare ? [...reader.faults, ...reader.bareFaults] : reader.faults;
  if (faults.length > 0) return { faults: firstFaults(faults) };
  const { edits, deletions, tests, commands } = reader;
  const files = isBare ? reader.bareFiles : reader.files;
  const notes = reader.allNotes();
  const bundle = { files, edits, deletions, tests, commands, notes };
  const checked = checkedBundle(bundle, options, renames.length);
  const given = new Set(isBare ? [] : files.map(({ path }) => path));
  const unnamed =
    options.mayHoldNoFiles === true
      ? []
      : reader.bareFiles.map(({ path }) => path).filter((path) => !given.has(path));
  if (!('bundle' in checked)) return checked;
  return {
    ...checked,
    ...(unnamed.length > 0 && { unnamed }),
    ...(renames.length > 0 && { renames }),
  };
}

function unclosed(line: number): string {
  return `The fenced block that opens in line ${line + 1} is never closed; the reply may have been cut short.`;
}

const held = { FILE: 'file', EDIT: 'edits', NOTES: 'notes' } as const;

class Reader {
  files: FileBundle['files'] = [];
  edits: FileBundle['edits'] = [];
  deletions: string[] = [];
  renames: Rename[] = [];
  tests: string[] = [];
  commands: string[] = [];
  faults: string[] = [];
  /** Blocks below a line that is a path and nothing else: files, or parts of the notes. */
  bareFiles: FileBundle['files'] = [];
  bareFaults: string[] = [];
  readonly #lines: string[];
  #notes: string[] = [];
  #given: string | null = null;
  #at = 0;
  #editPath: string | null = null;
  #wrapping: number | null = null;
  /** Something stands here that an answer can begin with. */
  #begun = false;
  readonly #looks: Looks = { count: 0 };

  constructor(text: string) {
    this.#lines = text.split('\n');
  }

  /** False where lines would be looked at without end: then nothing was understood. */
  read(): boolean {
    const most = mostLooks(this.#lines.length);
    while (this.#at < this.#lines.length) {
      if (this.#looks.count > most) return false;
      if (this.#skipsThinking()) continue;
      const line = this.#lines[this.#at] ?? '';
      const directive = readDirective(line);
      const fence = readFence(line);
      if (directive !== null) this.#directive(directive, line);
      else if (fence !== null) this.#looseFence(fence, line);
      else this.#note(line);
    }
    if (this.#wrapping !== null) this.faults.push(unclosed(this.#wrapping));
    return true;
  }

  allNotes(): string {
    const loose = this.#notes
      .join('\n')
      .trim()
      .replace(/\n{3,}/g, '\n\n');
    if (this.#given === null) return loose;
    return loose === '' ? this.#given : `${this.#given}\n${loose}`;
  }

  #note(line: string): void {
    this.#notes.push(line);
    this.#begun ||= beginsAnswer(line);
    this.#at++;
  }

  /** Past thinking that begins here, or ends here and began before the reply did: then all so far was it. */
  #skipsThinking(): boolean {
    const line = this.#lines[this.#at] ?? '';
    const end = endOfThinking(this.#lines, this.#at, this.#begun, this.#looks);
    if (end !== null) {
      if (!end.closed)
        this.faults.push(`The thinking that opens in line ${this.#at + 1} is never closed.`);
      this.#at = end.line - 1;
      this.#lines[this.#at] = end.rest;
      return true;
    }
    const rest = closesThinking(line);
    if (rest === null) return false;
    [this.files, this.edits, this.deletions, this.tests] = [[], [], [], []];
    [this.commands, this.faults, this.#notes] = [[], [], []];
    [this.bareFiles, this.bareFaults, this.renames] = [[], [], []];
    [this.#given, this.#editPath, this.#wrapping] = [null, null, null];
    this.#begun = false;
    this.#lines[this.#at] = rest;
    return true;
  }

  #directive(directive: Directive, line: string): void {
    const { kind } = directive;
    this.#begun = true;
    const value = readValue(kind, directive.value);
    if (kind === 'FILE' || kind === 'EDIT' || kind === 'NOTES') {
      this.#blockDirective({ ...directive, kind }, value, line);
      return;
    }
    if (directive.value === '') {
      const listed = kind !== 'DELETE' && kind !== 'TEST' ? [] : this.#listBelow();
      if (listed.length === 0) this.#note(line);
      else (kind === 'DELETE' ? this.deletions : this.tests).push(...listed);
      return;
    }
    const rename = kind === 'RENAME' ? readRename(directive.value) : null;
    if (kind === 'RENAME') {
      if (rename === null)
        this.faults.push(`RENAME: ${quoted(value)} names no two paths, as a.js -> b.js.`);
      else this.renames.push(rename);
    } else if (kind === 'DELETE') this.deletions.push(value);
    else if (kind === 'TEST') this.tests.push(value);
    else this.commands.push(value);
    this.#at++;
  }

  /** The paths of a list that follows the directive at this line, past which it goes. */
  #listBelow(): string[] {
    const found: string[] = [];
    let next = nextSpoken(this.#lines, this.#at);
    for (; ; next++) {
      const path = listedPath(this.#lines[next] ?? '');
      if (path === null) break;
      found.push(path);
    }
    if (found.length > 0) this.#at = next;
    return found;
  }

  #blockDirective(
    directive: Directive & { kind: 'FILE' | 'EDIT' | 'NOTES' },
    value: string,
    line: string,
  ): void {
    const open = nextSpoken(this.#lines, this.#at);
    const fence = readFence(this.#lines[open] ?? '');
    if (fence === null) {
      const bareEdit = directive.kind !== 'NOTES' && isSearchMark(this.#lines[open] ?? '');
      if (bareEdit) this.#bareEdits(value, open);
      else {
        // Prose may say «file: see below»; in capitals and with a path it was meant.
        if (directive.plain && directive.kind !== 'NOTES')
          this.faults.push(
            `${directive.kind}: ${quoted(value)} (line ${this.#at + 1}) has no fenced block below it.`,
          );
        this.#note(line);
      }
      return;
    }
    const { kind } = directive;
    if (kind === 'NOTES') {
      const block = this.#block(open, fence, 'NOTES', 'notes');
      if (block !== null) this.#given = this.#contentOf(block);
      return;
    }
    const path = directive.value === '' ? (infoPath(fence.info) ?? '') : value;
    this.#pathBlock(kind, path, open, fence);
  }

  #pathBlock(kind: 'FILE' | 'EDIT', path: string, open: number, fence: Fence): void {
    const block = this.#block(open, fence, kind, path);
    if (block === null) return;
    if (kind === 'FILE') {
      this.files.push({ path, content: this.#contentOf(block) });
      this.#editPath = null;
    } else {
      this.#editBlock(path, block.lines, open);
    }
  }

  #editBlock(path: string, lines: readonly string[], open: number): void {
    const read = readEdits(lines);
    if ('fault' in read)
      this.faults.push(`EDIT: ${quoted(path)} (line ${open + 1}) ${read.fault}.`);
    else for (const edit of read.edits) this.edits.push({ path, ...edit });
    this.#editPath = path;
  }

  /** Takes the block at `open` and moves behind it; null when it is unsound, which ends the reading. */
  #block(open: number, fence: Fence, kind: keyof typeof held, path: string): Block | null {
    const block = readBlock(this.#lines, open, fence, this.#kindOf(kind), this.#looks);
    if ('fault' in block) {
      this.faults.push(`${kind}: ${quoted(path)}: its block (line ${open + 1}) ${block.fault}.`);
      this.#at = this.#lines.length;
      return null;
    }
    this.#at = block.next;
    return block;
  }

  #kindOf(kind: keyof typeof held): BlockKind {
    return { holds: held[kind], wrapped: this.#wrapping !== null };
  }

  #contentOf(block: Block): string {
    const text = textOf(block.lines);
    if ((this.#lines[this.#at] ?? '').trimEnd() !== noNewline) return text;
    this.#at++;
    return text.slice(0, -1);
  }

  /** A fenced block without a directive: a path in its info string, more edits, a wrapping, or notes. */
  #looseFence(fence: Fence, line: string): void {
    const open = this.#at;
    this.#begun = true;
    const next = nextSpoken(this.#lines, open);
    const content = this.#lines[next] ?? '';
    const path = infoPath(fence.info);
    const above = barePath(this.#lines[lastSpoken(this.#lines, open)] ?? '');
    if (isSearchMark(content)) {
      const target = path ?? above ?? this.#editPath;
      if (target === null) {
        this.faults.push(
          `The SEARCH block in line ${next + 1} names no file; put EDIT: path above it.`,
        );
        this.#note(line);
      } else {
        this.#pathBlock('EDIT', target, open, fence);
      }
    } else if (path !== null) {
      this.#pathBlock('FILE', path, open, fence);
    } else if (this.#wrapping !== null && fence.info === '') {
      this.#wrapping = null;
      this.#at++;
    } else if (readDirective(content)?.plain === true) {
      // All that follows stands in a fence: a reply that was wrapped as a whole.
      this.#wrapping = open;
      this.#at++;
    } else {
      if (above !== null) this.#bareFile(above, open, fence);
      this.#noteBlock(open, fence);
    }
  }

  /** Does not move: the block is part of the notes as well. */
  #bareFile(path: string, open: number, fence: Fence): void {
    const block = readBlock(this.#lines, open, fence, this.#kindOf('FILE'), this.#looks);
    if ('fault' in block)
      this.bareFaults.push(`${quoted(path)}: its block (line ${open + 1}) ${block.fault}.`);
    else this.bareFiles.push({ path, content: textOf(block.lines) });
  }

  #noteBlock(open: number, fence: Fence): void {
    const block = readBlock(this.#lines, open, fence, this.#kindOf('NOTES'), this.#looks);
    if ('fault' in block) this.faults.push(unclosed(open));
    const next = 'fault' in block ? this.#lines.length : block.next;
    for (const line of this.#lines.slice(open, next)) this.#notes.push(line);
    this.#at = next;
  }

  #bareEdits(path: string, open: number): void {
    let end = open;
    let last = -1;
    while (end < this.#lines.length && readDirective(this.#lines[end] ?? '') === null) {
      if (isReplaceMark(this.#lines[end] ?? '')) last = end;
      end++;
    }
    this.#editBlock(path, this.#lines.slice(open, last === -1 ? end : last + 1), open);
    this.#at = last === -1 ? end : last + 1;
  }
}
