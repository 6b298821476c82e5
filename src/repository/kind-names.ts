function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}

/** Names of whole files and endings, in lower case. */
export const lockNames = words(`
  package-lock.json npm-shrinkwrap.json pnpm-lock.yaml bun.lockb go.sum go.work.sum packages.lock.json
  project.assets.json package.resolved cartfile.resolved conda-lock.yml .terraform.lock.hcl
  cabal.project.freeze dub.selections.json deno.lock
`);

export const settingsNames = words(`
  package.json package.json5 package.yaml pyproject.toml setup.py setup.cfg pipfile environment.yml go.mod
  go.work cargo.toml pom.xml gradlew gradlew.bat mvnw mvnw.cmd gemfile rakefile composer.json makefile
  gnumakefile cmakelists.txt cmakepresets.json dockerfile containerfile jenkinsfile vagrantfile procfile
  brewfile podfile cartfile fastfile appfile package.swift pubspec.yaml mix.exs build.sbt build.zig build.rs
  build build.bazel workspace workspace.bazel module.bazel meson.build sconstruct justfile taskfile.yml
  taskfile.yaml turbo.json nx.json lerna.json rush.json project.json pnpm-workspace.yaml deno.json
  deno.jsonc biome.json biome.jsonc knip.json knip.jsonc renovate.json vercel.json netlify.toml firebase.json
  app.json angular.json manifest.in tox.ini noxfile.py pytest.ini mypy.ini codecov.yml appveyor.yml
  azure-pipelines.yml bitbucket-pipelines.yml cloudbuild.yaml compose.yml compose.yaml chart.yaml values.yaml
  kustomization.yaml mkdocs.yml book.toml global.json nuget.config web.config codeowners flake.nix shell.nix
  default.nix
`);

export const settingsEndings = words(`
  toml ini cfg conf properties csproj fsproj vbproj sln slnx props targets gemspec podspec cabal
  bazel bzl gradle mk service editorconfig
`);

export const docsNames = words(`
  readme license licence copying notice authors contributors changelog changes news history todo
  maintainers contributing install security code_of_conduct
`);

export const docsEndings = words(
  'md mdx markdown mdown rst adoc asciidoc txt org tex textile pod rdoc',
);

export const dataEndings = words(`
  json jsonl ndjson json5 jsonc yaml yml xml csv tsv xsd xsl xslt svg po pot ipynb geojson topojson log plist
  strings stringsdict resx arb webmanifest har diff patch ics vcf kml gpx bib srt vtt fasta avsc
`);

/** What no grammar of ours reads. */
export const sourceEndings = words(`
  kt kts scala sc groovy sh bash zsh fish ksh ps1 psm1 bat cmd pl pm t lua luau r jl ex exs eex heex leex erl
  hrl hs lhs ml mli fs fsx fsi vb clj cljs cljc nim zig v d cr elm purs coffee sql graphql gql
  proto thrift fbs capnp html htm xhtml svelte astro scss sass less styl m mm asm s f90 f95 f03 f pas ada adb
  ads cob cbl lisp el scm rkt tcl vim nix tf hcl cmake ejs hbs handlebars mustache pug jade erb haml slim twig
  liquid jinja jinja2 j2 njk cshtml razor xaml move cairo vy wgsl glsl hlsl vert frag metal cu cuh ino awk
  hxx h++ c++ inl ipp tpp rake gd gleam odin mojo hx as vala feature pyx pxd starlark prisma res resi
`);

export const binaryEndings = words(`
  png jpg jpeg jpe gif webp bmp ico icns cur tif tiff psd xcf sketch fig heic heif avif jxl raw
  woff woff2 ttf otf eot ttc mp3 wav ogg oga flac aac m4a opus mid midi mp4 m4v mov avi mkv webm wmv flv mpg
  mpeg swf zip gz tgz bz2 tbz xz txz 7z rar tar zst lz4 lzma br jar war ear aar whl egg gem nupkg deb rpm dmg
  pkg iso img apk aab ipa crate exe msi dll so dylib a o obj lib bin elf com class pyc pyo pyd wasm node beam
  pdf doc docx xls xlsx xlsm ppt pptx odt ods odp epub rtf db sqlite sqlite3 db3 mdb accdb rdb onnx pt pth ckpt
  pkl pickle joblib npy npz h5 hdf5 parquet avro arrow feather orc safetensors gguf ggml tflite mlmodel rds
  rdata mat glb fbx blend 3ds max dwg pdb dex mo gmo snk suo ds_store pack swp swo
`);
