import { expect, test } from 'vitest';
import { asked, listed, readText } from '../read-text.ts';

test('Go: declarations, receivers, imports', async () => {
  const text = `package store

import "fmt"
import (
	alias "example.com/shop/clock"
	_ "embed"
)

const Limit = 1

var (
	first, Second = 1, 2
)

type Store struct {
	path string
}
type (
	Reader interface {
		Read(size int) ([]byte, error)
	}
	Name = string
)

func Open[T any](path string) (*Store, error) { const local = 1; return nil, nil }
func (s *Store) Close() error { return nil }
func (s List[T]) each() {}
`;
  const entry = await readText('a.go', text);
  expect(listed(entry)).toEqual([
    '+ value Limit 9-9 | const Limit = 1',
    '- value first 12-12 | var first, Second = 1, 2',
    '+ value Second 12-12 | var first, Second = 1, 2',
    '+ class Store 15-17 | type Store struct',
    '+ type Reader 19-21 | type Reader interface',
    '+ method Reader.Read 20-20 | Read(size int) ([]byte, error)',
    '+ type Name 22-22 | type Name = string',
    '+ function Open 25-25 | func Open[T any](path string) (*Store, error)',
    '+ method Store.Close 26-26 | func (s *Store) Close() error',
    '- method List.each 27-27 | func (s List[T]) each()',
  ]);
  expect(asked(entry)).toEqual(['fmt', 'example.com/shop/clock', 'embed']);
});
