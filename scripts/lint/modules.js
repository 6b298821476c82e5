import { posix, relative, resolve, sep } from 'node:path';

/** A file's place below src/, without its ending: `state/journal`. Null for a file elsewhere. */
export function moduleOf(file, cwd) {
  const path = relative(resolve(cwd, 'src'), file).split(sep).join('/');
  return path.startsWith('..') ? null : path.replace(/\.[cm]?[jt]s$/, '');
}

/** The module that `source` names in `from`; it begins with `..` outside of src/. */
export function resolved(source, from) {
  return posix.join(posix.dirname(from), source).replace(/\.[cm]?[jt]s$/, '');
}

export const roomOf = (module) => module.split('/')[0];

/**
 * The text of a literal, or of a template, whose expression may only be a file's name in a folder that is
 * written out: it then stands as `*`. Null for what is only known at run time.
 */
function textOf(node) {
  if (node?.type === 'Literal' && typeof node.value === 'string') return node.value;
  if (node?.type !== 'TemplateLiteral') return null;
  const [folder, ending] = node.quasis.map(({ value }) => value.cooked);
  if (ending === undefined) return folder;
  const isName = node.quasis.length === 2 && /^\.{1,2}\/.*[^./]\/$/.test(folder);
  return isName && /^\.[cm]?[jt]s$/.test(ending) ? `${folder}*${ending}` : null;
}

/**
 * Visitors for every way of naming another module: static, re-exported, type-only, `import()`ed, an imported
 * type, and `require`. `found` gets the node and its text, null where that is only known at run time.
 */
export function importsOf(found) {
  const at = (node) => {
    if (node != null) found(node, textOf(node));
  };
  return {
    ImportDeclaration: ({ source }) => at(source),
    ExportNamedDeclaration: ({ source }) => at(source),
    ExportAllDeclaration: ({ source }) => at(source),
    ImportExpression: ({ source }) => at(source),
    TSImportType: ({ source, argument }) => at(source ?? argument?.literal),
    TSExternalModuleReference: ({ expression }) => at(expression),
    'CallExpression[callee.name="require"]': ({ arguments: [source] }) => at(source),
  };
}
