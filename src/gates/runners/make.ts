import { shellCommand } from './shell-command.ts';
import { programMissing, type Detect, type RunnerPlan } from './runner.ts';

const names = ['GNUmakefile', 'makefile', 'Makefile'];

/** The Makefile's own target for tests: for a project whose tests no other runner knows. */
export const make: Detect = async (input) => {
  const { project, touched, has } = input;
  const path = names.find((name) => project.files.has(name));
  const target = path === undefined ? null : testTarget((await project.read(path)) ?? '');
  if (path === undefined || target === null) return [];
  if (!(await has('make'))) return [programMissing(`make ${target}`, 'make', 'make')];
  const plan = await shellCommand(`make ${target}`, path, input);
  return [touched.includes(path) ? provingNothing(plan) : plan];
};

/** A command that the work brings: what it prints says nothing of the work. */
export function provingNothing(plan: RunnerPlan): RunnerPlan {
  const read: RunnerPlan['read'] = (run, reports) => ({
    ...plan.read(run, reports),
    counted: true,
    passed: 0,
    tests: null,
  });
  return { ...plan, read };
}

/** `test`, else `check`, where the file has a rule that does something for it. */
export function testTarget(makefile: string): string | null {
  const rules = rulesOf(makefile);
  return (
    ['test', 'check'].find((name) => {
      const rule = rules.get(name);
      return rule !== undefined && (rule.needs !== '' || rule.recipe.length > 0);
    }) ?? null
  );
}

/** What the rule for tests runs, its variables in their places; null where there is none. */
export function makeRecipe(makefile: string): string | null {
  const target = testTarget(makefile);
  const recipe = target === null ? [] : (rulesOf(makefile).get(target)?.recipe ?? []);
  if (recipe.length === 0) return null;
  const variables = new Map(
    [...makefile.matchAll(/^([\w-]+)[ \t]*[:?]*=[ \t]*(.*)$/gm)].map(([, key = '', value = '']) => [
      key,
      value.trim(),
    ]),
  );
  const filled = (text: string, depth = 0): string =>
    depth > 5
      ? text
      : text.replace(/\$[({]([\w-]+)[)}]/g, (_, key: string) =>
          filled(variables.get(key) ?? '', depth + 1),
        );
  return recipe.map((line) => filled(line)).join('\n');
}

interface Rule {
  readonly needs: string;
  readonly recipe: readonly string[];
}

function rulesOf(makefile: string): Map<string, Rule> {
  const rules = new Map<string, Rule>();
  let open: readonly string[] = [];
  for (const line of makefile.replace(/[ \t]*\\\r?\n[ \t]*/g, ' ').split(/\r?\n/)) {
    const [, targets, rest = ''] = /^([^\s#:=][^#:=]*?)\s*::?(?!=)([^=]*)$/.exec(line) ?? [];
    if (targets !== undefined) {
      open = targets.split(/\s+/);
      const needs = rest.replace(/#.*/, '').trim();
      for (const name of open) rules.set(name, { needs, recipe: rules.get(name)?.recipe ?? [] });
    } else if (/^\t\s*[^#\s]/.test(line))
      for (const name of open) {
        const { needs = '', recipe = [] } = rules.get(name) ?? {};
        rules.set(name, { needs, recipe: [...recipe, line.trim()] });
      }
    else if (/^\S/.test(line) && !line.startsWith('#')) open = [];
  }
  return rules;
}
