import { throwIfAborted } from '../domain/errors.ts';
import { escapeOf, hiddenCharacters } from '../domain/hidden-characters.ts';
import type { Finding } from '../domain/review.ts';
import { toSingleLine } from '../domain/text.ts';
import { lineCounter } from '../text/lines.ts';
import { createPause } from '../text/pause.ts';
import type { Gate } from './gate.ts';
import { verdictOn } from './verdict.ts';

const toldOfOneFile = 5;

/**
 * Characters that are not seen, in the lines that work adds (Boucher and Anderson: Trojan Source, 2021).
 * What bends the order of the text, tags and marks within names block; others are told.
 */
export function charactersGate(): Gate {
  return {
    name: 'characters',
    blocking: true,
    async check({ changes, base }, signal) {
      const pause = createPause(signal);
      const findings: Finding[] = [];
      for (const [path, content] of changes) {
        throwIfAborted(signal);
        await pause();
        if (content === null) continue;
        const found = hiddenCharacters(content).filter(({ index, character }) => {
          // A byte order mark.
          return !(index === 0 && character === '\ufeff');
        });
        if (found.length === 0) continue;
        const before = new Set((await base(path))?.split('\n') ?? []);
        const lines = content.split('\n');
        const lineAt = lineCounter(content);
        const added = found.filter(({ index }) => !before.has(lines[lineAt(index) - 1] ?? ''));
        for (const { index, character, deceives, inName } of added.slice(0, toldOfOneFile)) {
          const line = lineAt(index);
          const what = `holds the hidden character ${escapeOf(character)}`;
          findings.push({
            category: 'security',
            severity: deceives || inName ? 'blocker' : 'minor',
            evidence: toSingleLine(`the line ${what}: ${lines[line - 1]?.trim() ?? ''}`),
            location: `${toSingleLine(path, 200)}:${line}`,
            fixHint: `Leave it out, or write it as an escape of the language.`,
          });
        }
      }
      const blocking = findings.filter(({ severity }) => severity === 'blocker');
      const { status, summary } = verdictOn(blocking, 'no character that hides or bends text');
      return { status, summary, findings };
    },
  };
}
