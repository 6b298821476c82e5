import slugify from '@sindresorhus/slugify';
import type { PlannedTask, PlanReply } from '../domain/plan.ts';
import { pathProblem } from '../domain/safe-path.ts';
import { requirementsOf, sectionsOf, titleOf } from '../domain/spec.ts';
import type { Requirement } from '../domain/task.ts';
import { toSingleLine, withoutControls } from '../domain/text.ts';
import { capped } from './acceptance.ts';
import { areasOf, specOf } from './brief-spec.ts';
import { dependenciesOf } from './dependencies.ts';
import { essence, groupsOf, type Group } from './groups.ts';
import { inline } from './inline.ts';
import { isImperative } from './sentence-kind.ts';
import { detectStack, type DetectedStack } from './stack.ts';
import { tellingWordsOf } from './terms.ts';
import { categoryOf, complexityOf } from './traits.ts';

const documents =
  /\b(?:readme|documentation|documented|docs|user guide|manual|tutorial|changelog|dokumentation|documentaci[óo]n)\b/i;
const groundwork =
  /\b(?:continuous integration|ci pipeline|github actions|dockerfile|docker image|docker compose|linter|formatter|package\.json|published (?:to|on)|licen[sc]e file)\b/i;
/** A brief may start as `Build a chess clock`; what is designed is the chess clock. */
const building =
  /^(?:build|create|design|develop|implement|make|write)\s(?:me\s|us\s)?(?:an?\s|the\s)?(?=\S)/i;
const maxAcceptance = 16;

/** A spec as requirements and tasks; where it states no requirement in our form, it is read as a brief. */
export function planOf(spec: string): PlanReply {
  const stated = requirementsOf(spec);
  const read = stated.length > 0 ? null : specOf(spec);
  const requirements = (read?.requirements ?? stated).map(clean);
  const plan = new PlanWriter(
    toSingleLine(read?.title ?? titleOf(spec) ?? 'the work', 120),
    requirements,
    read?.constraints ?? listUnder(spec, /^constraints$/i),
    read?.openQuestions ?? listUnder(spec, /^open questions$/i),
    detectStack(withoutControls(spec)),
  );
  return { requirements, tasks: plan.tasks(areasOf(read?.interfaces ?? spec)) };
}

function clean({ id, text, acceptance }: Requirement): Requirement {
  return {
    id,
    text: withoutControls(text).trim() || 'Unnamed requirement',
    acceptance: acceptance
      .map((line) => withoutControls(line).trim())
      .filter((line) => line !== ''),
  };
}

function listUnder(spec: string, heading: RegExp): string[] {
  const section = sectionsOf(spec).find((candidate) => heading.test(candidate.heading.trim()));
  const lines = section?.body.split('\n') ?? [];
  return lines
    .filter((line) => /^\s*[-*+] /.test(line))
    .map((line) => inline(line))
    .filter((line) => line !== '' && line !== 'None.');
}

class PlanWriter {
  private readonly written: PlannedTask[] = [];
  private readonly titles = new Set<string>();
  private readonly slugs = new Set<string>();

  constructor(
    private readonly title: string,
    private readonly requirements: readonly Requirement[],
    private readonly constraints: readonly string[],
    private readonly questions: readonly string[],
    private readonly stack: DetectedStack,
  ) {}

  tasks(areas: ReadonlyMap<string, readonly string[]>): PlannedTask[] {
    const docs = this.requirements.filter(({ text }) => documents.test(text));
    const setup = this.requirements.filter(
      (requirement) => !docs.includes(requirement) && groundwork.test(requirement.text),
    );
    const coded = this.requirements.filter(
      (requirement) => !docs.includes(requirement) && !setup.includes(requirement),
    );
    const design = this.design();
    const ground = this.ground(design, setup);
    const groups = groupsOf(coded, areas);
    const needs = dependenciesOf(groups);
    const code: string[] = [];
    groups.forEach((group, index) => {
      const after = (needs[index] ?? []).flatMap((earlier) => code[earlier] ?? []);
      code.push(this.code(group, [design, ground, ...after]));
    });
    const works = code.length === 0 ? [ground] : code;
    const documented = docs.length === 0 ? [] : [this.docs(docs, works)];
    this.review([ground, ...code, ...documented]);
    return this.written;
  }

  private design(): string {
    const ids = this.requirements.map(({ id }) => id);
    return this.add({
      title: `Design ${this.title.replace(building, '')}`,
      description: [
        `Decide the modules, their responsibilities, the data shapes, the error cases and the names that all later tasks build on. Write them down in docs/design.md.`,
        this.stackSentence(),
        ...section('Constraints', this.constraints),
        ...section('Questions to settle', this.questions),
      ].join('\n\n'),
      type: 'architecture',
      dependsOn: [],
      requirements: ids,
      acceptance: [
        'docs/design.md names each module with its responsibility and its public names.',
        `Each requirement (${range(ids)}) is assigned to a module.`,
        'Error cases and limits are decided, with the message or result of each.',
        ...(this.questions.length > 0 ? ['Each open question has a decision and its reason.'] : []),
      ],
      files: ['docs/design.md'],
      complexity: Math.min(9, 3 + Math.floor(ids.length / 6)),
      category: 'architecture',
      workflow: 'coding',
    });
  }

  private ground(design: string, setup: readonly Requirement[]): string {
    const acceptance = [
      `\`${this.stack.testCommand}\` runs on the fresh project and passes.`,
      'An existing manifest is extended, not replaced.',
      ...this.constraints.map((constraint) => `Holds: ${constraint}`),
      ...setup.flatMap((requirement) => requirement.acceptance),
    ];
    return this.add({
      title: `Set up the ${this.stack.name} project`,
      description: [
        `Lay the groundwork: manifest, test command, ignore rules and the folders of the design. ${this.stackSentence()}`,
        ...section('Requirements', setup.map(line)),
        ...section('Constraints', this.constraints),
      ].join('\n\n'),
      type: 'boilerplate',
      dependsOn: [design],
      requirements: setup.map(({ id }) => id),
      acceptance: capped(acceptance, maxAcceptance),
      files: [...this.stack.setup],
      complexity: Math.min(5, 2 + setup.length),
      category: 'devops',
      workflow: 'coding',
    });
  }

  private code({ name, requirements }: Group, dependsOn: string[]): string {
    const slug = this.slug(name);
    const test = this.stack.test(slug);
    const text = [name, ...requirements.map(line)].join('\n');
    const criteria = requirements.flatMap(({ acceptance }) => acceptance);
    return this.add({
      title: codeTitle(name),
      fallback: codeTitle(essence(requirements[0]?.text ?? name)),
      description: [
        `Write the code and its tests. Build on the names in docs/design.md.`,
        ...section('Requirements', requirements.map(line)),
      ].join('\n\n'),
      type: 'code',
      dependsOn,
      requirements: requirements.map(({ id }) => id),
      acceptance: [
        ...capped(criteria, maxAcceptance),
        `Tests in ${test} cover each of these points, and \`${this.stack.testCommand}\` passes.`,
      ],
      files: [this.stack.source(slug), test],
      complexity: complexityOf(text, requirements.length, criteria.length),
      category: categoryOf(text),
      workflow: 'coding',
    });
  }

  private docs(requirements: readonly Requirement[], dependsOn: string[]): string {
    const criteria = requirements.flatMap(({ acceptance }) => acceptance);
    return this.add({
      title: 'Write the documentation',
      description: [
        'Document what was built for the people who use it, with examples that were run.',
        ...section('Requirements', requirements.map(line)),
      ].join('\n\n'),
      type: 'boilerplate',
      dependsOn,
      requirements: requirements.map(({ id }) => id),
      acceptance: [
        ...capped(criteria, maxAcceptance),
        'Each command and example in the documentation was run and works as shown.',
      ],
      files: ['README.md'],
      complexity: Math.min(5, 1 + requirements.length),
      category: 'general',
      workflow: 'coding',
    });
  }

  private review(dependsOn: string[]): void {
    const ids = this.requirements.map(({ id }) => id);
    this.add({
      title: 'Review the whole against the requirements',
      description:
        'Read all that was produced as one work: does each requirement hold, do the parts fit together, what is missing?',
      type: 'review',
      dependsOn,
      requirements: ids,
      acceptance: [
        `For each requirement (${range(ids)}) the code and the test that show it are named, or the gap is.`,
        'Names, errors and formats are the same in all parts and as designed.',
        ...this.constraints.slice(0, 6).map((constraint) => `Checked: ${constraint}`),
      ],
      files: [],
      complexity: Math.min(8, 2 + Math.floor(ids.length / 8)),
      category: 'general',
      workflow: 'reasoning',
    });
  }

  private add({ fallback, ...task }: Omit<PlannedTask, 'id'> & { fallback?: string }): string {
    const id = `T${this.written.length + 1}`;
    this.written.push({ ...task, id, title: this.uniqueTitle(task.title, fallback) });
    return id;
  }

  private uniqueTitle(wanted: string, fallback = wanted): string {
    for (let count = 0; ; count += 1) {
      const base = count === 0 ? wanted : fallback;
      const title = toSingleLine(base, 120).concat(count < 2 ? '' : ` (${count})`);
      const key = title.toLowerCase();
      if (this.titles.has(key)) continue;
      this.titles.add(key);
      return title;
    }
  }

  private slug(name: string): string {
    const words = tellingWordsOf(name.slice(0, 200)).slice(0, 3).join(' ');
    const made = slugify(words)
      .slice(0, 32)
      .replace(/^-+|-+$/g, '');
    const stem = made === '' || pathProblem(`${made}.x`) !== null ? 'part' : made;
    let slug = stem;
    for (let count = 2; this.slugs.has(slug); count += 1) slug = `${stem}-${count}`;
    this.slugs.add(slug);
    return slug;
  }

  private stackSentence(): string {
    return this.stack.guessed
      ? `The spec names no language: ${this.stack.name} is assumed, and the design may decide otherwise.`
      : `Language: ${this.stack.name}.`;
  }
}

function codeTitle(name: string): string {
  if (!isImperative(name)) return `Implement ${name}`;
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function line({ id, text }: Requirement): string {
  return `${id}: ${text}`;
}

function section(title: string, items: readonly string[]): string[] {
  if (items.length === 0) return [];
  return [`${title}:\n${items.map((item) => `- ${item}`).join('\n')}`];
}

function range(ids: readonly string[]): string {
  return ids.length <= 3 ? ids.join(', ') : `${ids[0]} to ${ids.at(-1)}`;
}
