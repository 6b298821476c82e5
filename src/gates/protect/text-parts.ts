import type { Ecosystem } from './protected-path.ts';
import type { Sectioned } from './sectioned.ts';

/** The texts in a file that decide how tests are run, by what they are called. */
type Parts = (text: string) => Map<string, string>;

/** How build files are judged that no parser of ours writes again; null for other names. */
export function partsOf(name: string): Sectioned | null {
  if (name === 'pom.xml') return judged('jvm', elements(mavenParts));
  if (/\.gradle(?:\.kts)?$/.test(name)) return judged('jvm', gradleBlocks);
  if (/\.(?:cs|fs|vb)proj$|^Directory\.\w+\.(?:props|targets)$/.test(name))
    return judged('dotnet', elements(projectParts));
  if (/^(?:GNUm|[mM])akefile$/.test(name)) return judged('any', makeRules, { whenNew: false });
  return null;
}

/**
 * Where a part differs the whole file is as it was: nothing else of it can be told apart safely.
 * @param whenNew whether parts count that were not there before.
 */
function judged(of: Ecosystem, find: Parts, { whenNew = true } = {}): Sectioned {
  return {
    of,
    async restore(before, proposed, added) {
      const old = find(before ?? '');
      const now = find(proposed);
      const names = [...old.keys(), ...(added && whenNew ? now.keys() : [])];
      const changed = [...new Set(names)].filter((name) => old.get(name) !== now.get(name));
      if (changed.length === 0) return { content: proposed, changed };
      return { content: before ?? withoutParts(proposed, changed, now), changed };
    },
  };
}

function withoutParts(text: string, names: readonly string[], parts: Map<string, string>): string {
  return names.reduce((left, name) => left.replace(parts.get(name) ?? '', ''), text);
}

const mavenParts =
  /<plugin>(?:(?!<\/plugin>)[^])*?<artifactId>\s*(maven-(?:surefire|failsafe)-plugin)\s*<\/artifactId>[^]*?<\/plugin>|<(skipTests|skipITs|maven\.test\.[\w.]+|surefire\.[\w.]+|argLine|testSourceDirectory|testFailureIgnore)>[^<]*<\/\2>/g;
const projectParts =
  /<(IsTestProject|RunSettingsFilePath|VSTest\w+|TestingPlatform\w+|GenerateProgramFile)>[^<]*<\/\1>/g;

/** Of a file in XML what a pattern finds, numbered where it finds one more than once. */
function elements(pattern: RegExp): Parts {
  return (text) => {
    const found = new Map<string, string>();
    for (const [part, ...names] of text.replace(/<!--[^]*?-->/g, '').matchAll(pattern)) {
      const name = names.find((one) => one !== undefined) ?? '';
      const count = [...found.keys()].filter((key) => key.replace(/ \d+$/, '') === name).length;
      found.set(count === 0 ? name : `${name} ${count + 1}`, part);
    }
    return found;
  };
}

/** Blocks that configure tasks of tests: `test { … }`, `tasks.withType<Test> { … }`. */
function gradleBlocks(text: string): Map<string, string> {
  const found = new Map<string, string>();
  const head =
    /^[ \t]*(?:tasks\.)?(?:test|named(?:<\w+>)?\(\s*["']test["'][^)\n]*\)|withType(?:<Test>(?:\(\))?|\(Test\))(?:\.(?:configureEach|all))?|getByName\(["']test["']\))\s*\{/gm;
  for (const match of text.matchAll(head)) {
    const end = closing(text, match.index + match[0].length);
    const part = text.slice(match.index, end);
    const count = found.size;
    found.set(count === 0 ? 'test' : `test ${count + 1}`, part);
  }
  const disabled = /^.*\b(?:test|tasks\["test"\])\.(?:enabled|onlyIf|ignoreFailures)\b.*$/m.exec(
    text,
  );
  if (disabled !== null) found.set('test.enabled', disabled[0]);
  return found;
}

/** Behind the brace that closes the one before a place. */
function closing(text: string, from: number): number {
  let depth = 1;
  for (let at = from; at < text.length; at++) {
    if (text[at] === '{') depth += 1;
    else if (text[at] === '}') depth -= 1;
    if (depth === 0) return at + 1;
  }
  return text.length;
}

/** The rules for tests, those that they stand on, and the variables that these name. */
function makeRules(text: string): Map<string, string> {
  const rules = new Map<string, string>();
  const variables = new Map<string, string>();
  let target: string | null = null;
  for (const line of text.split(/(?<=\n)(?!(?<=\\\r?\n))/)) {
    const variable = /^(?:export\s+|override\s+)?([\w.-]+)\s*(?:[:?+!]{0,3})=/.exec(line)?.[1];
    const rule = variable === undefined ? /^([^\s#:=][^#:=]*?)\s*::?/.exec(line)?.[1] : undefined;
    if (variable !== undefined) variables.set(variable, (variables.get(variable) ?? '') + line);
    else if (rule !== undefined) {
      target = rule;
      rules.set(rule, (rules.get(rule) ?? '') + line);
    } else if (target !== null && line.startsWith('\t'))
      rules.set(target, (rules.get(target) ?? '') + line);
  }
  return reached(rules, variables);
}

function reached(
  rules: ReadonlyMap<string, string>,
  variables: ReadonlyMap<string, string>,
): Map<string, string> {
  const found = new Map<string, string>();
  const waiting = ['test', 'tests', 'check'];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop())
    for (const [kind, texts] of [
      ['', rules],
      ['$', variables],
    ] as const)
      for (const [key, part] of texts) {
        const isIt = kind === '' ? key.split(/\s+/).includes(name) : `$${key}` === name;
        if (!isIt || found.has(kind + key)) continue;
        found.set(kind + key, part);
        const needs = kind === '' ? (/::?([^=#\n]*)/.exec(part)?.[1] ?? '').split(/\s+/) : [];
        waiting.push(...needs.filter((need) => need !== ''));
        waiting.push(...[...part.matchAll(/\$[({]([\w.-]+)[)}]/g)].map(([, used]) => `$${used}`));
        waiting.push(...[...part.matchAll(/\$\(MAKE\)\s+([\w.-]+)/g)].map(([, used = '']) => used));
      }
  return found;
}
