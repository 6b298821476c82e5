import { roleOfType, type ModelRole } from '../domain/model-role.ts';
import type { WriteScaffold } from '../workflows/scaffold.ts';
import { recordRules, type Recording } from '../models/middleware/record.ts';
import type { RulesPlanner } from '../pipeline/ports.ts';

/**
 * What the rules write in place of models. Planning loads a markdown parser, which most commands never need.
 * @param recording where it is noted for which roles they stood in.
 */
export function rulesOf(
  recording: Recording | null,
  now: () => Date,
): { planner: RulesPlanner; scaffold: WriteScaffold } {
  const note = async (role: ModelRole): Promise<void> => {
    if (recording !== null) await recordRules(recording, role, now());
  };
  return {
    planner: {
      async specOf(brief, answers) {
        await note('architect');
        const { specOf } = await import('../rules/spec.ts');
        const said = answers.map(({ answer }) => answer);
        return specOf(brief, said);
      },
      async planOf(spec) {
        await note('parser');
        const { planOf } = await import('../rules/plan.ts');
        return planOf(spec);
      },
    },
    async scaffold(task, existing) {
      await note(roleOfType[task.type]);
      const { scaffoldOf } = await import('../rules/scaffold.ts');
      return scaffoldOf(task, existing);
    },
  };
}
