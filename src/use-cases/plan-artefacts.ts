import * as z from 'zod';
import { BlueprintError } from '../domain/errors.ts';
import type { ClarifiedAnswer, PlanArtefacts } from '../pipeline/ports.ts';
import { jsonText, parseJsonAs } from '../text/json-as.ts';
import type { ArtefactStore, FeatureStore } from '../state/ports.ts';

/** Where planning keeps what it makes: the feature's folder and its task list. */
export function planArtefacts(
  slug: string,
  artefacts: ArtefactStore,
  store: FeatureStore,
): PlanArtefacts {
  return {
    readBrief: () => artefacts.read(slug, 'brief.md'),
    saveBrief: (text) => artefacts.write(slug, 'brief.md', text),
    async readAnswers() {
      const text = await artefacts.read(slug, 'answers.json');
      return text === null ? null : parseAnswers(text, artefacts.path(slug, 'answers.json'));
    },
    saveAnswers: (answers) => artefacts.write(slug, 'answers.json', jsonText(answers)),
    async readLooked() {
      const text = await artefacts.read(slug, looked);
      return parseJsonAs(text, z.array(z.string())) ?? [];
    },
    saveLooked: (paths) => artefacts.write(slug, looked, jsonText(paths)),
    readSpec: () => artefacts.read(slug, 'spec.md'),
    saveSpec: (markdown) => artefacts.write(slug, 'spec.md', markdown),
    readTaskList: () => store.read(slug),
    saveTaskList: (document) => store.create(slug, document),
    changeTaskList: (change) => store.update(slug, change),
    saveDraft: (name, text) => artefacts.write(slug, `partial/plan/${name}`, text),
  };
}

const looked = 'partial/plan/looked.json';

const answersSchema = z.array(
  z.strictObject({ question: z.string(), answer: z.string(), assumed: z.boolean() }),
);

function parseAnswers(text: string, path: string): ClarifiedAnswer[] {
  try {
    return answersSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new BlueprintError({
      code: 'answers-file-broken',
      message: 'The answers to the questions on the brief cannot be read',
      target: path,
      fix: 'Mend the file, or delete it to be asked again.',
      cause,
    });
  }
}
