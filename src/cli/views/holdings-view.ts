import { counted, someOf } from '../../text/counted.ts';
import type { Holdings } from '../../use-cases/archive.ts';
import { lines } from './lines.ts';

/** What goes with a feature that is put aside or deleted; nothing where all is settled and applied. */
export function holdingsLines({ unsettled, unapplied, place, branch }: Holdings): string[] {
  return lines(
    unapplied === null && 'Its approved work cannot be looked at.',
    unapplied !== null &&
      unapplied > 0 &&
      `Not applied to your files: ${counted(unapplied, 'approved file')} (${place ?? ''}).`,
    branch !== null &&
      `Its branch stays, with the approved work: ${branch} (git branch -D ${branch} deletes it).`,
    unsettled.length > 0 && `Not settled: ${someOf(unsettled)}.`,
  );
}
