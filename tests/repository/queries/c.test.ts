import { expect, test } from 'vitest';
import { asked, listed, readText } from '../read-text.ts';

test('C: functions, types, macros, includes', async () => {
  const text = `#ifndef STORE_H
#define STORE_H
#include <stdio.h>
#include "clock/now.h"
#define LIMIT 3
#define MOST(a, b) ((a) > (b) ? (a) : (b))
struct store { int size; };
typedef struct { int a; } pair_t;
typedef int (*on_read)(int);
enum level { LOW };
static int hidden(void) { int local = 1; return local; }
int read_all(struct store *store,
             int size) { return size; }
char **names(void) { return 0; }
void close_all(int a);
int total = 3;
#endif
`;
  const entry = await readText('store.h', text);
  expect(entry.grammar).toBe('c');
  expect(listed(entry)).toEqual([
    '+ value LIMIT 5-5 | #define LIMIT 3',
    '+ function MOST 6-6 | #define MOST(a, b)',
    '+ class store 7-7 | struct store',
    '+ class pair_t 8-8 | typedef struct { int a; } pair_t',
    '+ type on_read 9-9 | typedef int (*on_read)(int)',
    '+ type level 10-10 | enum level',
    '- function hidden 11-11 | static int hidden(void)',
    '+ function read_all 12-13 | int read_all(struct store *store, int size)',
    '+ function names 14-14 | char **names(void)',
    '+ function close_all 15-15 | void close_all(int a)',
    '+ value total 16-16 | int total = 3',
  ]);
  expect(asked(entry)).toEqual(['<stdio.h>', 'clock/now.h']);
});

test('C++: classes, access, members outside of their class', async () => {
  const text = `#include "store.hpp"
namespace shop { namespace inner {
template <typename T> class Store : public Base {
  int own_;
  void before();
 public:
  Store();
  explicit Store(int size) {}
  int read(int size) const override { return 1; }
  virtual void each() = 0;
  ~Store();
 private:
  void own();
};
struct Point { int x; void move(); };
enum class Level { low };
int Store<int>::read(int size) { return 1; }
void Other::each() {}
template <typename T> T* make(const T& a) { return nullptr; }
using Name = std::string;
const int limit = 3;
bool operator==(const Point& a, const Point& b) { return true; }
}}
`;
  expect(listed(await readText('store.cpp', text))).toEqual([
    '+ class Store 3-14 | class Store : public Base',
    '- method Store.before 5-5 | void before()',
    '+ method Store.Store 7-7 | Store()',
    '+ method Store.Store 8-8 | explicit Store(int size)',
    '+ method Store.read 9-9 | int read(int size) const override',
    '+ method Store.each 10-10 | virtual void each() = 0',
    '+ method Store.~Store 11-11 | ~Store()',
    '- method Store.own 13-13 | void own()',
    '+ class Point 15-15 | struct Point',
    '+ method Point.move 15-15 | void move()',
    '+ type Level 16-16 | enum class Level',
    '+ method Store.read 17-17 | int Store<int>::read(int size)',
    '+ method Other.each 18-18 | void Other::each()',
    '+ function make 19-19 | T* make(const T& a)',
    '+ type Name 20-20 | using Name = std::string',
    '+ value limit 21-21 | const int limit = 3',
    '+ function operator== 22-22 | bool operator==(const Point& a, const Point& b)',
  ]);
});

test('a header with classes is C++', async () => {
  const entry = await readText('store.h', 'namespace shop {\nclass Store {};\n}\n');
  expect(entry.grammar).toBe('cpp');
  expect(listed(entry)).toEqual(['+ class Store 2-2 | class Store']);
});
