import { ExitCode } from '../../domain/errors.ts';
import type { RoleRoute, Route } from '../../use-cases/ports.ts';
import { learnedRoutes } from '../../use-cases/learned-routes.ts';
import { defineCommand } from '../command.ts';
import { flag } from '../option-kinds.ts';
import { learnedText } from '../views/learned-view.ts';
import { lines } from '../views/lines.ts';
import { renderTable } from '../views/table.ts';

interface Row extends Route {
  readonly role: string;
  /** Which of the role's lists: for content of any size, or up to or above its threshold. */
  readonly size: 'any' | 'small' | 'large';
}

export const command = defineCommand({
  options: (yargs) =>
    yargs.option('learned', flag('And what the record of past work would change in the order')),
  async action(args, { program: programOf, paint, screen, signal }) {
    const program = await programOf();
    const { roles } = await program.routes(signal);
    const rows = roles.flatMap(rowsOf);
    const { parserLargeTokens, coderLargeTokens } = program.config.routing;
    const table = renderTable(
      rows,
      [
        { title: 'role', value: ({ role }) => role },
        { title: 'size', value: ({ size }) => size, expendable: 1 },
        {
          title: 'model',
          value: ({ decision }) => decision?.chosen ?? 'none',
          paint: (text, { decision }) => (decision === null ? paint.red(text) : text),
        },
        {
          title: 'why',
          value: ({ decision, problem }) => decision?.reason ?? problem ?? '',
          flexible: true,
        },
      ],
      screen.columns,
    );
    const over = passedOver(rows);
    const overTable = renderTable(
      over,
      [
        { title: 'model', value: ({ model }) => model },
        { title: 'why', value: ({ reason }) => reason },
        { title: 'roles', value: (row) => row.roles.join(', '), flexible: true },
      ],
      screen.columns,
    );
    const text = lines(
      table,
      '',
      `Content is large above ${parserLargeTokens} tokens for the parser, ${coderLargeTokens} for the coder.`,
      over.length > 0 && ['', paint.bold('Passed over'), overTable],
      [...new Set(rows.flatMap(({ fix }) => fix ?? []))].map((fix) => `fix: ${fix}`),
    ).join('\n');
    const learned = args.learned ? await learnedRoutes(program, signal) : null;
    return {
      exitCode: rows.every(({ decision }) => decision !== null)
        ? ExitCode.done
        : ExitCode.unavailable,
      json: {
        roles: roles.map((route) => ({
          role: route.role,
          source: program.config.roles[route.role].source,
          routes: rowsOf(route).map(({ size, decision, problem, fix }) => ({
            size,
            chosen: decision?.chosen ?? null,
            reason: decision?.reason ?? null,
            passedOver: decision?.passedOver ?? [],
            fallbacks: decision?.fallbacks ?? [],
            problem,
            fix,
          })),
        })),
        largeAboveTokens: { parser: parserLargeTokens, coder: coderLargeTokens },
        ...(learned !== null && { learned }),
      },
      text: learned === null ? text : `${text}\n\n${learnedText(learned, paint, screen.columns)}`,
    };
  },
});

function rowsOf({ role, large, ...usual }: RoleRoute): Row[] {
  if (large === null) return [{ ...usual, role, size: 'any' }];
  return [
    { ...usual, role, size: 'small' },
    { ...large, role, size: 'large' },
  ];
}

interface PassedOver {
  readonly model: string;
  readonly reason: string;
  readonly roles: string[];
}

/** Each model that was passed over, once for each reason, with the roles that it would have served. */
function passedOver(rows: readonly Row[]): PassedOver[] {
  const found = new Map<string, PassedOver>();
  for (const { role, decision } of rows) {
    for (const { model, reason } of decision?.passedOver ?? []) {
      const known = found.get(`${model} ${reason}`) ?? { model, reason, roles: [] };
      if (!known.roles.includes(role)) known.roles.push(role);
      found.set(`${model} ${reason}`, known);
    }
  }
  return [...found.values()];
}
