/** Folders that hold nothing but what is its owner's alone, wherever they stand. */
const personalFolders = ['ssh', 'gnupg', 'kube', 'password-store'];
/** In a home these are no less personal; in a project they may hold settings as well. */
const accountFolders = ['aws', 'azure', 'docker', 'git'];

/** A hidden folder in which tools keep keys and accounts. */
export const personalFolder = new RegExp(
  `^\\.(?:${[...personalFolders, ...accountFolders].join('|')})$`,
);

/** Names of files, in lower case, that hold keys, passwords or tokens. */
const secretNames = new RegExp(
  `^(?:${[
    String.raw`\.env(?:rc)?(?:[._-].+)?`,
    String.raw`.+\.env`,
    String.raw`\.dev\.vars(?:\..+)?`,
    String.raw`id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?(?:[._-].+)?`,
    String.raw`.+\.(?:pem|key|p8|p12|pfx|pkcs12|jks|bks|keystore|truststore|ppk|kdbx?|keytab|ovpn|agekey)`,
    String.raw`secring\..+`,
    String.raw`[._](?:npmrc|netrc|pypirc|pgpass|my\.cnf|s3cfg|boto|dockercfg|htpasswd|htdigest)`,
    String.raw`\.(?:git-credentials|vault-token|vault[_-]pass(?:word)?(?:\.\w+)?|credentials?(?:\..+)?|.+_history)`,
    String.raw`(?:.+[._-])?credentials?(?:[._-].+)?\.(?:json|ya?ml|toml|ini|csv|xml|properties|enc|txt)`,
    String.raw`(?:.+[._-])?secrets?(?:[._-].+)?\.(?:json|ya?ml|toml|ini|properties|conf|enc|txt|xml)`,
    String.raw`(?:.+[._-])?client[._-]secrets?(?:[._-].+)?\.json`,
    String.raw`(?:.+[._-])?service[._-]?account(?:[._-].+)?\.json`,
    String.raw`.+-firebase-adminsdk-.+\.json`,
    String.raw`(?:.+\.)?kubeconfig(?:\..+)?`,
    String.raw`.+\.tfstate(?:\..+)?`,
    String.raw`.+\.tfvars(?:\.json)?`,
    String.raw`htpasswd`,
    String.raw`wp-config\.php`,
    String.raw`local\.settings\.json`,
  ].join('|')})$`,
);

/** Whole paths, in lower case. */
const secretPaths = new RegExp(
  [
    String.raw`(?:^|/)\.(?:${personalFolders.join('|')})/`,
    String.raw`(?:^|/)\.aws/(?:credentials|config)$`,
    String.raw`(?:^|/)\.azure/[^/]*(?:token|profile|msal)[^/]*$`,
    String.raw`(?:^|/)\.docker/config\.json$`,
    String.raw`(?:^|/)\.(?:cargo|gem)/credentials(?:\.toml)?$`,
    String.raw`(?:^|/)\.envs/`,
    String.raw`^(?:\.composer/)?auth\.json$`,
    // Secrets as files, one each. Code below such a folder is code that deals with them.
    String.raw`(?:^|/)\.?secrets?/(?:.*/)?(?:[^/.]+|[^/]+\.(?:txt|json|ya?ml|toml|ini|env|enc|conf|cfg|properties|gpg|asc))$`,
  ].join('|'),
);

/** Made to be shown: the names of what is needed, without the values. */
const example =
  /(?:^|[._-])(?:example|sample|template|tmpl|tpl|dist|defaults?|schema|stub)(?=$|[._-])/;
const isCode = /\.(?:[cm]?[jt]sx?|d\.ts|md|rst|pyi?|go|rs|rb|java|kt|cs|pub)$/;
/** Keys in themselves, however the file is called. */
const keyMaterial = /\.(?:pem|key|p8|p12|pfx|pkcs12|jks|bks|keystore|ppk|kdbx?|keytab)$/;

/** Why such a file is not shown. */
export const secretByName = 'by its name it holds keys or passwords';

/** Whether a file's path says that it holds keys, passwords or tokens: nothing of it belongs into a prompt. */
export function isSecretFile(path: string): boolean {
  const key = path.toLowerCase();
  const name = key.slice(key.lastIndexOf('/') + 1);
  if (keyMaterial.test(name)) return true;
  if (!secretNames.test(name) && !secretPaths.test(key)) return false;
  return !example.test(name) && !isCode.test(name);
}
