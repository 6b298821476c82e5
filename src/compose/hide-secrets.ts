import { BlueprintError } from '../domain/errors.ts';
import type { Redactor } from '../text/redact.ts';
import type { ArtefactStore } from '../state/ports.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** Kept for people to look at, never read back. */
const record = /^partial\/(?:plan\/|.*-reply\.txt$)/;

/**
 * The store, but nothing of the user's own secrets is ever written. Records are cleaned by form too; what
 * is read back, or is somebody's work, is not (docs/decisions/0004-secrets.md).
 */
export function withoutSecretsInFiles(store: ArtefactStore, redactor: Redactor): ArtefactStore {
  return {
    ...store,
    write: (slug, path, content) =>
      store.write(slug, path, record.test(path) ? redactor.all(content) : redactor.values(content)),
  };
}

/** The workspace, but no file with a secret is committed, forced or not. @throws `secret-in-file` */
export function withoutSecretsInWorkspace<W extends Workspace>(
  workspace: W,
  redactor: Redactor,
): W {
  return {
    ...workspace,
    commit: async (changes, seen, note) => {
      for (const [path, content] of changes) {
        const names = content === null ? [] : redactor.held(content);
        if (names.length === 0) continue;
        throw new BlueprintError({
          code: 'secret-in-file',
          message: `${path} would hold the value of ${names.join(', ')}`,
          target: path,
          fix: `Read ${names.join(', ')} from the environment there instead.`,
        });
      }
      return workspace.commit(changes, seen, note);
    },
  } satisfies Workspace & W;
}
