'use strict';
// Stands in for claude, codex, gemini and other programs: takes the arguments that the real one takes and
// no others, writes down what it was given, and answers as its scenario says in the real one's format.
const { spawn } = require('node:child_process');
const { appendFileSync, readFileSync, readdirSync, writeSync } = require('node:fs');
const { join } = require('node:path');

/** Options with the number of values each takes. */
const options = {
  claude: {
    '-p': 0,
    '--output-format': 1,
    '--verbose': 0,
    '--include-partial-messages': 0,
    '--tools': 1,
    '--strict-mcp-config': 0,
    '--setting-sources': 1,
    '--disable-slash-commands': 0,
    '--no-session-persistence': 0,
    '--system-prompt-file': 1,
    '--model': 1,
    '--effort': 1,
    '--json-schema': 1,
  },
  codex: {
    '--json': 0,
    '--sandbox': 1,
    '--skip-git-repo-check': 0,
    '--ephemeral': 0,
    '--color': 1,
    '--model': 1,
    '-c': 1,
    '--output-schema': 1,
  },
  gemini: {
    '--prompt': 1,
    '--output-format': 1,
    '--approval-mode': 1,
    '--extensions': 1,
    '--model': 1,
  },
};

/** What each says of an option that it does not know, and how it ends. */
const unknownOption = {
  claude: (option) => [`error: unknown option '${option}'\n`, 1],
  codex: (option) => [`error: unexpected argument '${option}' found\n\nUsage: codex exec\n`, 2],
  gemini: (option) => [`Unknown argument: ${option.replace(/^-+/, '')}\n`, 1],
};

const formats = {
  claude: { reply: claudeReply, fault: claudeFault },
  codex: { reply: codexReply, fault: codexFault },
  gemini: { reply: geminiReply, fault: geminiFault },
};

function main(folder, name) {
  const scenario = JSON.parse(readFileSync(join(folder, 'scenario.json'), 'utf8'));
  const given = takeArguments(name, scenario.unknown ?? []);
  const record = (more) =>
    appendFileSync(
      join(folder, 'record.jsonl'),
      `${JSON.stringify({ pid: process.pid, args: process.argv.slice(2), cwd: process.cwd(), files: readdirSync('.'), env: process.env, ...more })}\n`,
    );
  const texts = fileTexts(given);
  if (scenario.ignoreTerm) process.on('SIGTERM', () => {});
  if (scenario.grandchild) startGrandchild(folder, scenario.grandchild);
  if (scenario.closesInput) {
    process.stdin.destroy();
    record({ input: null, ...texts });
    // Longer than it takes to fill the pipe.
    setTimeout(act, 200, scenario, name, given);
    return;
  }
  const chunks = [];
  process.stdin.on('data', (chunk) => chunks.push(chunk));
  process.stdin.on('end', () => {
    record({ input: Buffer.concat(chunks).toString('utf8'), ...texts });
    act(scenario, name, given);
  });
}

function takeArguments(name, withheld) {
  const known = options[name];
  const given = {};
  if (known === undefined) return given;
  const args = process.argv.slice(2);
  if (name === 'codex') {
    if (args.shift() !== 'exec' || args.pop() !== '-') end('', 'error: no prompt\n', 2);
  }
  for (let at = 0; at < args.length; at++) {
    const option = args[at];
    if (!(option in known) || withheld.includes(option)) {
      const [words, code] = unknownOption[name](option);
      end('', words, code);
    }
    given[option] = known[option] === 0 ? true : args[++at];
  }
  if (name === 'claude' && given['--output-format'] === 'stream-json' && !given['--verbose'])
    end('', 'Error: --output-format=stream-json requires --verbose\n', 1);
  return given;
}

function fileTexts(given) {
  const read = (path) => (path === undefined ? null : readFileSync(path, 'utf8'));
  return {
    system: read(given['--system-prompt-file'] ?? process.env.GEMINI_SYSTEM_MD),
    schema: read(given['--output-schema']),
  };
}

/** A process that holds our output open, heeds no SIGTERM, and says by a file that it is there. */
function startGrandchild(folder, kind) {
  const code = `process.on('SIGTERM', () => {});
    require('node:fs').writeFileSync(${JSON.stringify(join(folder, 'grandchild'))}, String(process.pid));
    setInterval(() => {}, 1000);`;
  const bare = kind === 'bare';
  spawn(process.execPath, ['-e', code], {
    stdio: 'inherit',
    detached: kind !== 'inside',
    ...(bare && { env: {} }),
  });
}

function act(scenario, name, given) {
  if (scenario.grandchild) {
    const waiting = setInterval(() => {
      if (!readdirSync(__scenarioFolder).includes('grandchild')) return;
      clearInterval(waiting);
      answer(scenario, name, given);
    }, 20);
  } else answer(scenario, name, given);
}

function answer(scenario, name, given) {
  if (scenario.says !== undefined) writeAll(1, Buffer.from(scenario.says, 'latin1'));
  if (scenario.hang) return void setInterval(() => {}, 1000);
  if (scenario.flood) return flood();
  if (scenario.signal) return process.kill(process.pid, scenario.signal);
  const format = formats[name];
  let [out, err, code] = ['', '', 0];
  if (scenario.fault !== undefined) [out, err, code] = format.fault(scenario.fault);
  else if (scenario.reply !== undefined) [out, err, code] = format.reply(scenario.reply, given);
  const shown = scenario.coloured ? out.replace(/^.+$/gm, '\u001b[?25l\u001b[32m$&\u001b[0m') : out;
  end(shown + (scenario.adds ?? ''), err + (scenario.stderr ?? ''), scenario.exitCode ?? code);
}

function flood() {
  const block = 'x'.repeat(1024 * 1024);
  const more = () => {
    while (process.stdout.write(block));
    process.stdout.once('drain', more);
  };
  more();
}

/** Writes without a loss, however full the pipe is. */
function writeAll(fd, bytes) {
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
    }
  }
}

function end(out, err, code) {
  writeAll(1, Buffer.from(out, 'utf8'));
  writeAll(2, Buffer.from(err, 'utf8'));
  process.exit(code);
}

const lines = (events) => events.map((event) => `${JSON.stringify(event)}\n`).join('');

function claudeReply(reply, given) {
  const text = reply.pieces.join('');
  const result = {
    type: 'result',
    subtype: 'success',
    is_error: false,
    duration_ms: 1200,
    num_turns: 1,
    result: text,
    stop_reason: 'end_turn',
    session_id: 's',
    total_cost_usd: 0.01,
    usage: {
      input_tokens: 10,
      cache_creation_input_tokens: 20,
      cache_read_input_tokens: 30,
      output_tokens: 7,
    },
    modelUsage: {
      'claude-haiku-5-5': { outputTokens: 2 },
      'claude-sonnet-5-5': { outputTokens: 7 },
    },
    ...(given['--json-schema'] !== undefined && { structured_output: JSON.parse(text) }),
    ...reply.result,
  };
  if (reply.document) return [`${JSON.stringify(result, null, 2)}\n`, '', 0];
  const delta = (piece) => ({
    type: 'stream_event',
    event: { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: piece } },
  });
  const message = {
    role: 'assistant',
    model: 'claude-sonnet-5-5',
    content: [{ type: 'text', text }],
  };
  const events = [
    { type: 'system', subtype: 'init', tools: [], model: 'claude-sonnet-5-5' },
    { type: 'stream_event', event: { type: 'message_start' } },
    ...reply.pieces.map(delta),
    { type: 'assistant', message },
    ...(reply.unfinished ? [] : [result]),
  ];
  return [lines(events), '', 0];
}

function claudeFault(fault) {
  const result = {
    type: 'result',
    subtype: 'success',
    is_error: true,
    result: fault.message,
    usage: { input_tokens: 0, output_tokens: 0 },
    ...fault.result,
  };
  return [lines([{ type: 'system', subtype: 'init' }, result]), '', 1];
}

function codexReply(reply) {
  const text = reply.pieces.join('');
  const events = [
    { type: 'thread.started', thread_id: 't' },
    { type: 'turn.started' },
    { type: 'item.completed', item: { id: 'item_0', type: 'reasoning', text: '**Thinking**' } },
    { type: 'item.completed', item: { id: 'item_1', type: 'agent_message', text: 'I begin.' } },
    { type: 'item.completed', item: { id: 'item_2', type: 'agent_message', text } },
    ...(reply.unfinished
      ? []
      : [
          {
            type: 'turn.completed',
            usage: {
              input_tokens: 60,
              cached_input_tokens: 30,
              output_tokens: 7,
              reasoning_output_tokens: 3,
            },
          },
        ]),
  ];
  return [lines(events), 'Reading prompt from stdin...\n', 0];
}

function codexFault(fault) {
  const events = [
    { type: 'thread.started', thread_id: 't' },
    { type: 'turn.started' },
    { type: 'error', message: 'Reconnecting... 1/5' },
    { type: 'error', message: fault.message },
    { type: 'turn.failed', error: { message: fault.message } },
  ];
  return [lines(events), '', 1];
}

function geminiReply(reply) {
  const text = reply.pieces.join('');
  const models = {
    'gemini-3.5-flash': {
      tokens: { prompt: 60, candidates: 4, total: 67, cached: 30, thoughts: 3, tool: 0 },
    },
  };
  if (reply.document)
    return [`${JSON.stringify({ response: text, stats: { models } }, null, 2)}\n`, '', 0];
  const stats = { total_tokens: 67, input_tokens: 60, output_tokens: 4, cached: 30, input: 30 };
  const events = [
    { type: 'init', session_id: 's', model: 'gemini-3.5-flash' },
    { type: 'message', role: 'user', content: 'the prompt' },
    ...reply.pieces.map((content) => ({
      type: 'message',
      role: 'assistant',
      content,
      delta: true,
    })),
    ...(reply.unfinished ? [] : [{ type: 'result', status: 'success', stats }]),
  ];
  return [`Loaded cached credentials.\n${lines(events)}`, '', 0];
}

function geminiFault(fault) {
  const error = { type: fault.type ?? 'Error', message: fault.message, code: fault.code ?? 1 };
  const code = fault.exitCode ?? 1;
  if (fault.onStderr) return ['', `${fault.message}\n`, code];
  const events = [
    { type: 'init', session_id: 's', model: 'gemini-3.5-flash' },
    { type: 'result', status: 'error', error },
  ];
  return [lines(events), '', code];
}

let __scenarioFolder = '';
exports.run = (folder, name) => {
  __scenarioFolder = folder;
  main(folder, name);
};
