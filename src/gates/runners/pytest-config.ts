import { posix } from 'node:path';
import * as z from 'zod';
import { baseName } from '../../files/slash-paths.ts';
import type { ProjectView } from '../../files/project-view.ts';

/** Of what pytest's own settings of a folder say: where tests are, as they write it. */
export interface PytestConfig {
  readonly testpaths: readonly string[];
}

const wordsSchema = z
  .union([z.string().transform((text) => text.split(/\s+/)), z.array(z.string())])
  .catch([])
  .transform((words) => words.filter((word) => word !== ''));
const optionsSchema = z.object({ testpaths: wordsSchema.default([]) });
const pyprojectSchema = z.object({
  tool: z
    .object({
      pytest: z
        .object({ ini_options: z.unknown().optional(), testpaths: z.unknown().optional() })
        .optional(),
    })
    .optional(),
});

/** Null where a folder has no settings of pytest. */
export async function pytestConfig(
  project: ProjectView,
  folder: string,
): Promise<PytestConfig | null> {
  const read = (name: string): Promise<string | null> => project.read(posix.join(folder, name));
  for (const name of ['pytest.ini', '.pytest.ini']) {
    const text = await read(name);
    if (text !== null) return iniConfig(text, 'pytest') ?? { testpaths: [] };
  }
  const own = await read('pyproject.toml');
  const pyproject = own === null ? null : await tomlConfig(own);
  if (pyproject !== null) return pyproject;
  for (const [name, section] of [
    ['tox.ini', 'pytest'],
    ['setup.cfg', 'tool:pytest'],
  ] as const) {
    const found = iniConfig((await read(name)) ?? '', section);
    if (found !== null) return found;
  }
  return null;
}

async function tomlConfig(text: string): Promise<PytestConfig | null> {
  const { parse } = await import('smol-toml');
  try {
    const pytest = pyprojectSchema.parse(parse(text)).tool?.pytest;
    return pytest === undefined ? null : optionsSchema.parse(pytest.ini_options ?? pytest);
  } catch {
    return null;
  }
}

function iniConfig(text: string, section: string): PytestConfig | null {
  const [, ...sections] = `\n${text}`.split(/^\[/m);
  const body = sections.find((part) => part.startsWith(`${section}]`));
  if (body === undefined) return null;
  const value = /^testpaths\s*[=:](.*(?:\n[ \t]+.*)*)/m.exec(body)?.[1] ?? '';
  return optionsSchema.parse({ testpaths: value.replace(/\s[#;].*$/gm, '') });
}

/** What pytest collects by itself, without settings. */
export function isPytestFile(path: string): boolean {
  return /^(?:test_.*|.*_test)\.py$/.test(baseName(path));
}
