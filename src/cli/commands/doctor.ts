import { ExitCode } from '../../domain/errors.ts';
import type { GateRunning } from '../../domain/event.ts';
import { runningLine } from '../../report/event-line.ts';
import { withoutControls } from '../../domain/text.ts';
import { defineCommand } from '../command.ts';
import { flag } from '../option-kinds.ts';
import { renderTable } from '../views/table.ts';
import { doctor } from '../../use-cases/doctor.ts';

export const command = defineCommand({
  options: (yargs) =>
    yargs.option('live', flag('Ask each provider that has a key for its models')).option('tests', {
      ...flag('Run the project’s tests as they are, in a sandbox; --no-tests leaves them out'),
      default: true,
    }),
  async action({ live, tests }, { program, paint, screen, signal }) {
    const given = await program();
    const progress = (running: GateRunning): void => {
      const begun = `running ${running.runner} (--no-tests leaves it out)`;
      const words = running.seconds === 0 ? begun : runningLine(running);
      if (words !== null) screen.note(withoutControls(words));
    };
    const input = { live, tests, progress, nodeVersion: process.versions.node };
    const { ok, checks, providers, roles } = await doctor(input, given, { signal });
    const reachable = providers.filter(({ name }) => name !== 'offline' && name !== 'scripted');
    const text = [
      ...checks.map(
        ({ name, ok: good, minor = false, detail, fix }) =>
          `${good ? paint.green('✔') : minor ? paint.yellow('!') : paint.red('✖')} ${withoutControls(`${name}: ${detail}${fix === null ? '' : `\n    fix: ${fix}`}`)}`,
      ),
      '',
      paint.bold('Providers'),
      renderTable(
        reachable,
        [
          { title: 'name', value: ({ name }) => name },
          { title: 'usable', value: (row) => (row.reachable ? 'yes' : 'no') },
          {
            title: 'why',
            value: ({ name, reason, program: path }) => {
              if (path === null) return reason ?? 'key or address is set; not called';
              const asked = given.config.providers.get(name)?.cli?.command;
              return reason ?? `found${asked === path ? '' : ' on PATH'}: ${path}`;
            },
            flexible: true,
          },
        ],
        screen.columns,
      ),
      '',
      paint.bold('Roles, as they would be routed now'),
      renderTable(
        roles,
        [
          { title: 'role', value: ({ role }) => role },
          { title: 'model', value: ({ decision }) => decision?.chosen ?? 'none' },
          {
            title: 'why',
            value: ({ decision, problem }) => decision?.reason ?? problem ?? '',
            flexible: true,
          },
        ],
        screen.columns,
      ),
    ].join('\n');
    return {
      exitCode: ok
        ? ExitCode.done
        : checks.some(({ name, ok: good }) => !good && name.startsWith('feature'))
          ? ExitCode.usage
          : ExitCode.unavailable,
      json: { ok, checks, providers, roles },
      text,
    };
  },
});
