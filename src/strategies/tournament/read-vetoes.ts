import { isMoneyFault, type BlueprintError } from '../../domain/errors.ts';
import { consolidate } from '../../supervisor/critics/consolidate.ts';
import { settleOpinions } from '../../supervisor/critics/settle-opinions.ts';
import { withinDeadline } from '../../supervisor/fan-out.ts';
import { judgedIn, type Contestant } from './assess.ts';
import type { TournamentContext } from './context.ts';
import type { Entry } from './generate.ts';
import { isVetoed, ranked } from './rank.ts';

export function isContestant(entry: Entry): entry is Entry & Contestant {
  return !('failure' in entry);
}

/**
 * Has a second reader look at what critics hold against the candidate that would win without it, then at the
 * next one's while that stands: of the others' nobody is asked.
 * @throws InterruptedError
 */
export async function readUntilOneWins(
  entered: readonly Entry[],
  context: TournamentContext,
): Promise<{ readonly entries: readonly Entry[]; readonly stop: BlueprintError | null }> {
  let entries = entered;
  for (;;) {
    const [first] = ranked(entries.filter(isContestant).map(withoutUnread));
    const next = entries.filter(isContestant).find(({ id }) => id === first?.id);
    if (next === undefined || next.isRead) return { entries, stop: null };
    const read = await readVetoes(next, context);
    const { opinions, consolidated, doubted } = read;
    entries = entries.map((entry) =>
      isContestant(entry) && entry.content === next.content
        ? { ...entry, opinions, consolidated, doubted, isRead: true }
        : entry,
    );
    if (read.stop !== null) return { entries, stop: read.stop };
  }
}

/** As it would stand if nothing of what was not read again counted. */
function withoutUnread(contestant: Contestant): Contestant {
  const { consolidated, isRead } = contestant;
  return isRead ? contestant : { ...contestant, consolidated: { ...consolidated, blockers: [] } };
}

/** A candidate after a second reader's look at what critics hold against it; as it is where nobody has to look. */
export async function readVetoes(
  contestant: Contestant,
  context: TournamentContext,
): Promise<Contestant> {
  const { candidate, gates, consolidated, isRead } = contestant;
  if (isRead || !isVetoed(consolidated)) return contestant;
  const { work, checks, settings, deadline, files } = context;
  const outcome = await withinDeadline(work, { name: 'The second reader', ...deadline }, (timed) =>
    settleOpinions(timed, contestant, { asks: true, files }),
  );
  if ('failure' in outcome) {
    const { error } = outcome.failure;
    return { ...contestant, isRead: true, stop: isMoneyFault(error) ? error : contestant.stop };
  }
  const { opinions, doubted } = outcome.value;
  const judged = judgedIn(context, gates, candidate);
  return {
    ...contestant,
    opinions,
    doubted,
    isRead: true,
    consolidated: consolidate(judged, checks.blocking, opinions, settings),
  };
}
