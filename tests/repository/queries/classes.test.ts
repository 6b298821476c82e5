import { expect, test } from 'vitest';
import { asked, listed, readText } from '../read-text.ts';

test('Java', async () => {
  const text = `package shop.inner;
import java.util.List;
import static java.util.Map.entry;
import shop.clock.*;
@Entity(name = "store (one)")
public class Store<T> extends Base implements Read {
  public static final int LIMIT = 3;
  public Store(int size) { }
  @Override public <X> List<X> read(int size) throws Failure { return null; }
  void own() { class Local {} }
  static class Inner { public void deep() {} }
}
interface Read { List<String> read(int size); default void each() {} }
enum Level { LOW; public int rank() { return 1; } }
record Point(int x, int y) { int sum() { return x; } }
@interface Mark { String value(); }
`;
  const entry = await readText('Store.java', text);
  expect(listed(entry)).toEqual([
    '+ class Store 6-12 | public class Store<T> extends Base implements Read',
    '+ method Store.Store 8-8 | public Store(int size)',
    '+ method Store.read 9-9 | public <X> List<X> read(int size) throws Failure',
    '- method Store.own 10-10 | void own()',
    '- class Store.Inner 11-11 | static class Inner',
    '+ method Inner.deep 11-11 | public void deep()',
    '- type Read 13-13 | interface Read',
    '+ method Read.read 13-13 | List<String> read(int size)',
    '+ method Read.each 13-13 | default void each()',
    '- type Level 14-14 | enum Level',
    '+ method Level.rank 14-14 | public int rank()',
    '- class Point 15-15 | record Point(int x, int y)',
    '- method Point.sum 15-15 | int sum()',
    '- type Mark 16-16 | @interface Mark',
    '+ method Mark.value 16-16 | String value()',
  ]);
  expect(asked(entry)).toEqual(['java.util.List', 'java.util.Map {entry}', 'shop.clock.*']);
});

test('C#', async () => {
  const text = `using System;
using static System.Math;
using Short = Shop.Long.Name;
namespace Shop.Inner;
[Serializable]
public class Store<T> : Base, IRead where T : class {
  private int size = 1;
  public string Name { get; set; }
  public Store(int size) : base(size) { }
  [Obsolete("old")] public async Task<int> Read(int size) => 1;
  void Own() { }
}
public interface IRead { int Read(int size); }
internal enum Level { Low }
public record Point(int X, int Y);
public struct Row { internal void Move() {} }
public delegate void Handler(int size);
`;
  const entry = await readText('Store.cs', text);
  expect(listed(entry)).toEqual([
    '+ class Store 6-12 | public class Store<T> : Base, IRead where T : class',
    '+ value Store.Name 8-8 | public string Name',
    '+ method Store.Store 9-9 | public Store(int size) : base(size)',
    '+ method Store.Read 10-10 | public async Task<int> Read(int size)',
    '- method Store.Own 11-11 | void Own()',
    '+ type IRead 13-13 | public interface IRead',
    '+ method IRead.Read 13-13 | int Read(int size)',
    '+ type Level 14-14 | internal enum Level',
    '+ class Point 15-15 | public record Point(int X, int Y)',
    '+ class Row 16-16 | public struct Row',
    '+ method Row.Move 16-16 | internal void Move()',
    '+ type Handler 17-17 | public delegate void Handler(int size)',
  ]);
  expect(asked(entry)).toEqual(['System', 'System.Math', 'Shop.Long.Name']);
});

test('PHP', async () => {
  const text = `<?php
namespace Shop\\Inner;
use Shop\\Clock as Time;
use Shop\\{Reader, Writer as Out};
use function Shop\\go;
require_once __DIR__ . '/lib/read.php';
include 'other.php';
const LIMIT = 3;
#[Entity('store')]
abstract class Store extends Base implements Read {
  use Mixin;
  public function __construct(private int $size) {}
  private function own() {}
  abstract protected function each(int $a): string;
  static function make() {}
}
interface Read { public function read(int $size): ?string; }
trait Mixin { function mixed() {} }
enum Level: string { case Low = 'a'; public function rank(): int { return 1; } }
function helper(int $a, ...$rest): void { function local() {} }
`;
  const entry = await readText('store.php', text);
  expect(listed(entry)).toEqual([
    '+ value LIMIT 8-8 | const LIMIT = 3',
    '+ class Store 10-16 | abstract class Store extends Base implements Read',
    '+ method Store.__construct 12-12 | public function __construct(private int $size)',
    '- method Store.own 13-13 | private function own()',
    '- method Store.each 14-14 | abstract protected function each(int $a): string',
    '+ method Store.make 15-15 | static function make()',
    '+ type Read 17-17 | interface Read',
    '+ method Read.read 17-17 | public function read(int $size): ?string',
    '+ class Mixin 18-18 | trait Mixin',
    '+ method Mixin.mixed 18-18 | function mixed()',
    '+ type Level 19-19 | enum Level: string',
    '+ method Level.rank 19-19 | public function rank(): int',
    '+ function helper 20-20 | function helper(int $a, ...$rest): void',
  ]);
  expect(asked(entry)).toEqual([
    'Shop\\Clock',
    'Shop\\Reader',
    'Shop\\Writer',
    'Shop\\go',
    './lib/read.php',
    'other.php',
  ]);
});

test('Ruby', async () => {
  const text = `require 'json'
require_relative 'store/read'
LIMIT = 3
module Shop
  class Store < Base
    MOST = 1
    def initialize(path, size: 1)
    end
    def self.open(path) = new(path)
    def read?
      size
    end
    private def single
    end
    private
    def own
    end
  end
  class Other
    def seen
    end
  end
end
def helper(a)
end
`;
  const entry = await readText('store.rb', text);
  expect(listed(entry)).toEqual([
    '+ value LIMIT 3-3 | LIMIT = 3',
    '+ type Shop 4-23 | module Shop',
    '+ class Shop.Store 5-18 | class Store < Base',
    '+ value Store.MOST 6-6 | MOST = 1',
    '+ method Store.initialize 7-8 | def initialize(path, size: 1)',
    '+ method Store.open 9-9 | def self.open(path)',
    '+ method Store.read? 10-12 | def read?',
    '- method Store.single 13-14 | def single',
    '- method Store.own 16-17 | def own',
    '+ class Shop.Other 19-22 | class Other',
    '+ method Other.seen 20-21 | def seen',
    '+ function helper 24-25 | def helper(a)',
  ]);
  expect(asked(entry)).toEqual(['json', './store/read']);
});

test('Dart', async () => {
  const text = `import 'dart:io';
import 'package:shop/clock.dart' as clock show Clock, now;
export 'src/store.dart';
part 'store.g.dart';
const limit = 3;
abstract class Store<T> extends Base with Mixin implements Read {
  Store(this.size);
  Store.named(int size) : size = size;
  factory Store.make() => Store(1);
  int read(int size) {
    return 1;
  }
  void each(int a);
  void _own() {}
  int get size => 1;
}
mixin Mixin on Base { void mixed() {} }
enum Level { low }
extension Words on String { int count() => 1; }
typedef Callback = void Function(int);
int helper(int a, {int b = 1}) => a;
void _main() { void local() {} }
`;
  const entry = await readText('store.dart', text);
  expect(listed(entry)).toEqual([
    '+ value limit 5-5 | limit = 3',
    '+ class Store 6-16 | abstract class Store<T> extends Base with Mixin implements Read',
    '+ method Store.Store 7-7 | Store(this.size)',
    '+ method Store.named 8-8 | Store.named(int size) : size = size',
    '+ method Store.make 9-9 | factory Store.make()',
    '+ method Store.read 10-12 | int read(int size)',
    '+ method Store.each 13-13 | void each(int a)',
    '- method Store._own 14-14 | void _own()',
    '+ method Store.size 15-15 | int get size',
    '+ class Mixin 17-17 | mixin Mixin on Base',
    '+ method Mixin.mixed 17-17 | void mixed()',
    '+ type Level 18-18 | enum Level',
    '+ class Words 19-19 | extension Words on String',
    '+ method Words.count 19-19 | int count()',
    '+ type Callback 20-20 | typedef Callback = void Function(int)',
    '+ function helper 21-21 | int helper(int a, {int b = 1})',
    '- function _main 22-22 | void _main()',
  ]);
  expect(asked(entry)).toEqual([
    'dart:io',
    'package:shop/clock.dart {Clock now}',
    'src/store.dart',
    'store.g.dart',
  ]);
});

test('Swift', async () => {
  const text = `import Foundation
import class UIKit.UIView
@objc public class Store<T>: Base, Read {
  private var size = 1
  public init(size: Int) { }
  public func read(size: Int) throws -> Int { return 1 }
  private func own() {}
}
struct Point { let x: Int; func sum() -> Int { x } }
protocol Read { func read(size: Int) throws -> Int }
enum Level { case low; func rank() -> Int { 1 } }
extension Store { func extra() {} }
typealias Name = String
let limit = 3
func helper(_ a: Int) -> Int { func local() {}; return a }
fileprivate func hidden() {}
`;
  const entry = await readText('Store.swift', text);
  expect(listed(entry)).toEqual([
    '+ class Store 3-8 | public class Store<T>: Base, Read',
    '+ method Store.init 5-5 | public init(size: Int)',
    '+ method Store.read 6-6 | public func read(size: Int) throws -> Int',
    '- method Store.own 7-7 | private func own()',
    '+ class Point 9-9 | struct Point',
    '+ method Point.sum 9-9 | func sum() -> Int',
    '+ type Read 10-10 | protocol Read',
    '+ method Read.read 10-10 | func read(size: Int) throws -> Int',
    '+ class Level 11-11 | enum Level',
    '+ method Level.rank 11-11 | func rank() -> Int',
    '+ method Store.extra 12-12 | func extra()',
    '+ type Name 13-13 | typealias Name = String',
    '+ value limit 14-14 | let limit = 3',
    '+ function helper 15-15 | func helper(_ a: Int) -> Int',
    '- function hidden 16-16 | fileprivate func hidden()',
  ]);
  expect(asked(entry)).toEqual(['Foundation', 'UIKit.UIView']);
});

test('Solidity', async () => {
  const text = `pragma solidity ^0.8.0;
import "./Base.sol";
import {Read, Write as Out} from "@lib/io/Read.sol";
contract Store is Base, Read {
  uint256 public total;
  uint256 hidden;
  struct Row { uint a; }
  event Done(address who);
  modifier only() { _; }
  constructor(uint a) { }
  function read(uint size) external view returns (uint) { return 1; }
  function own() private {}
}
interface Read { function read(uint size) external; }
library Lib { function inner(uint a) internal pure {} }
`;
  const entry = await readText('Store.sol', text);
  expect(listed(entry)).toEqual([
    '+ class Store 4-13 | contract Store is Base, Read',
    '+ value Store.total 5-5 | uint256 public total',
    '- value Store.hidden 6-6 | uint256 hidden',
    '+ type Store.Row 7-7 | struct Row',
    '+ type Store.Done 8-8 | event Done(address who)',
    '+ method Store.only 9-9 | modifier only()',
    '+ method Store.constructor 10-10 | constructor(uint a)',
    '+ method Store.read 11-11 | function read(uint size) external view returns (uint)',
    '- method Store.own 12-12 | function own() private',
    '+ type Read 14-14 | interface Read',
    '+ method Read.read 14-14 | function read(uint size) external',
    '+ class Lib 15-15 | library Lib',
    '- method Lib.inner 15-15 | function inner(uint a) internal pure',
  ]);
  expect(asked(entry)).toEqual(['./Base.sol', '@lib/io/Read.sol {Read Write}']);
});

test('CSS has imports alone', async () => {
  const text =
    '@import "base.css";\n@import url("theme.css") screen;\n@import url(plain.css);\n.a { color: red }\n';
  const entry = await readText('a.css', text);
  expect(entry.symbols).toEqual([]);
  expect(asked(entry)).toEqual(['base.css', 'theme.css', 'plain.css']);
});
