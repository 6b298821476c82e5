import { expect, test } from 'vitest';
import { resolving } from './resolving.ts';

test('Go: the folder of the module, without tests', async () => {
  const asked = await resolving('go', {
    'go.mod': 'module example.com/shop\n',
    'main.go': '',
    'clock/now.go': '',
    'clock/zone.go': '',
    'clock/now_test.go': '',
    'tools/go.mod': 'module example.com/shop/tools\n',
    'tools/run/run.go': '',
  });
  expect(asked('main.go', 'example.com/shop/clock')).toEqual(['clock/now.go', 'clock/zone.go']);
  expect(asked('main.go', 'example.com/shop/tools/run')).toEqual(['tools/run/run.go']);
  expect(asked('clock/now.go', 'example.com/shop')).toEqual(['main.go']);
  expect(asked('main.go', 'example.com/shopping/clock')).toEqual([]);
  expect(asked('main.go', 'fmt')).toEqual([]);
});

test('Rust: crate, self, super, modules, and crates of the workspace', async () => {
  const asked = await resolving(
    'rust',
    [
      'app/src/main.rs',
      'app/src/store.rs',
      'app/src/store/rows.rs',
      'app/src/clock/mod.rs',
      'app/src/clock/zone.rs',
      'app/tests/all.rs',
      'app/tests/common/mod.rs',
      'shop-core/src/lib.rs',
      'shop-core/src/time.rs',
    ],
    [
      { folder: 'app', name: 'app', ecosystem: 'cargo' },
      { folder: 'shop-core', name: 'shop-core', ecosystem: 'cargo' },
    ],
  );
  expect(asked('app/src/main.rs', 'self::store')).toEqual(['app/src/store.rs']);
  expect(asked('app/src/store.rs', 'self::rows')).toEqual(['app/src/store/rows.rs']);
  expect(asked('app/src/clock/mod.rs', 'self::zone')).toEqual(['app/src/clock/zone.rs']);
  expect(asked('app/src/store.rs', 'crate::clock', 'now')).toEqual(['app/src/clock/mod.rs']);
  expect(asked('app/src/store.rs', 'crate::clock', 'zone')).toEqual(['app/src/clock/zone.rs']);
  expect(asked('app/src/store/rows.rs', 'super', 'Store')).toEqual(['app/src/store.rs']);
  expect(asked('app/src/clock/zone.rs', 'super', 'now')).toEqual(['app/src/clock/mod.rs']);
  expect(asked('app/src/clock/zone.rs', 'super::super::store', 'Store')).toEqual([
    'app/src/store.rs',
  ]);
  expect(asked('app/src/store.rs', 'super', 'run')).toEqual(['app/src/main.rs']);
  expect(asked('app/src/main.rs', 'store::rows', 'Row')).toEqual(['app/src/store/rows.rs']);
  expect(asked('app/src/main.rs', 'shop_core::time', 'now')).toEqual(['shop-core/src/time.rs']);
  expect(asked('app/src/main.rs', 'shop_core')).toEqual(['shop-core/src/lib.rs']);
  expect(asked('app/tests/all.rs', 'self::common')).toEqual(['app/tests/common/mod.rs']);
  expect(asked('app/src/main.rs', 'std::fs', 'File')).toEqual([]);
  expect(asked('app/src/main.rs', 'self', 'Item')).toEqual([]);
});

test('Rust: a crate that stands elsewhere than in src', async () => {
  const asked = await resolving('rust', [
    'crates/core/main.rs',
    'crates/core/flags/mod.rs',
    'crates/core/flags/defs.rs',
    'tool/src/bin/run.rs',
    'tool/src/bin/big/main.rs',
    'tool/src/bin/big/part.rs',
  ]);
  expect(asked('crates/core/flags/defs.rs', 'crate::flags', 'Flag')).toEqual([
    'crates/core/flags/mod.rs',
  ]);
  expect(asked('crates/core/flags/mod.rs', 'super', 'run')).toEqual(['crates/core/main.rs']);
  expect(asked('tool/src/bin/big/part.rs', 'crate', 'run')).toEqual(['tool/src/bin/big/main.rs']);
});

test('Java: classes by their package below any source root', async () => {
  const asked = await resolving('java', [
    'core/src/main/java/shop/clock/Now.java',
    'core/src/main/java/shop/clock/Zone.java',
    'mail/src/main/java/shop/clock/Now.java',
    'mail/src/main/java/shop/mail/Send.java',
    'mail/src/main/kotlin/shop/mail/Post.kt',
  ]);
  const from = 'core/src/test/java/shop/NowTest.java';
  expect(asked(from, 'shop.clock.Now')).toEqual(['core/src/main/java/shop/clock/Now.java']);
  expect(asked(from, 'shop.clock.Now.Inner')).toEqual(['core/src/main/java/shop/clock/Now.java']);
  expect(asked(from, 'shop.mail.Post')).toEqual(['mail/src/main/kotlin/shop/mail/Post.kt']);
  expect(asked(from, 'shop.clock.*')).toEqual([
    'core/src/main/java/shop/clock/Now.java',
    'core/src/main/java/shop/clock/Zone.java',
  ]);
  expect(asked(from, 'java.util.List')).toEqual([]);
});

test('C and C++: the own folder, then the nearest header', async () => {
  const asked = await resolving('cpp', [
    'a/store.cpp',
    'a/store.h',
    'a/include/shop/rows.h',
    'b/store.h',
    'b/include/shop/rows.h',
    'b/include/stdio.h',
  ]);
  expect(asked('a/store.cpp', 'store.h')).toEqual(['a/store.h']);
  expect(asked('a/store.cpp', '../b/store.h')).toEqual(['b/store.h']);
  expect(asked('a/store.cpp', 'shop/rows.h')).toEqual(['a/include/shop/rows.h']);
  expect(asked('b/x.cpp', '<shop/rows.h>')).toEqual(['b/include/shop/rows.h']);
  expect(asked('a/store.cpp', '<store.h>')).toEqual([]);
  expect(asked('a/store.cpp', '<vector>')).toEqual([]);
});

test('C#: folders of the namespace', async () => {
  const asked = await resolving('c_sharp', [
    'src/Shop.Store/Row.cs',
    'src/Shop.Store/Rows/Many.cs',
    'src/App/Shop/Mail/Send.cs',
  ]);
  expect(asked('src/App/Run.cs', 'Shop.Store')).toEqual(['src/Shop.Store/Row.cs']);
  expect(asked('src/App/Run.cs', 'Shop.Store.Rows')).toEqual(['src/Shop.Store/Rows/Many.cs']);
  expect(asked('src/App/Run.cs', 'Shop.Mail')).toEqual(['src/App/Shop/Mail/Send.cs']);
  expect(asked('src/App/Run.cs', 'Shop.Rows')).toEqual(['src/Shop.Store/Rows/Many.cs']);
  expect(asked('src/App/Run.cs', 'System.Linq')).toEqual([]);
});

test('PHP: paths, and classes by their namespace', async () => {
  const asked = await resolving('php', [
    'src/Store/Row.php',
    'src/Kernel.php',
    'lib/read.php',
    'public/index.php',
    'other/Store/Row.php',
  ]);
  expect(asked('public/index.php', '../lib/read.php')).toEqual(['lib/read.php']);
  expect(asked('public/index.php', 'lib/read.php')).toEqual(['lib/read.php']);
  expect(asked('src/Kernel.php', 'Shop\\Store\\Row')).toEqual(['src/Store/Row.php']);
  expect(asked('public/index.php', 'Shop\\Kernel')).toEqual(['src/Kernel.php']);
  expect(asked('public/index.php', 'Vendor\\None')).toEqual([]);
});

test('Ruby, Dart, Swift, Solidity, CSS', async () => {
  const ruby = await resolving('ruby', ['lib/shop.rb', 'lib/shop/row.rb', 'bin/run.rb']);
  expect(ruby('lib/shop.rb', './shop/row')).toEqual(['lib/shop/row.rb']);
  expect(ruby('bin/run.rb', 'shop/row')).toEqual(['lib/shop/row.rb']);
  expect(ruby('bin/run.rb', 'json')).toEqual([]);
  const dart = await resolving('dart', {
    'app/pubspec.yaml': 'name: shop\n',
    'app/lib/src/row.dart': '',
    'app/lib/row.g.dart': '',
  });
  expect(dart('app/bin/run.dart', 'package:shop/src/row.dart')).toEqual(['app/lib/src/row.dart']);
  expect(dart('app/lib/src/row.dart', '../row.g.dart')).toEqual(['app/lib/row.g.dart']);
  expect(dart('app/bin/run.dart', 'package:http/http.dart')).toEqual([]);
  const swift = await resolving('swift', ['Sources/Shop/Row.swift', 'Shop/Other.swift']);
  expect(swift('Tests/ShopTests/RowTests.swift', 'Shop')).toEqual(['Sources/Shop/Row.swift']);
  expect(swift('Tests/ShopTests/RowTests.swift', 'Foundation')).toEqual([]);
  const solidity = await resolving('solidity', ['contracts/Row.sol', 'contracts/lib/Math.sol']);
  expect(solidity('contracts/Row.sol', './lib/Math.sol')).toEqual(['contracts/lib/Math.sol']);
  expect(solidity('test/Row.t.sol', 'contracts/Row.sol')).toEqual(['contracts/Row.sol']);
  const css = await resolving('css', ['a/base.css', 'theme.css']);
  expect(css('a/main.css', 'base.css')).toEqual(['a/base.css']);
  expect(css('a/main.css', '/theme.css')).toEqual(['theme.css']);
  expect(css('a/main.css', 'https://fonts.example/x.css')).toEqual([]);
});
