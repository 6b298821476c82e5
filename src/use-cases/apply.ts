import type { ResolvedConfig } from '../config/resolved-config.ts';
import type { FeatureDocument } from '../domain/task.ts';
import type { FeaturePlace } from '../state/feature-folder.ts';
import { withProjectLock } from '../state/feature-lock.ts';
import type { ApplyOptions, ApplyOutcome, ApplyState } from '../workspace/apply/apply.ts';
import type { AppOptions } from '../compose/options.ts';
import type { Listener, Session } from '../compose/session.ts';

interface ApplyParts {
  readonly config: ResolvedConfig;
  readonly options: AppOptions;
  readonly place: FeaturePlace & { readonly now: () => Date };
  readonly read: (slug: string) => Promise<FeatureDocument>;
  readonly withSession: <T>(
    slug: string,
    listen: Listener | undefined,
    work: (session: Session) => Promise<T>,
  ) => Promise<T>;
}

/** The use cases that write approved work into the project, and take it back. */
export function applyUseCases({ config, options, place, read, withSession }: ApplyParts) {
  const applyOptions = async (slug: string, session?: Session): Promise<ApplyOptions> => {
    const { workspaceOf } = await import('../compose/workspace.ts');
    const { join } = await import('node:path');
    return {
      root: config.root,
      feature: join(place.featuresDir, slug),
      slug,
      workspace: await workspaceOf(slug, config, place, {
        ...options,
        ...(session !== undefined && { emit: session.emit }),
      }),
      now: options.now,
    };
  };

  return {
    /** Approved work into the project's files, all or nothing; with `check` only told. */
    async apply(slug: string, check: boolean, listen?: Listener): Promise<ApplyOutcome> {
      await read(slug);
      const { applyWork } = await import('../workspace/apply/apply.ts');
      return withSession(slug, listen, async (session) => {
        const wanted = await applyOptions(slug, session);
        if (check) return applyWork(wanted, true);
        const done = await withProjectLock(place, 'apply', () => applyWork(wanted, false));
        const files = [...done.files];
        if (files.length > 0 || done.completed !== null)
          session.emit({ type: 'apply-finish', feature: slug, files });
        return done;
      });
    },

    /** Takes the last apply back, all or nothing; null when there is none. */
    async undo(slug: string, listen?: Listener): Promise<ApplyOutcome | null> {
      await read(slug);
      const { undoApply } = await import('../workspace/apply/apply.ts');
      return withSession(slug, listen, async (session) => {
        const wanted = await applyOptions(slug, session);
        const done = await withProjectLock(place, 'apply', () => undoApply(wanted));
        if (done !== null)
          session.emit({ type: 'undo-finish', feature: slug, files: [...done.files] });
        return done;
      });
    },

    /** How approved work and the project's files stand to each other. */
    async applyState(slug: string): Promise<ApplyState> {
      const { applyState } = await import('../workspace/apply/apply.ts');
      return applyState(await applyOptions(slug));
    },
  };
}
