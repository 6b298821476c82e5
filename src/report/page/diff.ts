import { counted } from '../../text/counted.ts';
import type { TaskWork } from '../work/document.ts';
import { html, type Markup } from './html.ts';

/** A difference with its usual colours, closed until it is asked for. */
export function diffDetails({ standing, files, diff, cutLines }: TaskWork): Markup | false {
  if (files.length === 0) return false;
  const lines = diff === '' ? [] : linesOf(diff);
  const count = (kind: Kind): number => lines.filter((line) => line.kind === kind).length;
  return html`<details class="diff">
    <summary>
      ${standing === 'approved' ? 'Approved' : 'Proposed'} work: ${counted(files.length, 'file')}
      <span class="plus">+${count('added')}</span> <span class="minus">−${count('removed')}</span>
    </summary>
    ${
      lines.length === 0
        ? html`<p class="note">Nothing differs.</p>`
        : html`<pre class="scroll" tabindex="0"><code>${lines.map(lineOf)}</code></pre>`
    }
    ${cutLines > 0 && html`<p class="note">${counted(cutLines, 'more line')} left out here; all of them: <code>blueprint diff</code></p>`}
  </details>`;
}

type Kind = 'file' | 'hunk' | 'added' | 'removed' | 'same';

interface Line {
  readonly kind: Kind;
  readonly text: string;
}

const signs: Readonly<Record<string, Kind>> = { '+': 'added', '-': 'removed', '@': 'hunk' };

/** A removed line may begin as the head of a file does: which it is says its place. */
function linesOf(diff: string): Line[] {
  let isHead = true;
  return diff.split('\n').map((text) => {
    if (text.startsWith('diff ')) isHead = true;
    else if (text.startsWith('@@')) isHead = false;
    return { text, kind: isHead ? 'file' : (signs[text.charAt(0)] ?? 'same') };
  });
}

function lineOf({ kind, text }: Line): Markup {
  return html`<span class="${kind}">${text} </span>`;
}
