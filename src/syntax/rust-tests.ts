import type { Node } from 'web-tree-sitter';

/** A test function as Rust marks it. */
export interface RustTest {
  readonly name: string;
  readonly ignored: boolean;
}

/** The tests of a Rust file's tree, in the order of the text. */
export function rustTestsBelow(root: Node): RustTest[] {
  return root.descendantsOfType('function_item').flatMap((node) => {
    const name = node?.childForFieldName('name')?.text;
    const attributes = node === null ? [] : attributesBefore(node);
    if (name === undefined || !attributes.some((word) => /^#\[(?:\w+::)*test\b/.test(word)))
      return [];
    return [{ name, ignored: attributes.some((word) => word.startsWith('#[ignore')) }];
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
