import { expect, test } from 'vitest';
import { asked, listed, readText } from '../read-text.ts';

test('Rust: declarations, implementations, modules', async () => {
  const text = `#[derive(Debug)]
pub struct Store<T> {
    path: T,
}
pub struct Id(u64);
enum Level { Low, High(u8) }
pub(crate) trait Read {
    fn read(&self) -> u8;
    fn all(&self) {}
}
impl<T> Read for Store<T> where T: Clone {
    fn read(&self) -> u8 { 1 }
}
impl Store<u8> {
    pub async fn open(path: &str) -> Self { fn local() {} todo!() }
    fn own() {}
}
pub mod inner {
    pub fn deep() {}
}
pub const LIMIT: u8 = 1;
static mut COUNT: u8 = 1;
type Name = String;
macro_rules! check { () => {} }
pub fn run<'a>(
    name: &'a str, // which
) -> u8 { 1 }
`;
  expect(listed(await readText('a.rs', text))).toEqual([
    '+ class Store 2-4 | pub struct Store<T>',
    '+ class Id 5-5 | pub struct Id(u64)',
    '- type Level 6-6 | enum Level',
    '+ type Read 7-10 | pub(crate) trait Read',
    '+ method Read.read 8-8 | fn read(&self) -> u8',
    '+ method Read.all 9-9 | fn all(&self)',
    '+ method Store.read 12-12 | fn read(&self) -> u8',
    '+ method Store.open 15-15 | pub async fn open(path: &str) -> Self',
    '- method Store.own 16-16 | fn own()',
    '+ type inner 18-20 | pub mod inner',
    '+ function inner.deep 19-19 | pub fn deep()',
    '+ value LIMIT 21-21 | pub const LIMIT: u8 = 1',
    '- value COUNT 22-22 | static mut COUNT: u8 = 1',
    '- type Name 23-23 | type Name = String',
    '+ function check 24-24 | macro_rules! check',
    "+ function run 25-27 | pub fn run<'a>(name: &'a str) -> u8",
  ]);
});

test('Rust: paths of use by what they take, modules as their own; what is above a module within is the file itself', async () => {
  const text = `use std::fmt;
use crate::store::{self, Store, level::{High as Top, Low}, *};
pub use super::clock::Clock;
use serde;
extern crate alloc;
mod parse;
pub(crate) mod r#type;
mod tests { use super::*; use crate::mocks::Fake; }
`;
  expect(asked(await readText('a.rs', text))).toEqual([
    'std {fmt}',
    'crate::store {Store}',
    'crate::store::level {High Low}',
    'super::clock {Clock}',
    'serde',
    'alloc',
    'self::parse',
    'self::type',
    'crate::mocks {Fake}',
  ]);
});
