import { ModelError } from '../domain/model-error.ts';
import { clarifyInProjectSchema, clarifyReplySchema } from '../domain/plan.ts';
import { cleanedLine } from '../domain/text.ts';
import { isSecretFile, secretByName } from '../files/secret-files.ts';
import { clarifyPrompt } from './clarify-prompt.ts';
import { projectParts } from './known-project.ts';
import { nearestPaths } from './nearest-paths.ts';
import type { Ask, ClarifiedAnswer, ContextFile, PlanPorts, Question } from './ports.ts';
import { askForObject, count, keepRawReply, routeTo, runStage, warn } from './stage.ts';

const maxQuestions = 5;

export interface ClarifyInput {
  readonly slug: string;
  readonly brief: string;
  readonly context: readonly ContextFile[];
  /** Null: nobody can be asked; the architect may still ask to see files of the project. */
  readonly ask: Ask | null;
}

export interface Clarified {
  readonly answers: readonly ClarifiedAnswer[];
  /** Paths of files that the architect wants to read before it writes. */
  readonly looked: readonly string[];
}

/**
 * Has the architect ask what the brief leaves open, and a person answer; where there is a project it may
 * also name files of it to read. Both are saved, empty lists too, so that nothing is asked twice.
 *
 * @throws ModelError when no model could be asked; a reply that is no use is only a warning
 */
export function clarify(input: ClarifyInput, ports: PlanPorts): Promise<Clarified> {
  return runStage('clarify', ports, async () => {
    const { questions, looked } = await wantedOf(input, ports);
    // Nobody is there to be asked: what the architect would assume stands.
    const replies = questions.length === 0 || input.ask === null ? [] : await input.ask(questions);
    const answers = questions.map(({ question, suggestion }, index): ClarifiedAnswer => {
      const reply = replies[index]?.trim() ?? '';
      return { question, answer: reply === '' ? suggestion : reply, assumed: reply === '' };
    });
    await ports.artefacts.saveLooked(looked);
    await ports.artefacts.saveAnswers(answers);
    const read = looked.length === 0 ? '' : `; ${count(looked.length, 'file')} to read`;
    return {
      value: { answers, looked },
      summary: `${count(answers.length, 'question')}${read}`,
    };
  });
}

interface Wanted {
  readonly questions: readonly Question[];
  readonly looked: readonly string[];
}

const nothing: Wanted = { questions: [], looked: [] };

async function wantedOf(input: ClarifyInput, ports: PlanPorts): Promise<Wanted> {
  const model = routeTo(ports, 'architect');
  // Rules can tell what a brief holds, not what it lacks.
  if (model === null) return nothing;
  const project = await projectParts(ports, input.brief);
  const canAsk = input.ask !== null;
  const mostFiles = ports.project?.lookFiles ?? 0;
  const parts = clarifyPrompt({ ...input, project, mostFiles, canAsk });
  const question = {
    role: 'architect',
    stage: 'clarify',
    slug: input.slug,
    parts,
    maxOutputTokens: 8_000,
  } as const;
  try {
    if (project.length === 0) {
      const { object } = await askForObject(ports, model, question, 'clarify', clarifyReplySchema);
      return { questions: cleaned(object.questions), looked: [] };
    }
    const { object } = await askForObject(
      ports,
      model,
      question,
      'clarify',
      clarifyInProjectSchema,
    );
    const questions = canAsk ? cleaned(object.questions) : [];
    return { questions, looked: await pathsOf(object.files, ports) };
  } catch (error) {
    // Questions are a help, not a need: without them the architect assumes.
    if (!(error instanceof ModelError) || error.kind !== 'malformed') throw error;
    await keepRawReply('clarify', error, ports);
    warn(ports, 'clarify-malformed', `No questions were asked: ${error.message}`);
    return nothing;
  }
}

/** The paths that are there; a warning names the others, with those that may be meant. */
async function pathsOf(asked: readonly string[], ports: PlanPorts): Promise<string[]> {
  const { project = null } = ports;
  if (project === null) return [];
  const paths = await project.known.paths();
  const known = new Set(paths);
  const found = new Set<string>();
  for (const path of asked.map((one) => one.trim().replace(/^\.\//, ''))) {
    if (path === '') continue;
    if (isSecretFile(path))
      warn(ports, 'file-asked-for', cleanedLine(`${path} is not shown: ${secretByName}`));
    else if (!known.has(path)) {
      const near = nearestPaths(path, paths);
      const meant = near.length === 0 ? '' : `; nearest: ${near.join(', ')}`;
      warn(
        ports,
        'file-asked-for',
        cleanedLine(`The architect asked for ${path}, which is not there${meant}`),
      );
    } else found.add(path);
  }
  return [...found].slice(0, project.lookFiles);
}

function cleaned(questions: readonly Question[]): Question[] {
  return questions
    .map(({ question, why, suggestion }) => ({
      question: cleanedLine(question),
      why: cleanedLine(why),
      suggestion: cleanedLine(suggestion),
    }))
    .filter(({ question }) => question !== '')
    .slice(0, maxQuestions);
}
