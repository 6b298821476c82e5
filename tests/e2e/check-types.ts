import { join, resolve } from 'node:path';
import ts from 'typescript';

/**
 * `check-types.ts FOLDER PATH…`: checks the types of a folder's project, and then once more for each path with that
 * file as it stands in this repository. Prints as JSON the problems of each check; those after the first end at
 * the first file that has any. One process reads and parses for all of them.
 */
const [folder = '', ...paths] = process.argv.slice(2);

const given = ts.getParsedCommandLineOfConfigFile(join(folder, 'tsconfig.json'), undefined, {
  ...ts.sys,
  onUnRecoverableConfigFileDiagnostic(problem) {
    throw new Error(ts.flattenDiagnosticMessageText(problem.messageText, '\n'));
  },
});
if (given === undefined) throw new Error(`${folder} has no tsconfig.json`);
const { options, fileNames } = given;

/** By the file's path: where its text is read. */
const elsewhere = new Map<string, string>();
const host = ts.createCompilerHost(options);
const parse = host.getSourceFile.bind(host);
const parsed = new Map<string, ts.SourceFile | undefined>();
host.getSourceFile = (name, version) => {
  const from = elsewhere.get(name);
  if (from !== undefined) return ts.createSourceFile(name, host.readFile(from) ?? '', version);
  if (!parsed.has(name)) parsed.set(name, parse(name, version));
  return parsed.get(name);
};

const words = (problems: readonly ts.Diagnostic[]): string =>
  ts.formatDiagnostics(problems, { ...host, getCurrentDirectory: () => folder });

const whole = ts.createProgram(fileNames, options, host);
const found = [words(ts.getPreEmitDiagnostics(whole))];
for (const path of paths) {
  const place = join(folder, path);
  elsewhere.clear();
  elsewhere.set(place, resolve(path));
  const changed = ts.createProgram(fileNames, options, host, whole);
  // Those that lack something are most often among the files that name each other's lists.
  const near = [place, ...paths.map((other) => join(folder, other)), ...fileNames];
  let problems: readonly ts.Diagnostic[] = [];
  for (const name of near) {
    problems = changed.getSemanticDiagnostics(changed.getSourceFile(name));
    if (problems.length > 0) break;
  }
  found.push(words(problems));
}
console.log(JSON.stringify(found));
