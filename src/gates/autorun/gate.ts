import { autorunGateName, autorunText, unpermitted, type Autorun } from '../../domain/autorun.ts';
import type { Finding } from '../../domain/review.ts';
import { toSingleLine } from '../../domain/text.ts';
import { counted } from '../../text/counted.ts';
import { nothingToTell, type Gate } from '../gate.ts';
import { verdictOn } from '../verdict.ts';
import { findAutoruns } from './find-autoruns.ts';
import { placeOf } from './places.ts';

/**
 * Work that adds or changes what runs by itself is told as such, and blocks where nobody asked for it: its
 * author may take it out, and a person may allow it; no model can.
 * @param allowed as `findAutoruns`
 */
export function autorunGate(allowed: readonly string[]): Gate {
  return {
    name: autorunGateName,
    blocking: true,
    async check({ task, words, changes, base, project }, signal) {
      const files = async (): Promise<ReadonlySet<string>> => (await project(signal)).files;
      const work = { tasks: [task], words, changes, before: base, files };
      const autoruns = await findAutoruns(work, allowed);
      const findings = autoruns.map(findingOn);
      const listed = autoruns.map(autorunText).join('; ');
      const unasked = unpermitted(autoruns);
      if (unasked.length === 0) {
        const passed =
          listed === '' ? 'nothing that runs by itself' : `what runs by itself: ${listed}`;
        return { ...verdictOn([], passed), findings };
      }
      const summary = `${counted(unasked.length, 'change')} to what runs by itself that nobody asked for: ${unasked.map(autorunText).join('; ')}`;
      return { status: 'failed', summary, findings };
    },
    async outlook({ planned }) {
      const asked = plannedAutoruns(planned);
      const some = asked.slice(0, mostTold).join('; ');
      const more = asked.length > mostTold ? ` and ${asked.length - mostTold} more` : '';
      const found = `the task list asks for what runs by itself: ${some}${more}. Taken out of the list (blueprint task edit), it would need your yes`;
      return asked.length === 0 ? nothingToTell : { unavailable: [], found: [found] };
    },
  };
}

const mostTold = 8;

/** Files and folders of a task list that count as asked for by being listed, and that something runs by itself. */
function plannedAutoruns(planned: readonly string[]): string[] {
  return [...new Set(planned)].sort().flatMap((path) => {
    // A folder asks for all that is in it.
    const within = ['', '/a', '/a.yml'].map((name) => placeOf(`${path}${name}`));
    const place = within.find((found) => found !== null) ?? null;
    return place === null ? [] : [toSingleLine(`${path}: ${place.says}`, 200)];
  });
}

function findingOn(found: Autorun): Finding {
  const { path, says, permittedBy } = found;
  return {
    category: 'security',
    severity: permittedBy === null ? 'blocker' : 'minor',
    evidence: permittedBy === null ? `${says}; the task does not ask for it` : autorunText(found),
    location: path,
    fixHint:
      permittedBy === null
        ? 'Leave it out, as it was before. Only a person can allow it; say so in your notes where the work needs it.'
        : 'None is needed; see that it does no more than it was asked for.',
  };
}
