import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { ExitCode } from '../domain/errors.ts';
import { packForms } from '../domain/event.ts';
import { estimateTokens } from '../domain/text.ts';
import { cachedPart } from '../models/language-model.ts';
import type { ContextFile } from '../pipeline/ports.ts';
import { recall, remember } from '../supervisor/steps.ts';
import { mentionsOf, namesNothing } from '../text/mentions.ts';
import type { Redactor } from '../text/redact.ts';
import { packProject, type ProjectPack } from '../workflows/context-pack.ts';
import { filesOf } from './ad-hoc-work.ts';
import type { Program, Session } from './program.ts';

/** Work that belongs to no feature, as far as it says what of the project goes with it. */
interface WordsOnProject {
  /** What events call it. */
  readonly task: string;
  readonly words: string;
  /** Files that its prompt holds already. */
  readonly context: readonly ContextFile[];
  /** Further models that may be asked, as `provider/model`. */
  readonly models?: readonly string[];
}

/** What went along, as `--json` says it. */
export type ShownProject = Pick<ProjectPack, 'tokens' | 'files' | 'leftOut'>;

export interface ProjectParts extends ProjectPack {
  /** Null where nothing goes along. */
  readonly shown: ShownProject | null;
  /** The work has ended: the next time the project is looked at anew. */
  finish(exitCode: ExitCode): Promise<void>;
}

const keptSchema = z.strictObject({
  parts: z.array(z.strictObject({ name: z.string(), text: z.string() })),
  tokens: z.int(),
  leftOut: z.array(z.string()),
  files: z.array(z.strictObject({ path: z.string(), form: z.enum(packForms), reason: z.string() })),
  /** Of the work that it went along with. */
  hasEnded: z.boolean(),
});
type Kept = z.infer<typeof keptSchema>;

const nothing: Kept = { parts: [], tokens: 0, leftOut: [], files: [], hasEnded: false };

/**
 * What of the project the models of this work are shown: what its words name, where `repository.use` is set also
 * what fits them. It is kept when the work is begun, and once something was answered
 * stays the same until that has ended, however the project changes meanwhile: nothing is paid for twice.
 */
export async function projectParts(
  session: Session,
  { config, redactor }: Pick<Program, 'config' | 'redactor'>,
  about: WordsOnProject,
): Promise<ProjectParts> {
  const { use } = config.repository;
  if (use === false || (use === null && namesNothing(mentionsOf(about.words))))
    return partsOf(nothing, async () => undefined);
  const files = filesOf(session);
  const key = use === null ? 'named' : 'searched';
  const step = { name: 'partial/project.json', key, schema: keptSchema };
  const keep = (pack: Kept): Promise<void> => remember(files, step, pack);
  const before = await recall(files, step);
  const goesOn = before?.hasEnded === false && (await hasCalls(session));
  const pack = goesOn ? before : await packNow(session, use === true, redactor, about);
  if (!goesOn) await keep(pack);
  const { emit } = session;
  const { task } = about;
  if (before?.hasEnded === true && !isDeepStrictEqual(before.parts, pack.parts)) {
    const message =
      'what this shows of the project has changed since it was answered: it is asked anew';
    emit({ type: 'warning', code: 'project-changed', message, task: null });
  }
  const { tokens, leftOut, files: shown, parts } = pack;
  if (parts.length + leftOut.length > 0) {
    const named = { parts: parts.map(({ name }) => name), leftOut, files: shown };
    emit({ type: 'context-pack', task, tokens, ...named, kept: goesOn });
  }
  return partsOf(pack, async (exitCode) => {
    if (exitCode !== ExitCode.budget) await keep({ ...pack, hasEnded: true });
  });
}

/** Whether something was answered: where nothing was, nothing would be paid for again. */
async function hasCalls({ name, artefacts }: Session): Promise<boolean> {
  const files = await artefacts.list(name, 'calls');
  return files.some((file) => file.endsWith('.json'));
}

function partsOf(pack: Kept, finish: ProjectParts['finish']): ProjectParts {
  const { parts, tokens, leftOut, files } = pack;
  const isShown = parts.length + leftOut.length > 0;
  return {
    parts: parts.map(({ name, text }) => cachedPart(name, text)),
    tokens,
    leftOut,
    files,
    shown: isShown ? { tokens, files, leftOut } : null,
    finish,
  };
}

async function packNow(
  session: Session,
  isSearched: boolean,
  redactor: Redactor,
  about: WordsOnProject,
): Promise<Kept> {
  const project = await session.project();
  if (project === null) return nothing;
  const { words, context } = about;
  const { relatedTokens } = session.options;
  const sources = {
    project,
    isSearched,
    relatedTokens,
    // The words themselves may stand in a file of the project.
    async look(path: string) {
      const text = await project.read(path);
      return text?.trim() === words.trim() ? null : text;
    },
  };
  const room = await roomBeside(session, about);
  const pack = await packProject(
    words,
    context.map(({ path }) => path),
    sources,
    room,
  );
  return {
    ...pack,
    // What is kept is what was sent, and secrets are not kept.
    parts: pack.parts.map(({ name, text }) => ({ name, text: redactor.all(text) })),
    leftOut: [...pack.leftOut],
    files: [...pack.files],
    hasEnded: false,
  };
}

/** In tokens: half of what the smallest model takes, less what the prompt holds already. */
async function roomBeside(
  { pool, options }: Session,
  { words, context, models = [] }: WordsOnProject,
): Promise<number> {
  const known = await pool(models);
  const windows = [...known.primaries('coder'), ...known.validators()].flatMap(
    ({ contextTokens, missing }) => (missing === null ? (contextTokens ?? []) : []),
  );
  const held = [words, ...context.map(({ text }) => text)].map(estimateTokens);
  const most = Math.min(options.contextTokens, ...windows.map((window) => Math.floor(window / 2)));
  return Math.max(
    0,
    held.reduce((left, tokens) => left - tokens, most),
  );
}
