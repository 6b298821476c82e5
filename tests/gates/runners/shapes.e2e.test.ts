import { describe, expect, test } from 'vitest';
import { hostPrograms } from '../../helpers/sandboxes.ts';
import { checkTests } from '../checked.ts';

const isThere = async (program: string): Promise<boolean> =>
  (await hostPrograms.find(program)) !== null;
const [cargo, go] = [await isThere('cargo'), await isThere('go')];

const rust = (name: string, more = ''): string =>
  `[package]\nname = "${name}"\nversion = "0.1.0"\nedition = "2021"\n${more}`;
const adds = (operator: string): string => `pub fn add(a: i32, b: i32) -> i32 {
    a ${operator} b
}

#[cfg(test)]
mod tests {
    #[test]
    fn adds() {
        assert_eq!(super::add(1, 2), 3);
    }
}
`;

/** The first words of each finding of tests. */
const failed = async (work: Record<string, string>, base: Record<string, string>) => {
  const { result } = await checkTests(work, base);
  return [result.status, ...result.findings.map(({ evidence }) => evidence.split(': ')[0])];
};

describe.skipIf(!cargo)('cargo', () => {
  test('runs the members of a workspace beside its root package', async () => {
    const base = {
      'Cargo.toml': rust('app', '\n[workspace]\nmembers = ["crates/*"]\n'),
      'src/lib.rs': adds('+'),
      'crates/core/Cargo.toml': rust('acme-core'),
      'crates/core/src/lib.rs': adds('+'),
    };
    const work = { 'crates/core/src/lib.rs': adds('-') };
    expect(await failed(work, base)).toEqual(['failed', 'acme_core::tests::adds']);
  });

  test('runs a package below the root, and no other that the work does not touch', async () => {
    const base = {
      'src-tauri/Cargo.toml': rust('app'),
      'src-tauri/src/lib.rs': adds('+'),
      'broken/Cargo.toml': rust('broken'),
      'broken/src/lib.rs': adds('-'),
    };
    const right = await checkTests({ 'src-tauri/src/lib.rs': `// Adds.\n${adds('+')}` }, base);
    expect(right.result.summary).toBe('cargo test in src-tauri: 1 test passed');
    const wrong = await checkTests({ 'src-tauri/src/lib.rs': adds('-') }, base);
    expect(wrong.result.findings).toMatchObject([{ location: 'src-tauri/src/lib.rs:9' }]);
  });
});

describe.skipIf(!go)('go', () => {
  const module = (name: string): string => `module ${name}\n\ngo 1.18\n`;
  const addition = (of: string, operator: string): string =>
    `package ${of}\n\nfunc Add(a, b int) int {\n\treturn a ${operator} b\n}\n`;
  const tested = (of: string): string =>
    `package ${of}\n\nimport "testing"\n\nfunc TestAdd(t *testing.T) {\n\tif Add(1, 2) != 3 {\n\t\tt.Fatal("wrong")\n\t}\n}\n`;
  const server = {
    'server/go.mod': module('acme/server'),
    'server/add.go': addition('server', '+'),
    'server/add_test.go': tested('server'),
  };
  const library = {
    'lib/go.mod': module('acme/lib'),
    'lib/add.go': addition('lib', '+'),
    'lib/add_test.go': tested('lib'),
  };
  const work = { 'server/add.go': addition('server', '-') };

  test('runs a module below the root', async () => {
    expect(await failed(work, server)).toEqual(['failed', 'acme/server.TestAdd']);
  });

  test('runs all modules of a workspace', async () => {
    const base = { ...server, ...library, 'go.work': 'go 1.18\n\nuse (\n\t./server\n\t./lib\n)\n' };
    expect(await failed(work, base)).toEqual(['failed', 'acme/server.TestAdd']);
    const right = await checkTests({ 'a.txt': 'x' }, base);
    expect(right.result.summary).toBe('go test: 2 tests passed');
  });
});
