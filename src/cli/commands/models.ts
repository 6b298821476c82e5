import { ExitCode } from '../../domain/errors.ts';
import { isFree } from '../../domain/price.ts';
import { withoutControls } from '../../domain/text.ts';
import { counted } from '../../text/counted.ts';
import type { ModelCheck, ProviderCheck } from '../../use-cases/check-models.ts';
import { defineCommand } from '../command.ts';
import { flag } from '../option-kinds.ts';
import { lines } from '../views/lines.ts';
import { renderTable } from '../views/table.ts';
import { checkModels } from '../../use-cases/check-models.ts';

export const command = defineCommand({
  options: (yargs) => yargs.option('live', flag('Ask the providers for their lists')),
  async action({ live }, { program, paint, screen, signal }) {
    const checks = await checkModels({ live }, await program(), { signal });
    const { models, providers, rolesWithoutModel } = checks;
    const table = renderTable(
      models,
      [
        { title: 'model', value: ({ model }) => model },
        {
          title: 'usable',
          value: usable,
          paint: (text, row) =>
            row.listed === false || !row.reachable ? paint.yellow(text) : paint.green(text),
        },
        {
          title: 'context',
          value: ({ contextTokens }) => contextTokens?.toString() ?? 'unknown',
          expendable: 1,
        },
        { title: '$/M in, out', value: priceText, expendable: 3 },
        { title: 'roles', value: ({ roles }) => roles.join(', '), expendable: 2 },
        { title: 'why', value: why, flexible: true },
      ],
      screen.columns,
    );
    const answers = providers.flatMap(providerLines).map((line) => withoutControls(line));
    return {
      exitCode: rolesWithoutModel.length === 0 ? ExitCode.done : ExitCode.unavailable,
      json: { live, models, providers, rolesWithoutModel },
      text: lines(
        table,
        answers.length > 0 && ['', ...answers],
        rolesWithoutModel.length > 0 && [
          '',
          paint.red(`Without a model that works: ${rolesWithoutModel.join(', ')}`),
        ],
      ).join('\n'),
    };
  },
});

function providerLines({ name, listing, configured }: ProviderCheck): string[] {
  if (listing === null) return [];
  if (listing.outcome === 'no-list')
    return [`${name}: answers, but lists no models (${listing.reason})`];
  if (listing.outcome === 'failed')
    return lines(`${name}: ${listing.reason}`, listing.fix !== null && `    fix: ${listing.fix}`);
  const ids = listing.models.map(({ id }) => id);
  if (configured) return [`${name}: lists ${counted(ids.length, 'model')}`];
  return [
    `${name}: answers on this machine, and no role uses it: ${ids.slice(0, 8).join(', ')}`,
    `    to use it, name ${name}/MODEL in a role's list`,
  ];
}

function usable({ reachable, listed }: ModelCheck): string {
  if (!reachable) return 'no';
  return listed === false ? 'not listed' : 'yes';
}

/** USD per million tokens; what is not known is not free. */
function priceText({ price }: ModelCheck): string {
  if (price === null) return 'unknown';
  return isFree(price) ? 'free' : `${price.input}, ${price.output}`;
}

function why({ provider, reachable, reason, listed, nearest, unasked }: ModelCheck): string {
  if (!reachable) return reason ?? '';
  if (listed === null) return unasked ?? 'not asked';
  if (listed) return 'listed';
  return nearest.length === 0
    ? `${provider} does not list it`
    : `${provider} does not list it; nearest: ${nearest.join(', ')}`;
}
