import type { FileChanges } from '../../domain/bundle.ts';
import { attributesOf, type Attributes } from './attributes.ts';
import { withoutFilters } from './quiet-filters.ts';
import type { Repository } from './repository.ts';

/**
 * Files as git would check them out, by line ends and encodings that attributes and config ask for; filters
 * are not run. Null for a deletion.
 */
export async function checkedOut(
  { git, prefix }: Repository,
  files: FileChanges,
): Promise<Map<string, Buffer | null>> {
  const attributes = await attributesOf(git, [...files.keys()]);
  const byConfig = await convertsByConfig(git);
  const env = await withoutFilters(git);
  const found = new Map<string, Buffer | null>();
  for (const [path, text] of files) {
    if (text === null) found.set(path, null);
    else if (!byConfig && !converts(attributes.get(path) ?? {})) found.set(path, Buffer.from(text));
    else {
      const oid = await git.text(['hash-object', '--no-filters', '-w', '--stdin'], { input: text });
      const shown = ['cat-file', '--filters', `--path=${prefix}${path}`, oid];
      found.set(path, await git.run(shown, { env }));
    }
  }
  return found;
}

function converts(attributes: Attributes): boolean {
  return (['eol', 'ident', 'working-tree-encoding'] as const).some((name) => name in attributes);
}

/** Whether settings alone turn line ends (git-config, «core.autocrlf», «core.eol»). */
async function convertsByConfig(git: Repository['git']): Promise<boolean> {
  const setting = async (name: string): Promise<string> => {
    const { exitCode, stdout } = await git.attempt(['config', '--get', name]);
    return exitCode === 0 ? stdout.toString().trim().toLowerCase() : '';
  };
  const turned = ['true', 'yes', 'on', '1'].includes(await setting('core.autocrlf'));
  return turned || (await setting('core.eol')) === 'crlf';
}
