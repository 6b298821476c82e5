import * as z from 'zod';

const toldIssues = 50;

/** What is wrong with a value, a line each, the first of many: sorting them takes time by their square. */
export function firstIssues({ issues }: z.ZodError): string {
  const listed = z.prettifyError(new z.ZodError(issues.slice(0, toldIssues)));
  const more = issues.length - toldIssues;
  return more > 0 ? `${listed}\n✖ There are ${more} more faults like these.` : listed;
}
