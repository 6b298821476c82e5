import { pathProblem } from '../domain/safe-path.ts';
import { estimateTokens } from '../domain/text.ts';
import { isSecretFile } from '../files/secret-files.ts';
import type { NamedFile } from '../repository/project.ts';
import { fileText, type PackedFile, type RepositorySources } from './pack-files.ts';
import { createBudget, type TokenBudget } from './token-budget.ts';

/** Of what words name of a project, at most, in tokens. */
export const mostNamedTokens = 8_000;
/** A file of which places alone are meant is whole up to so much. */
const smallTokens = 1_500;

/**
 * Files that words name, in their order, as far as there is room: whole, else the places that are meant, else by
 * their signatures.
 * @param shown files that the prompt holds already
 */
export async function packNamed(
  words: string,
  shown: readonly string[],
  { project, look }: RepositorySources,
  budget: TokenBudget,
): Promise<{ packed: PackedFile[]; leftOut: string[] }> {
  const packed: PackedFile[] = [];
  const leftOut: string[] = [];
  const own = createBudget(Math.min(mostNamedTokens, budget.left()));
  const takes = (text: string): boolean => own.takes(text) && budget.takes(text);
  const partOf = async ({ path, lines }: NamedFile, text: string) => {
    const pieces = lines.length === 0 ? '' : await project.excerpt(path, text, lines);
    return pieces === ''
      ? { form: 'outline' as const, part: await project.outline(path, text) }
      : { form: 'excerpt' as const, part: pieces };
  };
  for (const file of await project.named(words)) {
    const { path, reason, isWanted } = file;
    // A name that no task may give could say anything in a prompt.
    if (shown.includes(path) || isSecretFile(path) || pathProblem(path) !== null) continue;
    const content = await look(path);
    if (content === null) continue;
    const whole = fileText(path, content, reason);
    if ((isWanted || estimateTokens(whole) <= smallTokens) && takes(whole)) {
      packed.push({ path, form: 'whole', reason, text: whole });
      continue;
    }
    const { form, part } = await partOf(file, content);
    const text = fileText(path, part, reason);
    if (part !== '' && takes(text)) packed.push({ path, form, reason, text });
    else leftOut.push(`${path}: over the budget (about ${estimateTokens(whole)} tokens)`);
  }
  return { packed, leftOut };
}
