import { resolve } from 'node:path';
import { ExitCode, usageFault } from '../../domain/errors.ts';
import { withoutControls } from '../../domain/text.ts';
import { confirm } from '../confirm.ts';
import { defineCommand } from '../command.ts';
import { flag } from '../option-kinds.ts';
import {
  examineConfig,
  revokeTrust,
  trustedConfigs,
  type TrustPlace,
} from '../../use-cases/trust.ts';

export const command = defineCommand({
  options: (yargs) =>
    yargs
      .option('yes', { ...flag('Trust it without a question'), alias: 'y' })
      .option('list', flag('The configs that you trusted'))
      .option('revoke', flag('Trust the config of this folder no more')),
  async action(args, { cwd, env, globals, screen, signal }) {
    const config = globals.config === undefined ? undefined : resolve(cwd, globals.config);
    const place: TrustPlace = { cwd, env, config };
    if ([args.yes, args.list, args.revoke].filter((given) => given === true).length > 1)
      throw usageFault(
        '--yes, --list and --revoke exclude each other',
        'Give one of them. See blueprint trust --help',
      );
    if (args.list) return listed(place);
    if (args.revoke) return revoked(place);

    const examined = await examineConfig(place);
    if (examined === null)
      return { json: { file: null, asks: [], trusted: false }, text: 'There is no config here.' };
    const { file, asks, isTrusted } = examined;
    const outcome = (trusted: boolean, ...text: string[]) => ({
      json: { file, asks, trusted },
      text: withoutControls(text.join('\n')),
    });
    if (asks.length === 0) return outcome(isTrusted, `${file} asks for nothing that needs trust.`);
    const what = [`${file} would do this:`, ...asks.map((line) => `  ${line}`)];
    if (isTrusted) return outcome(true, ...what, 'You trust it already, as it is.');
    const asksNow = screen.interactive && !globals.json && !args.yes;
    if (asksNow) for (const line of what) screen.note(withoutControls(line));
    if (args.yes || (asksNow && (await confirm('Trust it?', false, screen, signal)))) {
      await examined.trust();
      const told = asksNow ? [] : what;
      return outcome(
        true,
        ...told,
        'You trust it from now on, as long as its text stays the same.',
      );
    }
    return {
      ...outcome(
        false,
        ...(asksNow ? [] : what),
        'It is not trusted. To trust it: blueprint trust --yes',
      ),
      exitCode: ExitCode.needsReview,
    };
  },
});

async function listed(place: TrustPlace) {
  const trusted = (await trustedConfigs(place)).map(({ path }) => path);
  const text = trusted.length === 0 ? 'You trusted no config yet.' : trusted.join('\n');
  return { json: { trusted }, text: withoutControls(text) };
}

async function revoked(place: TrustPlace) {
  const file = await revokeTrust(place);
  const text = file === null ? 'The config here was not trusted.' : `${file} is trusted no more.`;
  return { json: { revoked: file }, text: withoutControls(text) };
}
