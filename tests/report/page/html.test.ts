import fc from 'fast-check';
import { expect, test } from 'vitest';
import { given, html, literal } from '../../../src/report/page/html.ts';

test('what is put in is text, in elements and in attributes', () => {
  const hostile = `"><script>alert('x')</script>&amp;`;
  expect(String(html`<p title="${hostile}">${hostile}</p>`)).toBe(
    '<p title="&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;amp;">&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;amp;</p>',
  );
});

test('markup stays, lists are joined, what is not there is nothing', () => {
  const item = html`<b>${1}</b>`;
  expect(String(html`<p>${[item, ['<', null], undefined, false]}${literal`<hr>`}</p>`)).toBe(
    '<p><b>1</b>&lt;<hr></p>',
  );
  expect(String(html`${given(null, () => 'x')}${given('<', (text) => html`<i>${text}</i>`)}`)).toBe(
    '<i>&lt;</i>',
  );
});

test('something that only looks like markup is not taken for it', () => {
  const forged = { toString: () => '<script>' };
  expect(() => String(html`${forged as never}`)).toThrow();
});

test('hidden characters and stray returns are shown', () => {
  expect(String(html`${'a\u202eb\u200bc\u0000d\u2028e\rf\r\ng'}`)).toBe(
    'a\\u{202e}b\\u{200b}c\\u{0}d\\u{2028}e␍f\ng',
  );
});

test('no text brings a mark of its own', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(String(html`${text}`)).not.toMatch(/[<>"']/);
    }),
  );
});
