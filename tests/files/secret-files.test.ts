import { expect, test } from 'vitest';
import { isSecretFile } from '../../src/files/secret-files.ts';

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}

test.each(
  words(`
    .env .env.local .env.production .ENV .env-prod app/.env prod.env config/staging.env .envrc .envs/.production/.django
    .dev.vars id_rsa .ssh/id_ed25519 .ssh/config deploy/id_ecdsa certs/server.pem server.key AuthKey_ABC.p8
    cert.p12 cert.pfx release.jks app.keystore x.ppk vault.kdbx .npmrc packages/a/.npmrc .netrc _netrc .pypirc
    .pgpass .htpasswd .git-credentials .vault_pass .vault-password.txt credentials.json aws-credentials.csv
    google_credentials.json .aws/credentials .docker/config.json .kube/config .cargo/credentials.toml
    secrets.yml secrets.yaml secrets.prod.yaml k8s/secret.yaml config/app-secrets.json client_secret_123.json
    service-account.json service_account.prod.json my-serviceaccount.json acme-firebase-adminsdk-x1.json
    kubeconfig prod.kubeconfig terraform.tfstate terraform.tfstate.backup prod.tfvars prod.auto.tfvars.json
    wp-config.php local.settings.json auth.json secrets/db_password secrets/token.txt .secrets/prod.env
    .bash_history node_modules/a/test/fake.pem example.pem
  `),
)('%s', (path) => {
  expect(isSecretFile(path)).toBe(true);
});

test.each(
  words(`
    .env.example .env.sample .env.template .env.local.example example.env .env.dist .env.d.ts src/env.ts
    src/environment.ts src/secrets.ts src/secrets/store.ts secrets/README.md src/credentials.py credentials.go
    credentials.json.example secrets.example.yml secrets.schema.json terraform.tfvars.example id_rsa.pub
    locales/en/auth.json .aws/task-definition.json .docker/Dockerfile .azure/pipelines/build.yml keys.ts
    keyboard.ts monkey.md src/key/index.ts .gitignore .yarnrc.yml package.json secretary.json docs/secrets.md
    .envoy.yaml tokens.css server.crt history.ts
  `),
)('%s is none', (path) => {
  expect(isSecretFile(path)).toBe(false);
});
