import { expect, test } from 'vitest';
import { kindOf } from '../../src/repository/file-kind.ts';
import type { FileKind } from '../../src/repository/project-file.ts';

const kinds: Record<FileKind, string> = {
  source: `
    src/a.ts a.js lib/x.py main.go src/lib.rs App.java a.kt b.swift index.html style.css a.scss q.sql run.sh
    schema.graphql api.proto main.tf docs/example.py install.sh bin/cli.mjs a.h x.cpp a.sol a.vue a.svelte
    src/vendor/vendor.service.ts app/models/vendor/vendor.rb internal/vendor/list.go vendor/models.py
    vendor/migrations/0001_initial.py packages/shop/src/vendor/api.ts src/contest.ts src/latest.py build/make.js
    src/generated.ts src/dist/size.ts key_gen.py src/minify.js types.d.ts src/lockfile.ts Contest.java
    src/inspector.ts src/testing/tools.ts db/schema.rb a.res
  `,
  test: `
    tests/a.ts test/a.js __tests__/b.tsx src/a.test.ts src/a.spec.js src/a_test.go test_a.py pkg/a_test.py
    conftest.py src/test/java/AppTest.java AppTests.cs UserSpec.kt spec/models/user_spec.rb e2e/login.cy.ts
    tests/fixtures/a.json tests/fixtures/package.json testdata/x.go test-utils.js src/Foo.Tests/Bar.cs
    crates/a/tests/run.rs a.e2e.ts __mocks__/fs.js FooIT.java
  `,
  docs: `
    README.md docs/guide.rst LICENSE LICENSE-MIT CHANGELOG.md a.adoc notes.txt README NOTICE AUTHORS
    .github/CONTRIBUTING.md tests/README.md src/a.mdx
  `,
  settings: `
    package.json packages/a/package.json tsconfig.json tsconfig.build.json pyproject.toml setup.py
    requirements.txt requirements-dev.txt go.mod go.work Cargo.toml pom.xml build.gradle settings.gradle.kts
    vite.config.ts .eslintrc .eslintrc.json .prettierrc.yaml .gitignore .dockerignore .blueprintignore
    Dockerfile Dockerfile.prod docker-compose.dev.yml Makefile CMakeLists.txt .github/workflows/ci.yml
    .gitlab-ci.yml .editorconfig .env.example tox.ini app.csproj App.sln Gemfile x.gemspec pnpm-workspace.yaml
    appsettings.json src/main/resources/application.properties config.toml Jenkinsfile .gitattributes
    .circleci/config.yml gradlew .vscode/settings.json openapi.yaml
  `,
  data: `
    data/a.json src/locales/en.json a.csv x.xml icons/a.svg api/openapi.yaml a.ndjson messages.po a.ipynb
    a.geojson
  `,
  lock: `
    package-lock.json yarn.lock pnpm-lock.yaml bun.lock bun.lockb Cargo.lock poetry.lock uv.lock Pipfile.lock
    composer.lock Gemfile.lock go.sum packages/a/yarn.lock mix.lock pubspec.lock Podfile.lock flake.lock
    gradle.lockfile Package.resolved .terraform.lock.hcl npm-shrinkwrap.json
  `,
  generated: `
    api/a.pb.go a_pb2.py a_pb2_grpc.py a_pb2.pyi api_pb.js user.g.dart user.freezed.dart model.generated.ts
    routeTree.gen.ts wire_gen.go zz_generated.deepcopy.go src/__generated__/types.ts __snapshots__/a.snap
    src/__snapshots__/a.test.ts.snap Form1.Designer.cs dist/index.js packages/a/dist/index.js kind_string.go
    parser.tab.c coverage/lcov.info .next/build.js a.egg-info/PKG-INFO .pnp.cjs src/generated/client.ts
  `,
  minified: `a.min.js jquery-3.min.js jquery-min.js a.min.css app.bundle.js main.js.map style.css.map 1.chunk.js`,
  vendored: `
    node_modules/a/index.js vendor/github.com/x/y/z.go vendor/modules.txt vendor/autoload.php
    vendor/laravel/framework/a.php vendor/jquery/jquery.js third_party/zlib/a.c third-party/a.c
    bower_components/a.js .yarn/releases/yarn.cjs Pods/A/a.m packages/a/node_modules/b/c.js .venv/lib/a.py
    pip/_vendor/six.py cmd/vendor/golang.org/x/net/a.go src/vendor/github.com/a/b.go vendor/lodash.js
    assets/vendor/jquery.js 3rdparty/a.cc
  `,
  binary: `a.png logo.ico fonts/a.woff2 a.zip app.jar lib.so a.wasm doc.pdf db.sqlite3 model.onnx __MACOSX/.DS_Store a.PNG`,
  secret: `.env .env.production certs/a.pem node_modules/a/a.key id_rsa tests/fixtures/a.p12`,
  other: `bin/run a.unknown Something weird..`,
};

test.each(
  Object.entries(kinds).flatMap(([kind, paths]) =>
    paths
      .trim()
      .split(/\s+/)
      .map((path) => [path, kind] as const),
  ),
)('%s: %s', (path, kind) => {
  expect(kindOf(path)).toBe(kind);
});

test('a path may hold anything', () => {
  expect(kindOf('src/a\nb.ts')).toBe('source');
  expect(kindOf('src/\t.py')).toBe('source');
  expect(kindOf(`${'a/'.repeat(5000)}vendor/x.ts`)).toBe('vendored');
  expect(kindOf('vendor/'.repeat(20_000))).toBe('vendored');
  expect(kindOf('.')).toBe('other');
});
