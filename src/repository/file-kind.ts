import { isSecretFile } from '../files/secret-files.ts';
import { baseName } from '../files/slash-paths.ts';
import { checkerFor } from '../syntax/languages.ts';
import {
  binaryEndings,
  dataEndings,
  docsEndings,
  docsNames,
  lockNames,
  settingsEndings,
  settingsNames,
  sourceEndings,
} from './kind-names.ts';
import type { FileKind } from './project-file.ts';

/** What a file is by its path alone; what it turns out to be on reading is another question. */
export function kindOf(path: string): FileKind {
  if (isSecretFile(path)) return 'secret';
  const key = path.toLowerCase();
  const name = baseName(key);
  if (isVendored(key)) return 'vendored';
  if (lockNames.has(name) || /\.lock(?:file)?$/.test(name)) return 'lock';
  if (minified.test(name)) return 'minified';
  if (generatedFolder.test(key) || generatedName.test(name)) return 'generated';
  const ending = endingOf(name);
  if (binaryEndings.has(ending)) return 'binary';
  const kind = plainKind(key, name, ending);
  const isOfTests = kind === 'source' || kind === 'data' || kind === 'settings';
  return isOfTests && (testFolder.test(key) || testName.test(baseName(path))) ? 'test' : kind;
}

/** In lower case, without the dot; of `.editorconfig` what follows its dot. */
function endingOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot === -1 ? '' : name.slice(dot + 1);
}

function plainKind(key: string, name: string, ending: string): FileKind {
  if (settingsNames.has(name) || settingsName.test(name)) return 'settings';
  if (docsEndings.has(ending)) return 'docs';
  if (settingsFolder.test(key)) return 'settings';
  if (ending === '' && docsNames.has(name.replace(/-.*$/, ''))) return 'docs';
  if (isCode(name, ending)) return 'source';
  if (settingsEndings.has(ending)) return 'settings';
  if (dataEndings.has(ending)) return /^[^/]+\.ya?ml$/.test(key) ? 'settings' : 'data';
  return 'other';
}

function isCode(name: string, ending: string): boolean {
  return name.includes('.') && (sourceEndings.has(ending) || checkerFor(name)?.kind === 'code');
}

const minified =
  /[.-]min\.(?:[cm]?js|css|html)$|\.(?:bundle|chunk)\.[cm]?js$|\.(?:[cm]?[jt]sx?|css)\.map$/;

const generatedFolder =
  /(?:^|\/)(?:__generated__|__snapshots__|generated|__pycache__|\.next|\.nuxt|\.output|\.svelte-kit|\.dart_tool|coverage|storybook-static|target\/(?:debug|release|classes|generated-[\w-]+)|[^/]+\.egg-info)\/|^(?:dist|(?:packages|apps|libs)\/[^/]+\/dist)\//;

const generatedName = new RegExp(
  [
    String.raw`[._]generated\.[\w.]+$|\.(?:gen|pb)\.[\w.]+$|_gen\.go$`,
    String.raw`_pb2?(?:_grpc)?\.(?:pyi?|[cm]?[jt]s|d\.ts|rb)$`,
    String.raw`\.(?:g|freezed|gr|mocks|config|pbjson|pbenum|pbserver|chopper)\.dart$`,
    String.raw`\.(?:g|g\.i|designer)\.(?:cs|vb)$`,
    String.raw`^zz_generated|^bindata\.go$|_string\.go$|^(?:moc|ui|qrc)_.+\.(?:cpp|h)$`,
    String.raw`\.(?:tab\.[ch]|snap|tsbuildinfo)$|^lex\.yy\.c$|^\.pnp\.`,
  ].join('|'),
);

const alwaysVendored =
  /(?:^|\/)(?:node_modules|bower_components|jspm_packages|\.yarn|\.pnpm-store|pods|carthage|\.?venv|site-packages|__pypackages__|\.bundle|elm-stuff|\.gradle|\.eggs|_vendor|_vendored|third[_-]?party|3rd[_-]?party)\//;
const vendorFolder = /^(.*\/)?vendor\/(.+)$/;
/** What package managers leave in a folder `vendor`: Go's hosts, Composer's and Bundler's own files. */
const installedVendor =
  /^(?:[\w-]+\.[\w.-]+\/|modules\.txt$|autoload\.php$|composer\/|bundle\/|bin\/[^/]+$)/;
/** Above it stand folders of the project's own code: a part of it that is about vendors. */
const ownCode =
  /(?:^|\/)(?:src|source|sources|app|lib|internal|pkg|cmd|components?|pages|views|models|modules|routes|services|features|domain|controllers|api|tests?|specs?|__tests__)\//;
/** A package of Python, or a module of Django, with that name. */
const ownPackage =
  /^(?:(?:__init__|models|views|urls|admin|apps|forms|tests|serializers|signals|tasks|managers)\.py$|migrations\/|templates\/)/;

function isVendored(key: string): boolean {
  if (alwaysVendored.test(key)) return true;
  const [, above = '', below = ''] = vendorFolder.exec(key) ?? [];
  if (below === '') return false;
  return installedVendor.test(below) || !(ownCode.test(above) || ownPackage.test(below));
}

const testFolder =
  /(?:^|\/)(?:tests?|__tests__|__mocks__|e2e|testdata|test-data|fixtures|__fixtures__|cypress|[^/]+\.tests?)\/|(?:^|\/)spec\/(?!.*\.(?:ya?ml|json)$)/;
/** Of the name as it is written: capital letters tell a test from a contest. */
const testName =
  /[._-](?:test|tests|spec|e2e|cy)\.[\w.]+$|^(?:test_.*|conftest|tests)\.py$|(?:Tests?|Spec|Specs|IT|TestCase)\.(?:java|kt|kts|cs|fs|php|swift|groovy|scala|ts|tsx)$|^test[_-].*\.[cm]?[jt]s$|^Test[A-Z].*\.(?:java|kt)$/;

const settingsFolder =
  /^(?:\.github|\.gitlab|\.gitea|\.forgejo|\.circleci|\.buildkite|\.husky|\.vscode|\.idea|\.devcontainer|\.config|\.mvn|\.cargo|gradle\/wrapper)\//;
const settingsName = new RegExp(
  [
    String.raw`^(?:ts|js)config(?:\..+)?\.json$`,
    String.raw`\.config\.(?:[cm]?[jt]s|json|ya?ml)$`,
    String.raw`^\..+rc(?:\.(?:[cm]?[jt]s|json5?|ya?ml|toml))?$`,
    String.raw`^\.[\w-]*ignore$|^\.git(?:attributes|modules)$|^\.env`,
    String.raw`^(?:docker-)?compose[\w.-]*\.ya?ml$|^dockerfile[.-]|\.dockerfile$`,
    String.raw`^requirements[\w.-]*\.(?:txt|in)$|^constraints[\w.-]*\.txt$`,
    String.raw`^(?:settings|build|init)\.gradle(?:\.kts)?$|^directory\.(?:build|packages)\.`,
    String.raw`^appsettings(?:\..+)?\.json$|^application(?:-\w+)?\.(?:ya?ml|properties)$`,
    String.raw`^\.(?:travis|gitlab-ci|pre-commit-config|readthedocs|golangci|rubocop|drone|cirrus|goreleaser)\.ya?ml$`,
  ].join('|'),
);
