import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { createRedactor, secretsOf } from '../../src/text/redact.ts';
import { hideShapes, safeCut } from '../../src/text/secret-shapes.ts';

const key = 'plain-words-with-äöü-7';
const redactor = createRedactor([
  { name: 'HOUSE_KEY', value: key },
  { name: 'OTHER_TOKEN', value: 'Tr0ub4dor&3 "quoted"\\' },
]);

describe('secretsOf', () => {
  const namesOf = (env: Record<string, string>, keys: string[] = []): string[] =>
    secretsOf(env, keys).map(({ name, value }) => `${name}=${value}`);

  it('takes what the names of variables say to be secret, and the variables of keys', () => {
    expect(
      namesOf(
        {
          ANTHROPIC_API_KEY: 'sk-ant-one',
          GITHUB_TOKEN: 'abcdefgh1234',
          app_secret: ' abcdefgh1234\n',
          MY_PASSWORD: 'correct-horse-battery-staple',
          HOUSE: 'only-words',
        },
        ['ANTHROPIC_API_KEY', 'HOUSE', 'UNSET_KEY'],
      ),
    ).toEqual([
      'ANTHROPIC_API_KEY=sk-ant-one',
      'GITHUB_TOKEN=abcdefgh1234',
      'app_secret=abcdefgh1234',
      'MY_PASSWORD=correct-horse-battery-staple',
      'HOUSE=only-words',
    ]);
  });

  it('takes passwords in addresses, whatever the variable is called', () => {
    expect(namesOf({ DATABASE_URL: 'postgres://app:h4x0r-pa55word@db/app' })).toEqual([
      'DATABASE_URL=h4x0r-pa55word',
    ]);
  });

  it.each([
    ['DB_PASSWORD', 'postgres'],
    ['DB_PASSWORD', 'password123'],
    ['TOKEN_LIMIT', '100000000000'],
    ['KEYBOARD', 'us'],
    ['API_KEY', ''],
    ['OAUTH_TOKEN_URL', 'https://login.example.com/oauth2/token'],
    ['TOKEN_SOURCE', 'https://login.example.com/oauth2/token'],
    ['SSL_KEY_FILE', '/etc/ssl/private/server1.pem'],
    ['BLUEPRINT_CALL_TOKENS', 'abcdefgh1234567890123456'],
    ['DATABASE_URL', 'postgres://postgres:postgres@localhost/app'],
    ['HOME', '/home/somebody-with-a-long-name-1'],
  ])('leaves %s=%s alone: it is no secret, or an ordinary word', (name, value) => {
    expect(namesOf({ [name]: value })).toEqual([]);
  });
});

describe('by value', () => {
  test.each([
    ['as it is', key],
    ['in JSON', JSON.stringify(key).slice(1, -1)],
    ['in an address', encodeURIComponent(key)],
    ['in hex', Buffer.from(key).toString('hex')],
    ['in HEX', Buffer.from(key).toString('hex').toUpperCase()],
    ['quoted in JSON', JSON.stringify('Tr0ub4dor&3 "quoted"\\').slice(1, -1)],
  ])('%s', (_, form) => {
    expect(redactor.values(`before ${form} after`)).toBe('before [redacted] after');
  });

  test.each(['', 'a', 'ab', 'abc', 'user:', 'Bearer '])(
    'in base64 of either alphabet, with «%s» ahead of it',
    (before) => {
      for (const encoding of ['base64', 'base64url'] as const) {
        const text = Buffer.from(`${before}${key} and more`).toString(encoding);
        const clean = redactor.values(text);
        expect(clean).toContain('[redacted]');
        // What is left around it decodes to none of the key but an edge character.
        for (const piece of clean.split('[redacted]'))
          expect(Buffer.from(piece, encoding).toString()).not.toContain(key.slice(1, 5));
      }
    },
  );

  it('takes each line of a secret that has several', () => {
    const line = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC';
    const many = createRedactor([{ name: 'PEM_KEY', value: `${line}\n${line}x\nend` }]);
    expect(many.values(`- ${line}x`)).toBe('- [redacted]');
  });

  it('takes the longer of two secrets of which one stands in the other', () => {
    const both = createRedactor([
      { name: 'A_KEY', value: 'abcdefgh' },
      { name: 'B_KEY', value: 'abcdefgh-and-more' },
    ]);
    expect(both.values('abcdefgh-and-more, abcdefgh')).toBe('[redacted], [redacted]');
  });

  it('names what a text holds', () => {
    expect(redactor.held(`x ${encodeURIComponent(key)}`)).toEqual(['HOUSE_KEY']);
    expect(redactor.held('nothing')).toEqual([]);
  });

  it('leaves what merely has the form of a secret as it is: it may be the product', () => {
    const text = `aws = 'AKIAIOSFODNN7EXAMPLE'; // ${'a'.repeat(9)}`;
    expect(redactor.values(text)).toBe(text);
    expect(redactor.all(text)).toBe(`aws = '[redacted]'; // aaaaaaaaa`);
  });

  it('hides a value that is cut off at the end', () => {
    expect(redactor.cutText(`it is ${key.slice(0, 12)}`)).toBe('it is [redacted]');
    expect(redactor.cutText('it is plain')).toBe('it is plain');
  });
});

const pem = `-----BEGIN RSA PRIVATE KEY-----
Proc-Type: 4,ENCRYPTED
DEK-Info: AES-128-CBC,0123

${'MIIEpAIBAAKCAQEA7bq+/abc=\n'.repeat(20)}-----END RSA PRIVATE KEY-----`;
const openPem = `-----BEGIN PRIVATE KEY-----\n${'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n'.repeat(9)}`;
const jwt =
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U';

/** What the issuers' own formats look like; none of these is anybody's. */
const secrets: readonly [string, string][] = [
  ['Anthropic', 'sk-ant-api03-Ax7Kq2Lm9Pz4Wr8Tn5Yv1Bc6-Dd_eF7'],
  ['OpenAI', 'sk-proj-Bx7Kq2Lm9Pz4Wr8Tn5Yv1Bc6'],
  ['OpenAI, old', 'sk-Ax7Kq2Lm9Pz4Wr8Tn5Yv1Bc6Ax7Kq2Lm9Pz4Wr8Tn5Yv1Bc6'],
  ['OpenRouter', 'sk-or-v1-0123456789abcdef0123456789abcdef0123456789abcdef'],
  ['DeepSeek', 'sk-0123456789abcdef0123456789abcdef'],
  ['Google', 'AIzaSyCx7Kq2Lm9Pz4Wr8Tn5Yv1Bc6QwErTyUip'],
  ['Groq', 'gsk_Ax7Kq2Lm9Pz4Wr8Tn5Yv1Bc6Ax7Kq2Lm9Pz4'],
  ['xAI', 'xai-Ax7Kq2Lm9Pz4Wr8Tn5Yv1Bc6Ax7Kq2Lm9Pz4'],
  ['GitHub', 'ghp_Ax7Kq2Lm9Pz4Wr8Tn5Yv1Bc6Ax7Kq2Lm9Pz4'],
  ['GitHub, fine', 'github_pat_11ABCDEFG0Ax7Kq2Lm9Pz4_Wr8Tn5Yv1Bc6Ax7Kq2Lm9Pz4'],
  ['AWS', 'AKIAIOSFODNN7EXAMPLE'],
  ['JWT', jwt],
  ['PEM', pem],
  ['PEM in JSON', JSON.stringify(pem).slice(1, -1)],
];

describe('by form', () => {
  test.each(secrets)('%s', (_, secret) => {
    for (const [before, after] of [
      ['', ''],
      ['{"key": "', '"}'],
      ['KEY=', '\n'],
      ['https://host/v1?key=', '&x=1'],
      ['(', '),'],
    ] as const)
      expect(hideShapes(`${before}${secret}${after}`)).toBe(`${before}[redacted]${after}`);
  });

  it('hides a private key that is cut off', () => {
    expect(hideShapes(`key:\n${openPem}`)).toBe('key:\n[redacted]');
  });

  it('keeps what stands around credentials in headers and addresses', () => {
    expect(hideShapes('Authorization: Bearer abcdef0123456789xyz, next')).toBe(
      'Authorization: Bearer [redacted], next',
    );
    expect(hideShapes('"authorization": "Basic dXNlcjpwYXNz"')).toBe(
      '"authorization": "Basic [redacted]"',
    );
    expect(hideShapes('postgres://app:s3cret!@db.example.com:5432/app')).toBe(
      'postgres://app:[redacted]@db.example.com:5432/app',
    );
    expect(hideShapes('redis://:s3cret@cache')).toBe('redis://:[redacted]@cache');
  });

  it('changes nothing that it has cleaned before', () => {
    for (const [, secret] of secrets) {
      const once = hideShapes(`Bearer ${secret} http://a:b@c ${secret}`);
      expect(hideShapes(once)).toBe(once);
    }
  });

  test.each([
    ['SHA-256', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['git hash', '10aac91b3f8d1a2e4c5f60718293a4b5c6d7e8f9'],
    [
      'integrity',
      'sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==',
    ],
    ['UUID', '123e4567-e89b-12d3-a456-426614174000'],
    [
      'an image',
      `data:image/png;base64,${Buffer.from('sk-proj AKIA ghp_ eyJ'.repeat(40)).toString('base64')}`,
    ],
    [
      'words with sk- in them',
      'task-runner-configuration-for-long-names risk-assessment-2024-report',
    ],
    ['class names', 'class="sk-chasing-dot-before-animation sk-cube-grid sk-cube-12"'],
    ['a date in a name', 'sk-2024-01-01-release-notes-draft'],
    ['a prefix alone', "text.startsWith('sk-ant-') || text.startsWith('AIza') || 'gsk_' || 'ghp_'"],
    ['a check for PEM', "if (text.startsWith('-----BEGIN PRIVATE KEY-----')) return read(text);"],
    [
      'a public key',
      `-----BEGIN PUBLIC KEY-----\n${'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n'.repeat(3)}-----END PUBLIC KEY-----`,
    ],
    [
      'a header in code',
      'headers: { authorization: `Bearer ${token}` }, // Bearer authentication-scheme',
    ],
    [
      'an address in code',
      'http://${user}:${password}@${host}/ http://localhost:3000/a@b http://<user>:<password>@host',
    ],
    ['a module', "import { x } from 'npm:@scope/pkg@1.2.3'; // https://esm.sh/pkg@1.0.0"],
    ['an address with a port', 'https://example.com:8443/path?mail=a@b.example'],
    ['an identifier', 'const AKIAS = ASIAN_MARKETS_OVERVIEW_TABLE; gsk_count; npm_config_registry'],
    ['time', '2026-11-21T13:19:53Z eyJust.a.sentence'],
  ])('leaves %s alone', (_, text) => {
    expect(hideShapes(text)).toBe(text);
    expect(redactor.all(text)).toBe(text);
  });

  it.each(['a', 'sk-', 'eyJ', 'a://b:', '-----BEGIN PRIVATE KEY-----', 'Bearer a', '\\n', '@/x'])(
    'searches a megabyte of «%s» in proportion to its length',
    (unit) => {
      // A search that begins anew at each place would not end.
      const text = unit.repeat(1_000_000 / unit.length);
      expect(hideShapes(text)).toBe(text);
    },
  );
});

describe('deep', () => {
  it('cleans every string of a value, and gives an unchanged value back', () => {
    const secret = { a: [{ b: `x ${key}` }], [key]: 1, n: null, t: true };
    expect(redactor.deep(secret)).toEqual({
      a: [{ b: 'x [redacted]' }],
      '[redacted]': 1,
      n: null,
      t: true,
    });
    const plain = { a: [{ b: 'x' }], n: 1 };
    expect(redactor.deep(plain)).toBe(plain);
  });
});

describe('a stream', () => {
  const texts = fc.array(
    fc.oneof(
      fc.constantFrom(
        ...secrets.map(([, secret]) => secret),
        key,
        'Tr0ub4dor&3 "quoted"\\',
        'Bearer abcdef0123456789xyz',
        openPem,
      ),
      fc.constantFrom(' ', '\n', '", "', ' 日本語。', 'function (a, b) { return a; }\n'),
      fc.string({ maxLength: 20 }),
    ),
    { maxLength: 12 },
  );

  it('gives all of the text, and nothing that it cannot take back, however it is cut', () => {
    fc.assert(
      fc.property(
        texts,
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
        (parts, sizes) => {
          // Something that ends any word, so that what is random makes no secret longer.
          const text = parts.join('"\n"');
          const given: string[] = [];
          const stream = redactor.stream((piece) => given.push(piece));
          for (let at = 0, turn = 0; at < text.length; turn++) {
            const size = sizes[turn % sizes.length] ?? 1;
            stream.push(text.slice(at, at + size));
            at += size;
          }
          stream.end();
          expect(given.join('')).toBe(redactor.cutText(text));
          // Each piece is clean by itself: that is how a journal holds them.
          const apart = given.map((piece) => redactor.all(piece)).join('');
          for (const [, secret] of secrets) expect(apart).not.toContain(secret);
          expect(apart).not.toContain(key);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('holds back no more than a word, so that a text in any language streams', () => {
    expect(safeCut('The quick brown fo')).toBe('The quick brown '.length);
    expect(safeCut('これは、長い日本語の文章です')).toBe(14);
    expect(safeCut('a bearer ')).toBe(2);
    expect(safeCut('x'.repeat(20_000))).toBe(20_000);
    expect(safeCut(`x ${openPem}`)).toBe(2);
    expect(safeCut(`x ${pem} y`)).toBe(`x ${pem} `.length);
    expect(safeCut(`x -----BEGIN PUBLIC KEY-----\nab `)).toBe(
      `x -----BEGIN PUBLIC KEY-----\nab `.length,
    );
  });
});
