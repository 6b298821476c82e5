import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isFile, isFolder } from '../../src/files/is-there.ts';
import { hostPackages, packageHomes } from '../../src/gates/host-packages.ts';
import { hostPrograms } from '../helpers/sandboxes.ts';
import { checkTests } from './checked.ts';
import {
  cargoSample,
  debianJunit,
  goSample,
  gradleSample,
  mavenSample,
  type Sample,
} from './languages.ts';

type Files = Readonly<Record<string, string>>;

const { maven = '' } = packageHomes(process.env);
const gate = { host: hostPackages('/nonexistent', { maven }) };

const there = new Set<string>();
for (const { program } of [goSample, cargoSample])
  if ((await hostPrograms.find(program)) !== null) there.add(program);
// Maven's sample needs its parts in a repository that the sandbox's user may read.
const parts = join(maven, 'repository/org/apache/maven/surefire/surefire-junit-platform/3.2.5');
const readable = await stat(join(maven, 'repository')).catch(() => null);
if ((await isFolder(parts)) && ((readable?.mode ?? 0) & 0o005) === 0o005) there.add('mvn');

// Gradle's stands on what Debian has of JUnit.
if ((await isFile(debianJunit)) && (await hostPrograms.find('gradle')) !== null)
  there.add('gradle');

interface Trick {
  readonly name: string;
  readonly sample: Sample;
  /** Beside the right solution and its tests. */
  readonly before?: Files;
  /** The wrong solution, and what makes it look right. */
  readonly files: Files;
  readonly caught: string;
}

const goPass = '=== RUN   TestAdd\\n--- PASS: TestAdd (0.00s)\\nPASS\\n';
const goWrong = 'func Add(a, b int) int { return a - b }\n';
const rustPass =
  '\\nrunning 1 test\\ntest adds ... ok\\n\\ntest result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\\n\\n';
const rustTold = `fn told() {
    use std::io::Write;
    let mut out = std::io::stdout();
    let _ = out.write_all(b"${rustPass}");
    let _ = out.flush();
    std::process::exit(0)
}
`;
/** As one begun already when the code is reached. */
const rustRest = rustTold.replace('\\nrunning 1 test', '');
const rustWrong = 'pub fn add(a: i32, b: i32) -> i32 { a - b }\n';

const testify = (body: string): Files => ({
  'vendor/github.com/stretchr/testify/assert/assert.go': `package assert

type T interface{ Errorf(format string, args ...interface{}) }

func Equal(t T, want, got interface{}) bool {
	${body}
	return true
}

func True(t T, value bool) bool { return Equal(t, true, value) }
`,
});
const withTestify: Files = {
  ...testify('if want != got { t.Errorf("%v is not %v", got, want) }'),
  'vendor/modules.txt':
    '# github.com/stretchr/testify v1.8.0\n## explicit\ngithub.com/stretchr/testify/assert\n',
  'go.mod': 'module example.com/add\n\ngo 1.18\n\nrequire github.com/stretchr/testify v1.8.0\n',
  'add_test.go':
    'package add\n\nimport (\n\t"testing"\n\n\t"github.com/stretchr/testify/assert"\n)\n\nfunc TestAdd(t *testing.T) { assert.Equal(t, 3, Add(1, 2)) }\n',
};

const tricks: readonly Trick[] = [
  {
    name: 'an imitated report and an end before the tests',
    sample: goSample,
    files: {
      'add.go': `package add\n\nimport (\n\t"fmt"\n\t"os"\n)\n\nfunc init() {\n\tfmt.Print("${goPass}")\n\tos.Exit(0)\n}\n\n${goWrong}`,
    },
    caught: 'add_test.go',
  },
  {
    name: 'an imitated end within a test',
    sample: goSample,
    files: {
      'add.go': `package add\n\nimport (\n\t"fmt"\n\t"syscall"\n)\n\nfunc Add(a, b int) int {\n\tfmt.Print("${goPass.replace('=== RUN   TestAdd\\n', '')}")\n\tsyscall.Exit(0)\n\treturn 0\n}\n`,
    },
    caught: 'add_test.go',
  },
  {
    name: 'code of the package testing that is written over in memory',
    sample: goSample,
    files: {
      'add.go': `package add

import (
	"reflect"
	"syscall"
	"unsafe"
)

//go:linkname fail testing.(*common).Fail
func fail(c unsafe.Pointer)

func init() {
	at := reflect.ValueOf(fail).Pointer()
	page := at &^ 4095
	memory := unsafe.Slice((*byte)(unsafe.Pointer(page)), 8192)
	syscall.Mprotect(memory, 7)
	*(*byte)(unsafe.Pointer(at)) = 0xc3
}

${goWrong}`,
      'add.s': '',
    },
    caught: 'add_test.go',
  },
  {
    name: 'assertions of a package that stands in the project',
    sample: goSample,
    before: withTestify,
    files: { 'add.go': `package add\n\n${goWrong}`, ...testify('_, _, _ = t, want, got') },
    caught: 'add_test.go',
  },
  {
    name: 'an imitated report and an end within a test',
    sample: cargoSample,
    files: {
      'src/lib.rs': `${rustRest}\npub fn add(_: i32, _: i32) -> i32 {\n    told();\n    0\n}\n`,
    },
    caught: 'tests/add.rs',
  },
  {
    name: 'an imitated report by what runs before main',
    sample: cargoSample,
    files: {
      'src/lib.rs': `${rustTold}\nextern "C" fn first() { told() }\n\n#[used]\n#[link_section = ".init_array"]\nstatic FIRST: extern "C" fn() = first;\n\n${rustWrong}`,
    },
    caught: 'tests/add.rs',
  },
  {
    name: 'an imitated report by a hook for panics',
    sample: cargoSample,
    files: {
      'src/lib.rs': `${rustRest}\npub fn add(a: i32, b: i32) -> i32 {\n    std::panic::set_hook(Box::new(|_| told()));\n    a - b\n}\n`,
    },
    caught: 'tests/add.rs',
  },
  {
    name: 'an imitated report in tests that stand beside the code',
    sample: cargoSample,
    before: {
      'tests/add.rs': '',
      'src/lib.rs': 'mod sum;\npub use sum::add;\n',
      'src/sum.rs':
        'pub fn add(a: i32, b: i32) -> i32 {\n    a + b\n}\n\n#[test]\nfn adds() {\n    assert_eq!(add(1, 2), 3);\n}\n',
    },
    files: {
      'src/lib.rs': `mod sum;\npub use sum::add;\n\n${rustRest.replace('test adds', 'test sum::adds').replace('fn told', 'pub(crate) fn told')}`,
      'src/sum.rs':
        'pub fn add(_: i32, _: i32) -> i32 {\n    crate::told();\n    0\n}\n\n#[test]\nfn adds() {\n    assert_eq!(add(1, 2), 3);\n}\n',
    },
    caught: 'src/sum.rs',
  },
  {
    name: 'a report that is written over when the tests have ended',
    sample: mavenSample,
    files: {
      'src/main/java/a/Add.java': `package a;

import java.nio.file.Files;
import java.nio.file.Path;

public class Add {
  static {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      try {
        Path report = Path.of("target/surefire-reports/TEST-a.AddTest.xml");
        for (int tries = 0; tries < 100 && !Files.exists(report); tries++) Thread.sleep(100);
        Thread.sleep(500);
        Files.writeString(report, "<testsuite name='a.AddTest' tests='1'><testcase name='adds' classname='a.AddTest' time='0'/></testsuite>");
      } catch (Exception problem) { }
    }));
  }
  public static int add(int a, int b) { return a - b; }
}
`,
    },
    caught: 'src/test/java/a/AddTest.java',
  },
];

describe('work that its own run shows to be right, and canaries to be wrong', () => {
  for (const { name, sample, before = {}, files, caught } of tricks)
    test.skipIf(!there.has(sample.program))(
      `${sample.runner}: ${name} (needs ${sample.program})`,
      async () => {
        const base = { ...sample.right, ...sample.tests, ...before };
        const { result } = await checkTests(files, base, { gate });
        expect(result).toMatchObject({
          status: 'failed',
          findings: [{ category: 'tampering', location: caught }],
        });
      },
    );
});

interface Shape {
  readonly name: string;
  readonly sample: Sample;
  readonly files: Files;
}

const goBody = '{\n\tif Add(1, 2) != 3 {\n\t\tt.Fatal("wrong")\n\t}\n}\n';
const rustCode = 'pub fn add(a: i32, b: i32) -> i32 {\n    a + b\n}\n';
const javaTest = (annotations: string, body: string, more = ''): Files => ({
  'src/test/java/a/AddTest.java': `package a;

import static org.junit.jupiter.api.Assertions.*;

import org.junit.jupiter.api.*;

/** Of class AddTest { }. */
${annotations}class AddTest {
  ${body}
}
${more}`,
});

const shapes: readonly Shape[] = [
  {
    name: 'another name of testing',
    sample: goSample,
    files: {
      'add_test.go': `package add\n\nimport tt "testing"\n\nfunc TestAdd(t *tt.T) ${goBody}`,
    },
  },
  {
    name: 'testing without a name',
    sample: goSample,
    files: {
      'add_test.go': `package add\n\nimport . "testing"\n\nfunc TestAdd(t *T) ${goBody}`,
    },
  },
  {
    name: 'a package of its own, a TestMain and parallel tests within tests',
    sample: goSample,
    files: {
      'add_test.go':
        'package add_test\n\nimport (\n\t"os"\n\t"testing"\n\n\t"example.com/add"\n)\n\nfunc TestMain(m *testing.M) { os.Exit(m.Run()) }\n\nfunc TestAdd(t *testing.T) {\n\tfor _, name := range []string{"a", "b"} {\n\t\tt.Run(name, func(t *testing.T) {\n\t\t\tt.Parallel()\n\t\t\tif add.Add(1, 2) != 3 {\n\t\t\t\tt.Fatal("wrong")\n\t\t\t}\n\t\t})\n\t}\n}\n',
    },
  },
  {
    name: 'files of another system, benchmarks and examples',
    sample: goSample,
    files: {
      'add_windows_test.go': `package add\n\nimport "testing"\n\nfunc TestWindows(t *testing.T) ${goBody}`,
      'more_test.go':
        'package add\n\nimport (\n\t"fmt"\n\t"testing"\n)\n\nfunc BenchmarkAdd(b *testing.B) {}\n\nfunc ExampleAdd() {\n\tfmt.Println(Add(1, 2))\n\t// Output: 3\n}\n',
    },
  },
  {
    name: 'modules within modules, documentation, and lints that deny',
    sample: cargoSample,
    files: {
      'src/lib.rs': `#![deny(warnings, missing_docs)]\n//! Adds.\n//!\n//! \`\`\`\n//! assert_eq!(add::add(1, 2), 3);\n//! \`\`\`\n\n/// Sums.\npub mod sums;\n\n/// Adds.\n${rustCode}\n#[cfg(test)]\nmod tests {\n    use super::*;\n\n    #[test]\n    fn adds() {\n        assert_eq!(add(1, 2), sums::three());\n    }\n}\n`,
      'src/sums/mod.rs':
        '/// Three.\npub fn three() -> i32 {\n    3\n}\n\n#[test]\n#[should_panic(expected = "no")]\nfn panics() {\n    if three() == 3 {\n        panic!("no")\n    }\n}\n',
    },
  },
  {
    name: 'tests of a feature that is not asked for, a library without tests, a harness of its own',
    sample: cargoSample,
    files: {
      'Cargo.toml':
        '[package]\nname = "add"\nversion = "0.1.0"\nedition = "2021"\n\n[features]\nmore = []\n\n[lib]\ntest = false\n\n[[test]]\nname = "own"\nharness = false\n',
      'src/lib.rs': `/// \`\`\`\n/// assert_eq!(add::add(1, 2), 3);\n/// \`\`\`\n${rustCode}\n#[test]\nfn adds() {\n    assert_eq!(add(1, 2), 4);\n}\n`,
      'tests/more.rs':
        '#![cfg(feature = "more")]\n#[test]\nfn adds() {\n    assert_eq!(add::add(1, 2), 4);\n}\n',
      'tests/own.rs': '// Not a #[test]\nfn main() {\n    assert_eq!(add::add(1, 2), 3);\n}\n',
    },
  },
  {
    name: 'a workspace with packages of one test each',
    sample: cargoSample,
    files: {
      'Cargo.toml':
        '[workspace]\nmembers = ["b"]\n\n[package]\nname = "add"\nversion = "0.1.0"\nedition = "2021"\n',
      'b/Cargo.toml': '[package]\nname = "b-c"\nversion = "0.1.0"\nedition = "2018"\n',
      'b/src/lib.rs': '#[test]\nfn adds() {}\n',
      'b/src/main.rs': 'fn main() {}\n\n#[test]\nfn adds() {}\n',
      'b/tests/add.rs': '#[test]\nfn adds() {}\n',
    },
  },
  {
    name: 'packages of one name that are not run',
    sample: cargoSample,
    files: {
      'src/lib.rs': `${rustCode}\n#[test]\nfn adds() {}\n`,
      'other/Cargo.toml': '[package]\nname = "add"\nversion = "0.1.0"\n\n[workspace]\n',
      'other/src/lib.rs': '#[test]\nfn adds() {\n    assert!(false)\n}\n',
    },
  },
  {
    name: 'JUnit 4',
    sample: gradleSample,
    files: {},
  },
  {
    name: 'nested classes, and others in the file',
    sample: mavenSample,
    files: javaTest(
      '',
      '@BeforeEach void before() { }\n  @Test void adds() { assertEquals(3, Add.add(1, 2)); }\n  @Nested class Inner { @Test void adds() { assertTrue(Add.add(1, 1) == 2); } }',
      'class MoreTest extends AddTest { @Test void more() { } }\n',
    ),
  },
  {
    name: 'a class that says how its methods run',
    sample: mavenSample,
    files: javaTest(
      '@TestInstance(TestInstance.Lifecycle.PER_CLASS)\n@DisplayName("sums")\npublic ',
      '@RepeatedTest(2) void adds() { assertEquals(3, Add.add(1, 2), "sum"); }',
    ),
  },
];

describe('work that is right passes beside them', () => {
  for (const { name, sample, files } of shapes)
    test.skipIf(!there.has(sample.program))(
      `${sample.runner}: ${name} (needs ${sample.program})`,
      async () => {
        const base = { ...sample.right, ...sample.tests, ...files };
        const { result } = await checkTests({ 'note.txt': 'Harmless.\n' }, base, { gate });
        expect(result).toMatchObject({ status: 'passed', findings: [] });
        expect(result.summary).not.toContain('could not be loaded');
      },
    );
});
