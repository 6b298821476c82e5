import type { Node } from 'web-tree-sitter';
import { withTree } from '../../syntax/tree-sitter.ts';

const limitMs = 20_000;

/**
 * Rust's tests stand in the files that they test, so they cannot be put back as files.
 * @returns names of the tests of `before` that are gone, or are now ignored. What was changed in others is
 * for the reviewer to judge.
 */
export async function lostRustTests(before: string, after: string): Promise<string[]> {
  if (!before.includes('#[')) return [];
  const old = await rustTests(before);
  const now = await rustTests(after);
  return [...old].flatMap(([name, { ignored }]) => {
    const kept = now.get(name);
    return kept === undefined || (kept.ignored && !ignored) ? [name] : [];
  });
}

async function rustTests(text: string): Promise<Map<string, { ignored: boolean }>> {
  return withTree('rust', text, limitMs, (root) => {
    const tests = new Map<string, { ignored: boolean }>();
    for (const node of root.descendantsOfType('function_item')) {
      const name = node?.childForFieldName('name')?.text;
      const attributes = node === null ? [] : attributesBefore(node);
      if (name !== undefined && attributes.some((word) => /^#\[(?:\w+::)*test\b/.test(word)))
        tests.set(name, { ignored: attributes.some((word) => word.startsWith('#[ignore')) });
    }
    return tests;
  });
}

function attributesBefore(node: Node): string[] {
  const found: string[] = [];
  for (let other = node.previousNamedSibling; other !== null; other = other.previousNamedSibling) {
    if (other.type === 'attribute_item') found.push(other.text);
    else if (!other.type.endsWith('comment')) break;
  }
  return found;
}
