import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** End-to-end tests run the built program. */
export default function setup(): void {
  if (process.env['BLUEPRINT_SKIP_BUILD'] === '1') return;
  if (!existsSync('src/main.ts')) return;
  execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
}
