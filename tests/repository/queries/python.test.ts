import { expect, test } from 'vitest';
import { asked, listed, readText } from '../read-text.ts';

const text = `import os, tools.files as files
from . import sibling
from ..shared.clock import (
    now as current,  # the time
    later,
)
from .everything import *

LIMIT: int = 3
_hidden = 1

@cache(size=3)
class Reader(Base):
    """Reads."""

    @property
    def size(self) -> int:
        import json
        return 1

    async def read(
        self,
        path: str = "a",  # where
    ) -> bytes:
        def local(): pass

    def _own(self): pass

if LIMIT:
    def helper(a, *b, **c): pass
`;

test('Python: declarations and members', async () => {
  expect(listed(await readText('a.py', text))).toEqual([
    '+ value LIMIT 9-9 | LIMIT: int = 3',
    '- value _hidden 10-10 | _hidden = 1',
    '+ class Reader 13-27 | class Reader(Base)',
    '+ method Reader.size 17-19 | def size(self) -> int',
    '+ method Reader.read 21-25 | async def read(self, path: str = "a") -> bytes',
    '- method Reader._own 27-27 | def _own(self)',
    '+ function helper 30-30 | def helper(a, *b, **c)',
  ]);
});

test('Python: imports of every form', async () => {
  expect(asked(await readText('a.py', text))).toEqual([
    'os',
    'tools.files',
    '. {sibling}',
    '..shared.clock {now later}',
    '.everything',
    'json',
  ]);
});

test('Python: what __all__ does not list is not exported', async () => {
  const entry = await readText(
    'a.py',
    '__all__ = ["_kept"]\n__all__ += ["more"]\ndef _kept(): pass\ndef other(): pass\ndef more(): pass\n',
  );
  expect(listed(entry)).toEqual([
    '+ function _kept 3-3 | def _kept()',
    '- function other 4-4 | def other()',
    '+ function more 5-5 | def more()',
  ]);
});
