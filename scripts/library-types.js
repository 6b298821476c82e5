import { readFileSync } from 'node:fs';
import { relative, sep } from 'node:path';
import ts from 'typescript';

/**
 * The types of the package's entry as one text that imports nothing: what the entry exports, and all that
 * it stands on, as it is written in the sources. Types that come from schemas or from values are written
 * out, so that nobody needs the packages that made them.
 * @param entry the entry's source file, relative to the working folder
 */
export function libraryTypes(entry) {
  const { config } = ts.readConfigFile('tsconfig.json', (path) => readFileSync(path, 'utf8'));
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, '.');
  const host = ts.createCompilerHost(options);
  host.resolveModuleNameLiterals = (literals, from) =>
    literals.map(({ text }) =>
      isRead(text) ? ts.resolveModuleName(text, from, options, host) : notRead,
    );
  const program = ts.createProgram([entry], options, host);
  const source = program.getSourceFile(entry);
  const checker = program.getTypeChecker();
  const { names, waiting } = exported(checker, checker.getSymbolAtLocation(source));
  const context = { checker, names, waiting, taken: new Set(names.values()) };
  const texts = [];
  // Grows while it is walked: each declaration brings those that it names.
  for (const symbol of waiting) texts.push(declarationOf(symbol, context));
  return `${texts.join('\n\n')}\n`;
}

/** Of packages only that of the schemas has a part in types of ours; vendors' would take seconds to read. */
const isRead = (module) => /^(?:\.(?!.*\/compose\/)|zod$)/.test(module);
const notRead = { resolvedModule: undefined };

/** What the entry exports, by the name that it has there. */
function exported(checker, module) {
  const names = new Map();
  for (const symbol of checker.getExportsOfModule(module))
    names.set(resolved(symbol, checker), symbol.name);
  return { names, waiting: new Set(names.keys()), isExported: new Set(names.keys()) };
}

function resolved(symbol, checker) {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

/** Whether the sources of this program declare it; other types are TypeScript's own or a package's. */
function isOurs(symbol) {
  const [declaration] = symbol?.declarations ?? [];
  if (declaration === undefined) return false;
  return relative('.', declaration.getSourceFile().fileName).split(sep)[0] === 'src';
}

/** The name of a type of ours in the published text; it will be declared there. */
function nameOf(symbol, { names, waiting, taken }) {
  const known = names.get(symbol);
  if (known !== undefined) return known;
  let name = symbol.name;
  for (let number = 2; taken.has(name); number++) name = `${symbol.name}${number}`;
  taken.add(name);
  names.set(symbol, name);
  waiting.add(symbol);
  return name;
}

function declarationOf(symbol, context) {
  const name = nameOf(symbol, context);
  const declaration = symbol.declarations.find(
    (node) =>
      ts.isInterfaceDeclaration(node) ||
      ts.isTypeAliasDeclaration(node) ||
      ts.isClassDeclaration(node) ||
      ts.isFunctionDeclaration(node),
  );
  if (declaration === undefined) throw new Error(`No published form for ${symbol.name}`);
  const doc = docOf(declaration);
  if (ts.isInterfaceDeclaration(declaration) || ts.isTypeAliasDeclaration(declaration)) {
    const text = rewritten(declaration, context, new Map([[declaration.name, name]]));
    return `${doc}${text.startsWith('export ') ? text : `export ${text}`}`;
  }
  if (ts.isFunctionDeclaration(declaration)) {
    const parameters = declaration.parameters.map((each) => rewritten(each, context)).join(', ');
    const result = rewritten(declaration.type, context);
    return `${doc}export declare function ${name}(${parameters}): ${result};`;
  }
  return `${doc}export declare class ${name}${heritageOf(declaration)} {\n${membersOf(declaration, context)}\n}`;
}

function docOf(node) {
  const [doc] = ts.getJSDocCommentsAndTags(node);
  return doc === undefined ? '' : `${doc.getText()}\n`;
}

function heritageOf(declaration) {
  return (declaration.heritageClauses ?? []).map((clause) => ` ${clause.getText()}`).join('');
}

/** A class as others see it: its fields and methods with their types, without how it is made. */
function membersOf(declaration, context) {
  const members = declaration.members.flatMap((member) => {
    const isPrivate = member.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword);
    if (isPrivate || ts.isConstructorDeclaration(member)) return [];
    const { checker } = context;
    if (ts.isPropertyDeclaration(member)) {
      const type =
        member.type === undefined
          ? written(checker.getTypeAtLocation(member), context)
          : rewritten(member.type, context);
      return `${docOf(member)}readonly ${member.name.getText()}: ${type};`;
    }
    const parameters = member.parameters.map((each) => rewritten(each, context)).join(', ');
    return `${docOf(member)}${member.name.getText()}(${parameters}): ${rewritten(member.type, context)};`;
  });
  return members.join('\n');
}

/**
 * The text of a declaration or type, with the published names of what it names, and with types that are
 * taken from schemas and values written out.
 * @param own texts for nodes of it
 */
function rewritten(node, context, own = new Map()) {
  const { checker } = context;
  const edits = [];
  const edit = (at, text) => void edits.push({ start: at.getStart(), end: at.getEnd(), text });
  const visit = (at) => {
    if (own.has(at)) return edit(at, own.get(at));
    if (ts.isTypeNode(at) && isOfValues(at, checker))
      return edit(at, written(checker.getTypeFromTypeNode(at), context));
    if (ts.isTypeReferenceNode(at) || ts.isExpressionWithTypeArguments(at)) {
      const typeName = at.typeName ?? at.expression;
      const symbol = resolved(checker.getSymbolAtLocation(typeName), checker);
      const isParameter = (symbol.flags & ts.SymbolFlags.TypeParameter) !== 0;
      if (!isParameter && isOurs(symbol)) edit(typeName, nameOf(symbol, context));
      at.typeArguments?.forEach(visit);
      return;
    }
    // A visit that gives something would end the walk.
    ts.forEachChild(at, (child) => void visit(child));
  };
  visit(node);
  const start = node.getStart();
  let text = node.getText();
  for (const { start: from, end, text: by } of edits.toReversed())
    text = text.slice(0, from - start) + by + text.slice(end - start);
  return text;
}

/** Whether a type is taken from a value, as by `typeof`, or is made by a package. */
function isOfValues(node, checker) {
  if (ts.isTypeQueryNode(node)) return true;
  if (ts.isParenthesizedTypeNode(node)) return isOfValues(node.type, checker);
  if (ts.isIndexedAccessTypeNode(node)) return isOfValues(node.objectType, checker);
  if (!ts.isTypeReferenceNode(node)) return false;
  if (node.typeArguments?.some((each) => isOfValues(each, checker))) return true;
  const symbol = resolved(checker.getSymbolAtLocation(node.typeName), checker);
  const file = symbol.declarations?.[0]?.getSourceFile().fileName ?? '';
  return /node_modules\/(?!typescript\/|@types\/node\/)/.test(file);
}

/** A type in full, but for those that have a name of ours or of TypeScript's. */
function written(type, context, depth = 0) {
  const { checker } = context;
  if (depth > 30) throw new Error(`No end to ${checker.typeToString(type)}`);
  const write = (each) => written(each, context, depth + 1);
  const { aliasSymbol, symbol } = type;
  if (depth > 0 && aliasSymbol !== undefined && isOurs(aliasSymbol) && !type.aliasTypeArguments)
    return nameOf(aliasSymbol, context);
  if (type.flags & ts.TypeFlags.Boolean) return 'boolean';
  if (type.isUnion()) return [...new Set(unionOf(type, checker).map(write))].join(' | ');
  if (type.isIntersection()) return type.types.map(write).join(' & ');
  if (!(type.flags & ts.TypeFlags.Object)) return checker.typeToString(type);
  if (checker.isArrayType(type)) {
    const [element] = checker.getTypeArguments(type);
    return `${symbol.name === 'ReadonlyArray' ? 'readonly ' : ''}(${write(element)})[]`;
  }
  if (symbol?.flags & ts.SymbolFlags.Interface) {
    if (isOurs(symbol)) return nameOf(symbol, context);
    return checker.typeToString(type);
  }
  if (checker.isTupleType(type)) return `[${checker.getTypeArguments(type).map(write).join(', ')}]`;
  if (type.getCallSignatures().length > 0)
    throw new Error(`A function has no published form: ${checker.typeToString(type)}`);
  const indexes = checker.getIndexInfosOfType(type).map((info) => {
    const key = checker.typeToString(info.keyType);
    return `${info.isReadonly ? 'readonly ' : ''}[key: ${key}]: ${write(info.type)};`;
  });
  const members = type.getProperties().map((property) => {
    const isOptional = (property.flags & ts.SymbolFlags.Optional) !== 0;
    const text = write(checker.getTypeOfSymbol(property));
    const name = /^[\w$]+$/.test(property.name) ? property.name : JSON.stringify(property.name);
    return isOptional ? `${name}?: ${text.replace(/ \| undefined$/, '')};` : `${name}: ${text};`;
  });
  return `{\n${[...indexes, ...members].join('\n')}\n}`;
}

/** The parts of a union, `boolean` in one word and `null` last. */
function unionOf(type, checker) {
  const isOf = (flags) => (each) => (each.flags & flags) !== 0;
  const booleans = type.types.filter(isOf(ts.TypeFlags.BooleanLiteral));
  const empty = type.types.filter(isOf(ts.TypeFlags.Null | ts.TypeFlags.Undefined));
  const others = type.types.filter((each) => !booleans.includes(each) && !empty.includes(each));
  const boolean = booleans.length < 2 ? booleans : [checker.getBooleanType()];
  return [...others, ...boolean, ...empty];
}
