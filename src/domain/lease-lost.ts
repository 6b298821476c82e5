import { BlueprintError } from './errors.ts';

export const leaseLost = 'lease-lost';

/** Another command has taken the task over, as this one showed no sign of life for too long. */
export function leaseLostError(slug: string, id: string): BlueprintError {
  return new BlueprintError({
    code: leaseLost,
    message: `Task ${id} was taken over by another command while this one was not heard of; nothing of it is settled here`,
    target: `${slug}/${id}`,
    fix: `See how far it is there: blueprint show ${slug} ${id}`,
  });
}
