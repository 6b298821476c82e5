import { folderOf } from '../../files/slash-paths.ts';
import { posix } from 'node:path';

/** A test as it could stand in a project that has none yet. */
export interface SampleTest {
  readonly path: string;
  readonly text: string;
}

interface Language {
  /** Files of it, tests or not. */
  readonly files: RegExp;
  /** In the order in which they are tried: what a project's manifest asks for, before what comes with the language. */
  samples(file: string): readonly SampleTest[];
}

const languages: readonly Language[] = [
  {
    files: /\.[cm]?tsx?$/i,
    samples: () => [
      { path: 'tests/sample.test.ts', text: `test('it', () => {});\n` },
      ...nodeSamples,
    ],
  },
  {
    files: /\.[cm]?jsx?$/i,
    samples: () => [
      { path: 'tests/sample.test.js', text: `test('it', () => {});\n` },
      ...nodeSamples,
    ],
  },
  {
    files: /\.py$/i,
    samples: () => [
      {
        path: 'tests/test_sample.py',
        text: 'import unittest\n\n\nclass TestIt(unittest.TestCase):\n    def test_it(self):\n        pass\n',
      },
    ],
  },
  {
    files: /\.go$/,
    samples: (file) => [
      {
        path: posix.join(folderOf(file), 'sample_test.go'),
        text: 'package sample\n\nimport "testing"\n\nfunc TestIt(t *testing.T) {}\n',
      },
    ],
  },
  {
    files: /\.rs$/,
    samples: (file) => [
      {
        path: posix.join(file.replace(/(?:^|\/)(?:src|tests)\/.*$|[^/]*$/, ''), 'tests/sample.rs'),
        text: '#[test]\nfn it() {}\n',
      },
    ],
  },
  {
    files: /\.(?:java|kt)$/,
    samples: (file) => [
      {
        path: posix.join(
          file.replace(/(?:^|\/)src\/.*$|[^/]*$/, ''),
          'src/test/java/SampleTest.java',
        ),
        text: 'import org.junit.jupiter.api.Test;\n\nclass SampleTest {\n  @Test\n  void it() {}\n}\n',
      },
    ],
  },
  {
    files: /\.php$/,
    samples: () => [
      {
        path: 'tests/SampleTest.php',
        text: '<?php\nuse PHPUnit\\Framework\\TestCase;\nfinal class SampleTest extends TestCase\n{\n    public function testIt(): void\n    {\n    }\n}\n',
      },
    ],
  },
  {
    files: /\.rb$/,
    samples: () => [
      {
        path: 'spec/sample_spec.rb',
        text: "RSpec.describe 'it' do\n  it 'is' do\n  end\nend\n",
      },
    ],
  },
];

const nodeSamples: readonly SampleTest[] = ['js', 'mjs'].map((ending) => ({
  path: `test/sample.test.${ending}`,
  text: `import { test } from 'node:test';\n\ntest('it', () => {});\n`,
}));

/** For each language of some files, the tests that could stand beside them. */
export function sampleTests(files: Iterable<string>): (readonly SampleTest[])[] {
  const all = [...files];
  return languages.flatMap((language) => {
    const file = all.find((path) => language.files.test(path));
    return file === undefined ? [] : [language.samples(file)];
  });
}
