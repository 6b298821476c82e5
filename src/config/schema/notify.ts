import * as z from 'zod';
import { key } from './key.ts';

export const notify = z
  .strictObject({
    command: key(
      z
        .array(z.string())
        .min(1)
        .refine(([program = '']) => program.trim() !== '', { error: 'names no program' })
        .nullable()
        .default(null),
      'a program and its arguments, told when run, ask, tournament or debate has ended; see below',
      { variable: 'NOTIFY_COMMAND' },
    ),
    desktop: key(
      z.boolean().default(false),
      'the desktop shows it, by notify-send, osascript or PowerShell',
      { variable: 'NOTIFY_DESKTOP' },
    ),
    afterSeconds: key(
      z.number().min(0).max(86_400).default(30),
      'the desktop shows what took at least so long; the command is told of all',
      { variable: 'NOTIFY_AFTER_SECONDS' },
    ),
  })
  .prefault({});
