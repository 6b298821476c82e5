/** Prints the help pages of all commands as JSON, by the command's name. The build runs it, bundled. */
import { runCli } from '../src/cli/run-cli.ts';
import { commands } from '../src/cli/commands.ts';

async function pageOf(...command) {
  let page = '';
  const stream = { isTTY: false, write: (text) => (page += text) };
  await runCli({
    argv: [...command, '--help'],
    cwd: process.cwd(),
    version: BLUEPRINT_VERSION,
    stdin: { isTTY: false },
    stdout: stream,
    stderr: stream,
    env: {},
    signal: new AbortController().signal,
    packageRoot: '',
    onInterrupt: () => () => undefined,
  });
  return page;
}

async function allPages() {
  const pages = { help: await pageOf() };
  for (const { usage } of commands) {
    const [name] = usage.split(' ');
    pages[`help/${name}`] = await pageOf(name);
  }
  return pages;
}

void allPages().then((pages) => process.stdout.write(JSON.stringify(pages)));
